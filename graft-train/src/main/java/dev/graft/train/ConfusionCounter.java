package dev.graft.train;

import java.util.Arrays;

/** Counts how often each class occurred, was predicted, and both; of one output only the class 1. */
final class ConfusionCounter implements Metric.Counter {
    /** What is made of the counts of one class; 0 where there is nothing to divide by. */
    enum Statistic {
        PRECISION {
            @Override
            double of(long found, long predicted, long occurred) {
                return ratio(found, predicted);
            }
        },
        RECALL {
            @Override
            double of(long found, long predicted, long occurred) {
                return ratio(found, occurred);
            }
        },
        F1 {
            @Override
            double of(long found, long predicted, long occurred) {
                return ratio(2 * found, predicted + occurred);
            }
        };

        abstract double of(long found, long predicted, long occurred);

        private static double ratio(long part, long whole) {
            return whole == 0 ? 0 : (double) part / whole;
        }
    }

    private final Statistic statistic;
    private boolean oneOutput;
    private long[] found = {};
    private long[] predicted = {};
    private long[] occurred = {};

    ConfusionCounter(Statistic statistic) {
        this.statistic = statistic;
    }

    @Override
    public void add(Scored batch) {
        if (found.length == 0) {
            oneOutput = batch.units() == 1;
            int classes = oneOutput ? 2 : batch.units();
            found = new long[classes];
            predicted = new long[classes];
            occurred = new long[classes];
        }
        for (int example = 0; example < batch.examples(); example++) {
            int label = batch.label(example);
            int answer = batch.predicted(example);
            occurred[label]++;
            predicted[answer]++;
            found[label] += label == answer ? 1 : 0;
        }
    }

    @Override
    public double value() {
        if (found.length == 0) {
            return 0;
        }
        if (oneOutput) {
            return of(1);
        }
        double sum = 0;
        int seen = 0;
        for (int index = 0; index < found.length; index++) {
            if (predicted[index] + occurred[index] > 0) {
                sum += of(index);
                seen++;
            }
        }
        return seen == 0 ? 0 : sum / seen;
    }

    @Override
    public double[] state() {
        return CounterState.of(new long[] {oneOutput ? 1 : 0}, found, predicted, occurred);
    }

    @Override
    public void restore(double[] state) {
        if (state.length == 0) {
            throw CounterState.foreign(state);
        }
        oneOutput = state[0] == 1;
        long[][] rows = CounterState.rows(Arrays.copyOfRange(state, 1, state.length), 3);
        found = rows[0];
        predicted = rows[1];
        occurred = rows[2];
    }

    private double of(int index) {
        return statistic.of(found[index], predicted[index], occurred[index]);
    }
}
