package dev.graft.model;

import java.util.Locale;

/**
 * How many numbers the parameters of a network hold: what gradients could move, so without the statistics of batch
 * normalisation, which a {@link Summary} counts too.
 *
 * @param trainable of those that train
 * @param total of all, frozen ones too
 */
public record ParameterCount(long trainable, long total) {
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
