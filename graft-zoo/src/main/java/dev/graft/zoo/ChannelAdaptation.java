package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a first convolution that was trained on red, green and blue is made one for pictures of other channels. */
public enum ChannelAdaptation {
    /** For one channel: the sum over the colours, so that a grey picture gives what it gives as a colour picture. */
    SUM,
    /** For any number: channel {@code i} takes the weights of colour {@code i mod 3}, each times {@code 3 / channels}. */
    REPEAT;

    private static final int COLOURS = 3;

    /**
     * The file with some of its weights {@code [filters, 3, kH, kW]} made {@code [filters, channels, kH, kW]}; those that
     * have other channels already stay.
     *
     * @param convolutions the shapes of those weights by name
     * @throws GraftException if the sum is asked for several channels
     */
    WeightFile adapt(WeightFile file, Map<String, Shape> convolutions) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>(file.tensors());
        convolutions.forEach((name, needed) -> {
            StoredTensor stored = tensors.get(name);
            if (stored != null && isForColours(stored.shape(), needed)) {
                if (this == SUM && needed.size(1) != 1) {
                    throw new GraftException("the sum over the colours is one channel, and the network takes "
                            + needed.size(1) + "; ask for REPEAT");
                }
                tensors.put(name, new StoredTensor(needed, stored.type(), () -> adapted(stored.read(), needed)));
            }
        });
        return file.with(tensors);
    }

    /** Whether the stored weight is one of colours, where one of other channels is needed. */
    static boolean isForColours(Shape stored, Shape needed) {
        return stored.rank() == 4
                && needed.rank() == 4
                && stored.size(1) == COLOURS
                && needed.size(1) != COLOURS
                && stored.size(0) == needed.size(0)
                && stored.size(2) == needed.size(2)
                && stored.size(3) == needed.size(3);
    }

    private HostTensor adapted(HostTensor colours, Shape needed) {
        HostTensor weight = HostTensor.allocate(needed);
        int channels = needed.size(1);
        int window = needed.size(2) * needed.size(3);
        for (int i = 0; i < weight.elements(); i++) {
            int place = i % window;
            int channel = i / window % channels;
            int filter = i / window / channels;
            int first = filter * COLOURS * window + place;
            float value = this == SUM
                    ? colours.get(first) + colours.get(first + window) + colours.get(first + 2 * window)
                    : colours.get(first + channel % COLOURS * window) * COLOURS / channels;
            weight.put(i, value);
        }
        return weight;
    }
}
