package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.torch.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Adds up the loss and the metrics of batches. */
final class Meter {
    private final Objectives objectives;
    private final List<Map<String, Metric.Counter>> counters = new ArrayList<>();
    private double loss;
    private long examples;

    Meter(Objectives objectives) {
        this.objectives = objectives;
        for (int output = 0; output < objectives.count(); output++) {
            Map<String, Metric.Counter> named = new LinkedHashMap<>();
            for (Metric metric : objectives.get(output).metrics()) {
                named.put(objectives.prefix(output) + metric.name(), metric.start());
            }
            counters.add(named);
        }
    }

    /**
     * Adds a batch.
     *
     * @param batchLoss mean over the batch
     * @param outputs what the network gave; only those that have metrics are copied
     */
    void add(double batchLoss, List<Tensor> outputs, Batch batch) {
        loss += batchLoss * batch.size();
        examples += batch.size();
        for (int output = 0; output < counters.size(); output++) {
            Map<String, Metric.Counter> named = counters.get(output);
            if (!named.isEmpty()) {
                Loss of = objectives.get(output).loss();
                Scored scored = new Scored(
                        of.scores(outputs.get(output).toHost()), batch.targets().get(output), of.threshold());
                named.values().forEach(counter -> counter.add(scored));
            }
        }
    }

    /**
     * What was added so far.
     *
     * @param loss summed over the examples
     * @param counters of the metrics, output by output; fewer than there are where one of them cannot say
     */
    record State(double loss, long examples, List<double[]> counters) {
        State {
            counters = List.copyOf(counters);
        }

        /** Nothing. */
        static State none() {
            return new State(0, 0, List.of());
        }
    }

    private Stream<Metric.Counter> all() {
        return counters.stream().flatMap(named -> named.values().stream());
    }

    /** Whether {@link #state} says all. */
    boolean canSay() {
        return all().allMatch(counter -> counter.state() != null);
    }

    State state() {
        return new State(
                loss,
                examples,
                all().map(Metric.Counter::state).flatMap(Stream::ofNullable).toList());
    }

    /** Goes on from there, before the first batch. */
    void restore(State state) {
        if (state.examples() == 0) {
            return;
        }
        List<Metric.Counter> here = all().toList();
        if (here.size() != state.counters().size()) {
            throw new GraftException("expected what " + here.size() + " metrics counted, got "
                    + state.counters().size() + "; resume with the metrics of then");
        }
        loss = state.loss();
        examples = state.examples();
        for (int i = 0; i < here.size(); i++) {
            here.get(i).restore(state.counters().get(i));
        }
    }

    boolean isEmpty() {
        return examples == 0;
    }

    Metrics mean() {
        Map<String, Double> values = new LinkedHashMap<>();
        counters.forEach(named -> named.forEach((name, counter) -> values.put(name, counter.value())));
        return new Metrics(examples == 0 ? 0 : loss / examples, values);
    }
}
