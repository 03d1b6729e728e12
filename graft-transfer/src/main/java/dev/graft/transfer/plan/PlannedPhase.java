package dev.graft.transfer.plan;

import dev.graft.heads.Head;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.transfer.config.Place;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stretch of a run in which the same weights train. */
public sealed interface PlannedPhase {
    String name();

    /** The full names of the weights that train. */
    Set<String> trains();

    /** How many numbers these are. */
    long parameters();

    /** The highest learning rate. */
    double learningRate();

    /**
     * The head on the frozen backbone.
     *
     * @param training how gradients train it, or null for a head that is solved
     */
    record HeadPhase(Head head, @Nullable Phase training, double learningRate, Set<String> trains, long parameters)
            implements PlannedPhase {
        public HeadPhase {
            trains = Set.copyOf(trains);
        }

        @Override
        public String name() {
            return "head";
        }
    }

    /**
     * A part of the backbone with the head.
     *
     * @param from where the part begins
     * @param groups which weights have which rate
     */
    record TuningPhase(
            Phase phase,
            Place from,
            double learningRate,
            Optimizer optimizer,
            List<Optimizer.Assigned> groups,
            Set<String> trains,
            long parameters)
            implements PlannedPhase {
        public TuningPhase {
            groups = List.copyOf(groups);
            trains = Set.copyOf(trains);
        }

        @Override
        public String name() {
            return phase.name();
        }
    }
}
