package dev.graft.train;

import dev.graft.Glob;
import org.jspecify.annotations.Nullable;

/**
 * Weights with settings of their own.
 *
 * @param glob the full name of a weight, or of a layer or nested model and then everything below it; {@code *} stands for
 *     any characters, dots too
 * @param learningRate the base rate, per step
 * @param weightDecay null for that of the optimizer
 */
public record ParameterGroup(
        String glob, double learningRate, @Nullable Double weightDecay) {
    public ParameterGroup {
        if (glob.isBlank()) {
            throw new IllegalArgumentException("a group needs a name, got '" + glob + "'; * covers all weights");
        }
        Optimizer.check(learningRate, weightDecay == null ? 0 : weightDecay);
    }

    /** Whether a weight of that full name belongs here. */
    public boolean covers(String weight) {
        return Glob.of(glob).or(Glob.of(glob + ".*")).test(weight);
    }
}
