package dev.graft.train;

import dev.graft.GraftException;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Counts as the numbers that {@link Metric.Counter#state} gives: doubles hold whole numbers exactly up to 2 to the 53. */
final class CounterState {
    private CounterState() {}

    /** One row of counts after the other. */
    static double[] of(long[]... rows) {
        return Stream.of(rows)
                .flatMapToDouble(row -> LongStream.of(row).asDoubleStream())
                .toArray();
    }

    /** The rows that {@link #of} joined, which are of one length. */
    static long[][] rows(double[] state, int count) {
        if (state.length % count != 0) {
            throw foreign(state);
        }
        int length = state.length / count;
        long[][] rows = new long[count][];
        for (int row = 0; row < count; row++) {
            rows[row] = DoubleStream.of(state)
                    .skip((long) row * length)
                    .limit(length)
                    .mapToLong(number -> (long) number)
                    .toArray();
        }
        return rows;
    }

    /** What a counter says of numbers that are none of its own. */
    static GraftException foreign(double[] state) {
        return new GraftException(
                "a metric cannot go on from " + state.length + " numbers; resume with the metrics of then");
    }
}
