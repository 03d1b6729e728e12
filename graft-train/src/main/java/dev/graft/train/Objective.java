package dev.graft.train;

import java.util.List;

/**
 * What one output of a network is trained for.
 *
 * @param loss what training makes small
 * @param weight the factor of this loss in the sum over all outputs
 * @param metrics what is told beside the loss
 */
public record Objective(Loss loss, double weight, List<Metric> metrics) {
    public Objective {
        metrics = List.copyOf(metrics);
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the weight of a loss is above 0, got " + weight);
        }
    }

    public static Objective of(Loss loss, Metric... metrics) {
        return new Objective(loss, 1, List.of(metrics));
    }

    public Objective weight(double factor) {
        return new Objective(loss, factor, metrics);
    }
}
