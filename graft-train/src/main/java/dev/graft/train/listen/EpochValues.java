package dev.graft.train.listen;

import dev.graft.train.History;
import dev.graft.train.Metrics;
import dev.graft.train.TrainingEvent.EpochDone;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an epoch gave, as all listeners name it: the metrics in the order of compiling, then {@code loss}.
 *
 * @param epoch from 1 within its phase
 * @param learningRate of the last step, the base rate with its schedule
 * @param seconds wall time of the pass with its validation
 */
record EpochValues(
        String phase,
        int epoch,
        double learningRate,
        Map<String, Double> training,
        Map<String, Double> validation,
        double seconds) {
    static EpochValues of(String phase, EpochDone done) {
        History.Epoch epoch = done.epoch();
        return new EpochValues(
                phase,
                epoch.number(),
                epoch.learningRate(),
                named(epoch.training()),
                named(epoch.validation()),
                epoch.seconds());
    }

    /** Nothing where there was no pass. */
    static Map<String, Double> named(Metrics metrics) {
        Map<String, Double> values = new LinkedHashMap<>(metrics.values());
        if (!metrics.isNone()) {
            values.put("loss", metrics.loss());
        }
        return values;
    }

    /** Those of training, then those of validation, whose names begin with {@code val_}. */
    Map<String, Double> all() {
        Map<String, Double> all = new LinkedHashMap<>(training);
        all.putAll(prefixed("val_", validation));
        return all;
    }

    static Map<String, Double> prefixed(String prefix, Map<String, Double> values) {
        Map<String, Double> prefixed = new LinkedHashMap<>();
        values.forEach((name, value) -> prefixed.put(prefix + name, value));
        return prefixed;
    }
}
