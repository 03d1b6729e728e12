package dev.graft.train.listen;

import dev.graft.train.History;
import dev.graft.train.Metrics;
import dev.graft.train.Phase;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.PhaseDone;
import dev.graft.train.TrainingEvent.PhaseStarted;
import dev.graft.train.TrainingEvent.StepDone;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a trainer would tell. */
final class Told {
    private Told() {}

    static PhaseStarted phase(String name, int epochs) {
        return new PhaseStarted(Phase.of(name, epochs), 100, 4);
    }

    static StepDone step(int epoch, int step, int steps, Metrics running) {
        return new StepDone(epoch, step, steps, running);
    }

    static EpochDone epoch(int number, Metrics training, Metrics validation, double seconds, boolean best) {
        return new EpochDone(new History.Epoch(number, training, validation, 0.001, seconds), best);
    }

    /** The end of a phase of N epochs. */
    static PhaseDone end(String phase, int epochs, int best, boolean stopped, Metrics validation) {
        List<History.Epoch> ran = IntStream.rangeClosed(1, epochs)
                .mapToObj(number -> new History.Epoch(number, validation, validation, 0.001, 1))
                .toList();
        return new PhaseDone(new History(phase, validation, ran, best, stopped));
    }

    static Metrics metrics(double accuracy, double loss) {
        return new Metrics(loss, Map.of("accuracy", accuracy));
    }

    /** Metrics of these names in this order, with 0.5, 1.5, … */
    static Metrics named(double loss, String... names) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            values.put(names[i], i + 0.5);
        }
        return new Metrics(loss, values);
    }
}
