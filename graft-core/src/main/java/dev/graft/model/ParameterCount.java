package dev.graft.model;

import java.util.Locale;

/**
 * How many numbers the weights of a network hold.
 *
 * @param trainable of those that a gradient moves
 * @param total of all
 */
public record ParameterCount(long trainable, long total) {
    public long nonTrainable() {
        return total - trainable;
    }

    /** {@code trainable 5,130 / total 11,181,642 (0.0%)}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "trainable %,d / total %,d (%.1f%%)",
                trainable,
                total,
                total == 0 ? 0 : 100.0 * trainable / total);
    }
}
