package dev.graft.onnx;

/** How often numbers were seen, in even bins over a symmetric range that doubles when a number lies outside. */
final class Histogram {
    private static final int HALF = 2048;
    /** How much of the range may at most be left. */
    private static final double LEAST_SHARE = 0.02;

    private final long[] counts = new long[2 * HALF];
    /** The width of a bin. */
    private double width = 1e-4;

    private double least;
    private double most;

    /** 0 is not counted: it is exact in every range. Nor is not-a-number, which the network gave before. */
    void add(float number) {
        if (number == 0 || !Float.isFinite(number)) {
            return;
        }
        least = Math.min(least, number);
        most = Math.max(most, number);
        while (Math.abs(number) >= width * HALF) {
            widen();
        }
        counts[HALF + (int) Math.floor(number / width)]++;
    }

    private void widen() {
        long[] wider = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            wider[HALF + Math.floorDiv(i - HALF, 2)] += counts[i];
        }
        System.arraycopy(wider, 0, counts, 0, counts.length);
        width *= 2;
    }

    /**
     * The range whose 256 steps are nearest to the numbers, by the mean square: a few far numbers are cut off for finer
     * steps for all others.
     */
    ValueRange range(float[] shares, float[] means, int rank) {
        double low = least;
        double high = most;
        for (double share = 0.95; share > LEAST_SHARE; share *= 0.95) {
            high = error(low, most * share) < error(low, high) ? most * share : high;
        }
        for (double share = 0.95; share > LEAST_SHARE; share *= 0.95) {
            low = error(least * share, high) < error(low, high) ? least * share : low;
        }
        return ValueRange.of(low, high, shares, means, rank);
    }

    /** The sum of squares: of what is cut off, and of rounding, evenly spread over a step. */
    private double error(double low, double high) {
        double step = (high - low) / 255;
        double rounding = step * step / 12;
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            double number = (i - HALF + 0.5) * width;
            double cut = number < low ? low - number : Math.max(0, number - high);
            // A bin that the end parts is not yet cut off.
            sum += counts[i] * (cut > width / 2 ? cut * cut : rounding);
        }
        return sum;
    }
}
