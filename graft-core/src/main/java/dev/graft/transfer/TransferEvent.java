package dev.graft.transfer;

import dev.graft.data.Skipped;
import dev.graft.train.TrainingEvent;
import java.util.List;

/** What a run tells while it goes on, in order. */
public sealed interface TransferEvent {
    /** What is about to be done, and why. */
    record Planned(TransferPlan plan) implements TransferEvent {}

    /** What the pass over the pictures before a phase is for. */
    enum Pass {
        /** The frozen part runs once, what it gives is kept. */
        KEPT,
        /** Nothing is kept, so the frozen part will run in every epoch; the pass only looks whether all can be read. */
        NOT_KEPT,
        /** Nothing is frozen; the pass only looks whether all can be read. */
        NOTHING_FROZEN
    }

    /**
     * The pass over the pictures before a phase begins.
     *
     * @param bytes what the frozen part gives for all of them, whether it is kept or not
     */
    record PassStarted(String phase, Pass pass, long bytes) implements TransferEvent {}

    /**
     * The pass goes on.
     *
     * @param done views that are ready or, where nothing is kept, pictures that were looked at
     * @param computed those of them that were not in the cache
     * @param unreadable those of them that cannot be read
     */
    record FrozenPass(String phase, int done, int total, int computed, int unreadable) implements TransferEvent {}

    /** Pictures that could not be read and are left out. */
    record PicturesSkipped(List<Skipped> pictures) implements TransferEvent {}

    /** A training event of a phase. */
    record Training(TrainingEvent event) implements TransferEvent {}
}
