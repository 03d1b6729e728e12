package dev.graft.preprocessing;

import dev.graft.GraftException;
import dev.graft.data.CropBox;
import dev.graft.tensor.HostTensor;
import java.util.List;
import java.util.Optional;

/**
 * Who is mixed with whom in a batch, and how much.
 *
 * @param partners the other example of each example, by its row
 * @param kept which share of an example is its own, 0 to 1
 * @param box what of a map {@code [N, C, H, W]} is replaced by that of the other; empty where all values are blended
 */
public record Mixture(List<Integer> partners, double kept, Optional<CropBox> box) {
    public Mixture {
        partners = List.copyOf(partners);
    }

    /** Values {@code [N, ...]} of the examples, mixed. */
    public HostTensor inputs(HostTensor values) {
        requireRows("inputs", values);
        return box.isPresent() ? pasted(values, box.get()) : blended(values);
    }

    /**
     * Targets {@code [N, classes]}, mixed.
     *
     * @throws GraftException if they are class indices
     */
    public HostTensor targets(HostTensor values) {
        if (values.shape().rank() != 2) {
            throw new GraftException(
                    "mixing: expected targets [N, classes], got " + values.shape() + "; make labels one-hot first");
        }
        requireRows("targets", values);
        return blended(values);
    }

    /** How much the examples count, {@code [N]}, mixed as their targets are. */
    public HostTensor weights(HostTensor values) {
        requireRows("weights", values);
        return blended(values);
    }

    private void requireRows(String what, HostTensor values) {
        if (values.shape().rank() == 0 || values.shape().size(0) != partners.size()) {
            throw new GraftException("mixing: expected " + what + " of " + partners.size() + " examples, got "
                    + values.shape() + "; give all of one batch");
        }
    }

    private HostTensor blended(HostTensor batch) {
        float[] in = batch.toArray();
        float[] out = new float[in.length];
        int item = Math.toIntExact(batch.shape().itemElements());
        float own = (float) kept;
        float other = (float) (1 - kept);
        for (int i = 0; i < partners.size(); i++) {
            int from = partners.get(i) * item;
            for (int k = 0; k < item; k++) {
                out[i * item + k] = own * in[i * item + k] + other * in[from + k];
            }
        }
        return HostTensor.of(batch.shape(), out);
    }

    private HostTensor pasted(HostTensor maps, CropBox part) {
        int[] sizes = maps.shape().sizes();
        float[] in = maps.toArray();
        float[] out = in.clone();
        int item = sizes[1] * sizes[2] * sizes[3];
        for (int i = 0; i < partners.size(); i++) {
            for (int channel = 0; channel < sizes[1]; channel++) {
                for (int row = 0; row < part.height(); row++) {
                    int at = (channel * sizes[2] + part.top() + row) * sizes[3] + part.left();
                    System.arraycopy(in, partners.get(i) * item + at, out, i * item + at, part.width());
                }
            }
        }
        return HostTensor.of(maps.shape(), out);
    }
}
