package dev.graft.data;

import dev.graft.data.InputGeometry.Interpolation;

/**
 * Which pixels make up each output pixel of a {@link Span}, and with what weights: the antialiased filters of Pillow
 * (Resample.c), which torchvision uses on pictures, in its fixed-point arithmetic.
 */
final class Taps {
    /** Bits after the point of a weight. */
    static final int PRECISION = 22;

    final int count;
    /** How many weights are kept for each output pixel; the unused ones are zero. */
    final int width;

    final int[] starts;
    final int[] counts;
    final int[] weights;

    Taps(Span span, Interpolation interpolation) {
        double scale = span.scale();
        double stretch = Math.max(scale, 1);
        double inverse = 1 / stretch;
        double support = stretch * reach(interpolation);
        this.count = span.count();
        this.width = (int) Math.ceil(support) * 2 + 1;
        this.starts = new int[count];
        this.counts = new int[count];
        this.weights = new int[count * width];
        double[] exact = new double[width];
        for (int i = 0; i < count; i++) {
            double center = span.from() + (span.first() + i + 0.5) * scale;
            int start = Math.max(span.low(), (int) Math.floor(center - support + 0.5));
            int end = Math.min(span.high(), (int) Math.floor(center + support + 0.5));
            double sum = 0;
            for (int k = 0; k < end - start; k++) {
                exact[k] = weight(interpolation, Math.abs((start + k - center + 0.5) * inverse));
                sum += exact[k];
            }
            starts[i] = start;
            counts[i] = end - start;
            for (int k = 0; k < end - start; k++) {
                double share = exact[k] / sum;
                weights[i * width + k] = (int) (share * (1 << PRECISION) + Math.copySign(0.5, share));
            }
        }
    }

    /** How many pixels to either side count when nothing shrinks. */
    private static int reach(Interpolation interpolation) {
        return switch (interpolation) {
            case BILINEAR -> 1;
            case BICUBIC -> 2;
        };
    }

    private static double weight(Interpolation interpolation, double distance) {
        return switch (interpolation) {
            case BILINEAR -> Math.max(0, 1 - distance);
            case BICUBIC -> cubic(distance);
        };
    }

    /** Keys' cubic convolution with a = -0.5. */
    private static double cubic(double distance) {
        if (distance < 1) {
            return (1.5 * distance - 2.5) * distance * distance + 1;
        }
        return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * -0.5 : 0;
    }

    /** The first pixel of the picture that any output needs. */
    int low() {
        return starts[0];
    }

    /** The first pixel after those that any output needs. */
    int high() {
        return starts[count - 1] + counts[count - 1];
    }
}
