package dev.graft.tensor;

/** How a value between pixel centres is found. */
public enum Interpolation {
    /** From the four pixels round it, weighted by nearness. */
    BILINEAR,
    /** That of the nearest pixel. */
    NEAREST;

    /**
     * The source of each of {@code to} pixels when {@code from} pixels are resized by {@link #NEAREST}:
     * {@code floor((i + 1/2) · from / to)}, Keras' {@code nearest} and torch's {@code nearest-exact}. In whole numbers, so
     * that every engine takes the same pixel also where two are equally near.
     */
    public static int[] nearestSources(int from, int to) {
        int[] sources = new int[to];
        for (int i = 0; i < to; i++) {
            sources[i] = (int) ((2L * i + 1) * from / (2L * to));
        }
        return sources;
    }
}
