package dev.graft.data;

/**
 * Which pixels make up each output pixel of a {@link Span}, and with what weights: the antialiased triangle filter of
 * Pillow (Resample.c), which torchvision uses on pictures, in its fixed-point arithmetic.
 */
final class Taps {
    /** Bits behind the point of a weight. */
    static final int PRECISION = 22;

    final int count;
    /** How many weights are kept for each output pixel; the unused ones are zero. */
    final int width;

    final int[] starts;
    final int[] counts;
    final int[] weights;

    Taps(Span span) {
        double scale = span.scale();
        double support = Math.max(scale, 1);
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
                exact[k] = Math.max(0, 1 - Math.abs((start + k - center + 0.5) / support));
                sum += exact[k];
            }
            starts[i] = start;
            counts[i] = end - start;
            for (int k = 0; k < end - start; k++) {
                weights[i * width + k] = (int) (0.5 + exact[k] / sum * (1 << PRECISION));
            }
        }
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
