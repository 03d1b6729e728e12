package dev.graft.layers;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;

/**
 * {@code (x - mean) / deviation} a channel of {@code [N, C, H, W]} or a unit of {@code [N, units]}. Shape kept. With pixels
 * 0..255 and torchvision's ImageNet numbers, multiply those by 255 ({@link #ofPixels}); {@link #adapt} takes the numbers
 * from the data.
 */
public record Normalization(List<Double> mean, List<Double> deviation) implements Layer {
    public Normalization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.isEmpty() || mean.size() != deviation.size()) {
            throw new IllegalArgumentException("Normalization: as many deviations as means, and at least one");
        }
        if (deviation.stream().anyMatch(number -> !(number > 0))) {
            throw new IllegalArgumentException("Normalization: deviations are positive, got " + deviation);
        }
    }

    /** For pixels 0..255, from a mean and a deviation that are given for 0..1. */
    public static Normalization ofPixels(List<Double> mean, List<Double> deviation) {
        return new Normalization(
                mean.stream().map(number -> number * 255).toList(),
                deviation.stream().map(number -> number * 255).toList());
    }

    /**
     * With the mean and the (population) deviation of the data, computed in one pass and in double. What is the same
     * everywhere gets the deviation 1e-7, as in Keras.
     *
     * @param data pictures {@code [C, H, W]}, batches of them {@code [N, C, H, W]}, features {@code [units]} or batches of
     *     them {@code [N, units]}, all with as many channels or units
     * @throws dev.graft.GraftException if there is no data, or it has no such shape, or not only finite numbers
     */
    public static Normalization adapt(Iterable<HostTensor> data) {
        ChannelStatistics statistics = new ChannelStatistics();
        data.forEach(statistics::add);
        return new Normalization(statistics.means(), statistics.deviations());
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.single(inputs);
        boolean spreads = (input.rank() == 4 || input.rank() == 2) && input.size(1) == mean.size();
        if (mean.size() != 1 && !spreads) {
            throw new ShapeException(
                    "[N, " + mean.size() + ", height, width], " + mean.size() + " channels, or [N, " + mean.size()
                            + "]",
                    inputs,
                    "give one mean and deviation a channel");
        }
        return input;
    }

    @Override
    public <T> T forward(Call<T> call) {
        float[] scale = new float[mean.size()];
        float[] offset = new float[mean.size()];
        for (int channel = 0; channel < scale.length; channel++) {
            scale[channel] = (float) (1 / deviation.get(channel));
            offset[channel] = (float) (-mean.get(channel) / deviation.get(channel));
        }
        return call.ops().affine(call.input(), scale, offset);
    }
}
