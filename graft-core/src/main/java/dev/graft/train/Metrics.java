package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.Nearest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a pass over examples gave.
 *
 * @param loss mean over the examples
 * @param values every metric that was compiled, by name, in the order of compiling
 */
public record Metrics(double loss, Map<String, Double> values) {
    public Metrics {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * The value of a metric, or of {@code loss}.
     *
     * @throws GraftException if it was not compiled; suggests the nearest name
     */
    public double get(String name) {
        if (name.equals("loss")) {
            return loss;
        }
        Double value = values.get(name);
        if (value == null) {
            throw new GraftException("no metric '" + name + "'; there are loss, " + String.join(", ", values.keySet())
                    + Nearest.hint(name, values.keySet()));
        }
        return value;
    }

    /** The share of examples whose class was found. */
    public double accuracy() {
        return get("accuracy");
    }

    /** Adds up batches. */
    static final class Sum {
        private double loss;
        private long correct;
        private long examples;

        void add(double batchLoss, int batchCorrect, int batchSize) {
            loss += batchLoss * batchSize;
            correct += batchCorrect;
            examples += batchSize;
        }

        boolean isEmpty() {
            return examples == 0;
        }

        Metrics mean() {
            double count = Math.max(1, examples);
            return new Metrics(loss / count, Map.of("accuracy", correct / count));
        }
    }
}
