package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.Nearest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

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
            throw unknown(name, values.keySet());
        }
        return value;
    }

    static GraftException unknown(String name, Set<String> known) {
        return new GraftException("no metric '" + name + "' was compiled; there "
                + (known.isEmpty() ? "is only loss" : "are loss, " + String.join(", ", known))
                + Nearest.hint(name, known));
    }

    /** The share of examples whose class was found. */
    public double accuracy() {
        return get("accuracy");
    }

    /** What stands where there was nothing to pass over: no validation data. */
    public static Metrics none() {
        return new Metrics(Double.NaN, Map.of());
    }

    /** Whether there was nothing to pass over. */
    public boolean isNone() {
        return Double.isNaN(loss) && values.isEmpty();
    }
}
