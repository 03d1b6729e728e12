package dev.graft.onnx;

/**
 * The numbers that a quantised value can have: {@code (step - zero) * scale}, times the channel's share. 0 is among them,
 * which is then exact, as a convolution's border needs it.
 *
 * @param scale the distance of two neighbours, positive
 * @param zero which of the steps 0 to 255 stands for 0
 * @param shares of each channel in the range, over 0 to 1; empty where all have the whole
 * @param means of each channel's numbers, divided by its share
 * @param rank of the value
 */
record ValueRange(float scale, int zero, float[] shares, float[] means, int rank) {
    private static final float LEAST_SCALE = 1e-7f;

    /** From one number to another, or a little to the side, and 0. */
    static ValueRange of(double low, double high, float[] shares, float[] means, int rank) {
        double from = Math.min(0, low);
        double to = Math.max(0, high);
        float scale = Math.max(LEAST_SCALE, (float) ((to - from) / 255));
        return new ValueRange(scale, (int) Math.max(0, Math.min(255, Math.round(-from / scale))), shares, means, rank);
    }

    float share(int channel) {
        return shares.length == 0 ? 1 : shares[channel];
    }

    /** What brings each channel to the whole range. */
    float[] inverse() {
        float[] inverse = new float[shares.length];
        for (int channel = 0; channel < inverse.length; channel++) {
            inverse[channel] = 1 / shares[channel];
        }
        return inverse;
    }
}
