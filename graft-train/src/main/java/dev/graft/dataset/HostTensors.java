package dev.graft.dataset;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** What examples need of tensors: rows out of a batch, rows into one, views that nobody can write through. */
final class HostTensors {
    private static final int SHOWN = 4;

    private HostTensors() {}

    /** A view that throws when it is written to: what caches and arrays hand out again and again must stay as it is. */
    static HostTensor readOnly(HostTensor tensor) {
        return new HostTensor(tensor.shape(), tensor.values().asReadOnlyBuffer());
    }

    static Example readOnly(Example example) {
        return new Example(readOnly(example.inputs()), readOnly(example.targets()), example.weight());
    }

    private static List<HostTensor> readOnly(List<HostTensor> tensors) {
        return tensors.stream().map(HostTensors::readOnly).toList();
    }

    /** One row of {@code [N, ...]} without the batch axis, read-only. */
    static HostTensor row(HostTensor batch, int row) {
        int[] sizes = batch.shape().sizes();
        Shape item = new Shape(Arrays.copyOfRange(sizes, 1, sizes.length));
        int elements = (int) item.elements();
        return readOnly(new HostTensor(item, batch.values().slice(row * elements, elements)));
    }

    /** The shape {@code [count, item...]}. */
    static Shape stacked(int count, Shape item) {
        int[] sizes = new int[item.rank() + 1];
        sizes[0] = count;
        System.arraycopy(item.sizes(), 0, sizes, 1, item.rank());
        return new Shape(sizes);
    }

    static boolean sameBits(Example one, Example other) {
        return one.weight() == other.weight()
                && sameBits(one.inputs(), other.inputs())
                && sameBits(one.targets(), other.targets());
    }

    private static boolean sameBits(List<HostTensor> one, List<HostTensor> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!one.get(i).sameBits(other.get(i))) {
                return false;
            }
        }
        return true;
    }

    static long bytes(Example example) {
        long elements = 0;
        for (HostTensor tensor : example.inputs()) {
            elements += tensor.elements();
        }
        for (HostTensor tensor : example.targets()) {
            elements += tensor.elements();
        }
        return elements * Float.BYTES;
    }

    /** Shape and first values, for a message. */
    static String brief(HostTensor tensor) {
        StringBuilder text = new StringBuilder(tensor.shape().toString()).append(" of ");
        for (int i = 0; i < Math.min(SHOWN, tensor.elements()); i++) {
            text.append(i == 0 ? "" : ", ").append(tensor.get(i));
        }
        return text.append(tensor.elements() > SHOWN ? ", ..." : "").toString();
    }
}
