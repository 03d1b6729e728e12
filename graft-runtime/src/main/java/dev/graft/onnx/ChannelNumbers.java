package dev.graft.onnx;

import java.nio.FloatBuffer;

/**
 * The numbers of one value: first the largest of each channel, by which the channels are brought to one range, then how
 * often each number of that range is seen.
 */
final class ChannelNumbers {
    private static final float LEAST_SHARE = 1f / 1024;

    private final float floor;
    private final double evenness;
    private final Histogram histogram = new Histogram();
    private double[] sums = new double[0];
    private long perChannel;
    private int rank;
    private float[] largest = new float[0];

    /**
     * Of one value.
     *
     * @param floor below which numbers make no difference to what takes them
     * @param evenness 0 where all channels keep their numbers, 1 where each gets the whole range
     */
    ChannelNumbers(double floor, double evenness) {
        this.floor = (float) floor;
        this.evenness = evenness;
    }

    /** Takes the largest numbers; channels are the second axis. */
    void measure(FloatBuffer numbers, long[] shape) {
        int channels = Math.toIntExact(shape[1]);
        if (largest.length == 0) {
            largest = new float[channels];
            sums = new double[channels];
            rank = shape.length;
        }
        int size = Math.toIntExact(numbers.remaining() / (shape[0] * channels));
        for (int i = 0; numbers.hasRemaining(); i++) {
            int channel = i / size % channels;
            largest[channel] = Math.max(largest[channel], Math.abs(Math.max(floor, numbers.get())));
        }
    }

    /** Counts what was measured. */
    void count(FloatBuffer numbers, long[] shape) {
        float[] shares = shares();
        int channels = Math.toIntExact(shape[1]);
        int size = Math.toIntExact(numbers.remaining() / (shape[0] * channels));
        for (int i = 0; numbers.hasRemaining(); i++) {
            int channel = i / size % channels;
            float number = Math.max(floor, numbers.get()) / (shares.length == 0 ? 1 : shares[channel]);
            sums[channel] += number;
            histogram.add(number);
        }
        perChannel += shape[0] * size;
    }

    ValueRange range() {
        float[] means = new float[sums.length];
        for (int channel = 0; channel < means.length; channel++) {
            means[channel] = (float) (sums[channel] / perChannel);
        }
        return histogram.range(shares(), means, rank);
    }

    private float[] shares() {
        if (evenness == 0) {
            return new float[0];
        }
        float most = Float.MIN_NORMAL;
        for (float number : largest) {
            most = Math.max(most, number);
        }
        float[] shares = new float[largest.length];
        for (int channel = 0; channel < shares.length; channel++) {
            shares[channel] = Math.max(LEAST_SHARE, (float) Math.pow(largest[channel] / most, evenness));
        }
        return shares;
    }
}
