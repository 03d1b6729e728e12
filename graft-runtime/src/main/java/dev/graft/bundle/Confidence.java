package dev.graft.bundle;

import dev.graft.report.InDistribution;
import org.jspecify.annotations.Nullable;

/**
 * How sure a classifier may be, found on its validation pictures.
 *
 * @param temperature logits are divided by it before the softmax; above 0
 * @param inDistribution says which pictures are like none of the classes, or null where nothing is rejected
 */
public record Confidence(double temperature, @Nullable InDistribution inDistribution) {
    public Confidence {
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a temperature is above 0 and finite, got " + temperature);
        }
    }

    /** Probabilities as the network gives them, nothing rejected. */
    public static Confidence plain() {
        return new Confidence(1, null);
    }
}
