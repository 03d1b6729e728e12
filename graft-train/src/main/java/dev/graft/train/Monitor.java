package dev.graft.train;

import dev.graft.GraftException;
import java.util.Set;

/**
 * The number by which epochs are compared: {@code val_loss} where there is validation data, else {@code loss}.
 *
 * @param metric a metric's name, with {@code val_} before it for that of the validation data
 * @param leastGain by how much an epoch must be better than the best so far to count as better
 */
public record Monitor(String metric, double leastGain) {
    private static final String VALIDATION = "val_";

    public Monitor {
        if (!(leastGain >= 0)) {
            throw new IllegalArgumentException("the least gain is 0 or more, got " + leastGain);
        }
    }

    /** The validation loss, any gain counts. */
    public static Monitor standard() {
        return new Monitor("val_loss", 0);
    }

    /**
     * Refuses, before any training, to watch what will never be there.
     *
     * @param compiled the names of all metrics
     * @param validated whether there is validation data
     */
    void check(Set<String> compiled, boolean validated) {
        boolean ofValidation = metric.startsWith(VALIDATION);
        String name = ofValidation ? metric.substring(VALIDATION.length()) : metric;
        if (!name.equals("loss") && !compiled.contains(name)) {
            throw Metrics.unknown(name, compiled);
        }
        if (ofValidation && !validated && !name.equals("loss")) {
            throw new GraftException("monitor '" + metric
                    + "': there is no validation data; give some to fit, or monitor '" + name + "'");
        }
    }

    /** Losses and errors are better when lower, all else when higher. */
    boolean lowerIsBetter() {
        return metric.endsWith("loss") || metric.endsWith("error");
    }

    double of(Metrics training, Metrics validation) {
        if (!metric.startsWith(VALIDATION)) {
            return training.get(metric);
        }
        String name = metric.substring(VALIDATION.length());
        return validation.isNone() && name.equals("loss") ? training.loss() : validation.get(name);
    }

    boolean isBetter(double now, double best) {
        return lowerIsBetter() ? now < best - leastGain : now > best + leastGain;
    }
}
