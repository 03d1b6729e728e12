package dev.graft.dataset;

import org.jspecify.annotations.Nullable;

/** Labelled examples that can be gone through again and again, in batches. */
public interface Batches {
    /** How many examples one pass has. */
    int size();

    /** How many batches one pass has. */
    int count();

    /**
     * Begins a pass.
     *
     * @param epoch counted from 0; decides the order, and the views of augmented pictures
     */
    Reader open(int epoch);

    /** One pass over the examples. */
    interface Reader extends AutoCloseable {
        /** The next batch, or null at the end. Its buffers hold until the next call. */
        @Nullable Batch next();

        @Override
        void close();
    }
}
