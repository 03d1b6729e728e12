package dev.graft.train;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Decides when what a trainer must know to go on is kept, and keeps it; on the training thread. */
public interface StateKeeper {
    /** Where the training is when it asks. */
    enum Moment {
        /** Before the first step of a phase, after validation. */
        START,
        /** After a step of the optimizer. */
        STEP,
        /** After an epoch with its validation. */
        EPOCH,
        /**
         * When the user ends the phase, before it closes the epoch: from here it can go on as if that had not been. Left out
         * where batches wait for others to make a step with.
         */
        STOP
    }

    /** Whether to keep the state now; copying it out of libtorch takes time and memory, so it is asked first. */
    boolean isTime(Moment moment);

    /** Takes the state; it never changes afterwards. */
    void keep(TrainerState state);

    /** Keeps it at the start of phases, when the user ends one, and otherwise when so long has passed since the last time. */
    static StateKeeper every(Duration least, Consumer<TrainerState> to) {
        return every(least, System::nanoTime, to);
    }

    /** @param clock gives nanoseconds */
    static StateKeeper every(Duration least, LongSupplier clock, Consumer<TrainerState> to) {
        return new StateKeeper() {
            private long last = clock.getAsLong();

            @Override
            public boolean isTime(Moment moment) {
                return moment == Moment.START || moment == Moment.STOP || clock.getAsLong() - last >= least.toNanos();
            }

            @Override
            public void keep(TrainerState state) {
                to.accept(state);
                // From the end, so that slow disks cannot fill the time.
                last = clock.getAsLong();
            }
        };
    }
}
