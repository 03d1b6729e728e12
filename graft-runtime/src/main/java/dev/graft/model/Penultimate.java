package dev.graft.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the last layer with weights, the head's, takes: the features by which pictures are like each other. */
public final class Penultimate {
    private static final int FEATURES_RANK = 2;

    private Penultimate() {}

    /**
     * The same program with the features as a further output, {@code [N, D]}.
     *
     * @return empty where the last layer with weights takes no features, or there is none
     */
    public static Optional<Program> of(Program program) {
        for (int i = program.steps().size() - 1; i >= 0; i--) {
            Program.Step step = program.steps().get(i);
            if (!step.weights().isEmpty()) {
                boolean features =
                        step.inputs().size() == 1 && step.inputShapes().get(0).rank() == FEATURES_RANK;
                return features ? Optional.of(with(program, step.inputs().get(0))) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Program with(Program program, int value) {
        List<Integer> outputs = new ArrayList<>(program.outputs());
        outputs.add(value);
        return new Program(program.inputs(), program.steps(), outputs);
    }
}
