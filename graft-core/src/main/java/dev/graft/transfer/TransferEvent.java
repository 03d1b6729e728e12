package dev.graft.transfer;

import dev.graft.data.Skipped;
import dev.graft.train.TrainingEvent;
import java.util.List;

/** What a run tells while it goes on, in order. */
public sealed interface TransferEvent {
    /** What is about to be done, and why. */
    record Planned(TransferPlan plan) implements TransferEvent {}

    /**
     * The frozen part is being run over the pictures of a phase.
     *
     * @param done views that are ready
     * @param computed those of them that were not in the cache
     */
    record FrozenPass(String phase, int done, int total, int computed) implements TransferEvent {}

    /** Pictures that could not be read and are left out. */
    record PicturesSkipped(List<Skipped> pictures) implements TransferEvent {}

    /** A training event of a phase. */
    record Training(TrainingEvent event) implements TransferEvent {}
}
