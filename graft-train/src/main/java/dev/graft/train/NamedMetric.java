package dev.graft.train;

import java.util.function.Supplier;

/** A metric that is a name and a counter. */
record NamedMetric(String name, Supplier<Metric.Counter> counter) implements Metric {
    @Override
    public Counter start() {
        return counter.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
