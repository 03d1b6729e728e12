package dev.graft.layers;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** Mean and deviation of every channel over a stream of tensors, in one pass. */
final class ChannelStatistics {
    /** Keras' {@code backend.epsilon()}, the least deviation its Normalization divides by. */
    private static final double LEAST_DEVIATION = 1e-7;

    private int tensors;
    private long count;
    /** The first value of each channel: sums of differences from it lose no digits where the mean is large. */
    private double[] origins = {};

    private double[] sums = {};
    private double[] squares = {};

    void add(HostTensor tensor) {
        Shape shape = tensor.shape();
        int rank = shape.rank();
        if (rank < 1 || rank > 4) {
            throw new GraftException(
                    where() + "expected [C, H, W], [N, C, H, W], [units] or [N, units], got " + shape + "; reshape it");
        }
        boolean batched = rank % 2 == 0;
        int channels = shape.size(batched ? 1 : 0);
        int items = batched ? shape.size(0) : 1;
        if (tensors > 0 && channels != sums.length) {
            throw new GraftException(where() + "expected " + sums.length + " channels as before, got " + shape
                    + "; give data of one kind");
        }
        int pixels = rank < 3 ? 1 : shape.size(-2) * shape.size(-1);
        FloatBuffer values = tensor.values();
        if (count == 0) {
            sums = new double[channels];
            squares = new double[channels];
            origins = IntStream.range(0, values.hasRemaining() ? channels : 0)
                    .mapToDouble(channel -> values.get(channel * pixels))
                    .toArray();
        }
        for (int plane = 0; values.hasRemaining(); plane++) {
            addPlane(values, plane % channels, pixels);
        }
        count += (long) items * pixels;
        tensors++;
    }

    private void addPlane(FloatBuffer values, int channel, int pixels) {
        double origin = origins[channel];
        double sum = 0;
        double square = 0;
        for (int i = 0; i < pixels; i++) {
            double difference = values.get() - origin;
            sum += difference;
            square += difference * difference;
        }
        if (!Double.isFinite(square)) {
            throw new GraftException(where() + "expected finite numbers, got NaN or infinity in channel " + channel
                    + "; leave this one out");
        }
        sums[channel] += sum;
        squares[channel] += square;
    }

    List<Double> means() {
        if (count == 0) {
            throw new GraftException("Normalization.adapt: expected at least one picture, got none; give it data");
        }
        return IntStream.range(0, sums.length)
                .mapToObj(channel -> origins[channel] + sums[channel] / count)
                .toList();
    }

    List<Double> deviations() {
        return IntStream.range(0, sums.length).mapToObj(this::deviation).toList();
    }

    private double deviation(int channel) {
        double shift = sums[channel] / count;
        return Math.max(Math.sqrt(Math.max(0, squares[channel] / count - shift * shift)), LEAST_DEVIATION);
    }

    private String where() {
        return "Normalization.adapt, tensor " + tensors + ": ";
    }
}
