package dev.graft.train;

import dev.graft.GraftException;
import java.util.Arrays;
import java.util.stream.Stream;

/** Counts positive and negative examples between thresholds, for each output. */
final class AucCounter implements Metric.Counter {
    private static final int THRESHOLDS = 200;

    private long[][] positives = {};
    private long[][] negatives = {};

    @Override
    public void add(Scored batch) {
        if (positives.length == 0) {
            positives = new long[batch.units()][THRESHOLDS];
            negatives = new long[batch.units()][THRESHOLDS];
        }
        for (int example = 0; example < batch.examples(); example++) {
            for (int unit = 0; unit < batch.units(); unit++) {
                long[][] counts = batch.target(example, unit) > 0.5 ? positives : negatives;
                counts[unit][highestBelow(batch.score(example, unit))]++;
            }
        }
    }

    /** The highest threshold that a score is above: they are just below 0, then 1/199, 2/199, up to just above 1. */
    private static int highestBelow(float score) {
        if (!(score >= 0 && score <= 1)) {
            throw new GraftException("auc: expected scores from 0 to 1, got " + score
                    + "; train with a cross-entropy, whose scores are probabilities");
        }
        return Math.max(0, (int) Math.ceil(score * (THRESHOLDS - 1)) - 1);
    }

    @Override
    public double value() {
        double sum = 0;
        int defined = 0;
        for (int unit = 0; unit < positives.length; unit++) {
            double area = area(positives[unit], negatives[unit]);
            if (!Double.isNaN(area)) {
                sum += area;
                defined++;
            }
        }
        return defined == 0 ? 0 : sum / defined;
    }

    @Override
    public double[] state() {
        return CounterState.of(Stream.concat(Arrays.stream(positives), Arrays.stream(negatives))
                .toArray(long[][]::new));
    }

    @Override
    public void restore(double[] state) {
        int units = state.length / (2 * THRESHOLDS);
        if (state.length != units * 2 * THRESHOLDS) {
            throw CounterState.foreign(state);
        }
        if (units > 0) {
            long[][] rows = CounterState.rows(state, 2 * units);
            positives = Arrays.copyOfRange(rows, 0, units);
            negatives = Arrays.copyOfRange(rows, units, 2 * units);
        }
    }

    /** Trapezoids under the shares found, over the shares wrongly taken; NaN where one of them has no examples. */
    private static double area(long[] positive, long[] negative) {
        long found = 0;
        long wrong = 0;
        double area = 0;
        for (int threshold = THRESHOLDS - 1; threshold >= 0; threshold--) {
            area += negative[threshold] * (found + positive[threshold] / 2.0);
            found += positive[threshold];
            wrong += negative[threshold];
        }
        return area / found / wrong;
    }
}
