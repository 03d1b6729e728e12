package dev.graft.transfer;

import dev.graft.Message;
import dev.graft.data.Skipped;
import dev.graft.heads.Head;
import dev.graft.report.Evaluation;
import dev.graft.train.TrainingEvent;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a run tells while it goes on, in order. Here is what has no place of its own; beside that there are {@link
 * dev.graft.transfer.plan.Planned} and {@link dev.graft.transfer.phase.WeightsChosen}.
 */
public interface TransferEvent {
    /** What the pass before all phases is called. */
    String EXTRACTION = "feature extraction";

    /** Something that a user should know, in one line: which of several weights in a file were taken, say. */
    record Noted(Message note) implements TransferEvent {}

    /** A phase begins, with the search for its data. */
    record PhaseBegun(String phase) implements TransferEvent {}

    /**
     * A head was solved.
     *
     * @param regularisation that was found or given, where the head has one
     */
    record HeadSolved(Head head, OptionalDouble regularisation, double seconds, Evaluation validation)
            implements TransferEvent {}

    /** What the pass over the pictures before a phase is for. */
    enum Pass {
        /** The frozen part runs once, what it gives is kept. */
        KEPT,
        /** Nothing is kept on disk. Extracted features are held in memory; later the frozen part runs in every epoch. */
        NOT_KEPT,
        /** Nothing is frozen, so there is no pass. */
        NOTHING_FROZEN
    }

    /**
     * The pass over the pictures before a phase begins, or the feature extraction before all.
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

    /**
     * Nothing more can be kept in the cache: it cannot be written, or its disk is full. The run goes on without.
     *
     * @param message one line for the user
     */
    record CacheLost(Message message) implements TransferEvent {}

    /** Pictures that could not be read and are left out. */
    record PicturesSkipped(List<Skipped> pictures) implements TransferEvent {}

    /** A training event of a phase. */
    record Training(TrainingEvent event) implements TransferEvent {}
}
