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

    /**
     * Begins a pass after its first batches: what comes is what would have come after them. Unless overridden they are
     * made and dropped.
     *
     * @param epoch as of {@link #open(int)}
     * @param passed how many batches to pass over, at most {@link #count}
     */
    default Reader open(int epoch, int passed) {
        Reader reader = open(epoch);
        try {
            for (int batch = 0; batch < passed; batch++) {
                reader.next();
            }
            return reader;
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /** One pass over the examples. */
    interface Reader extends AutoCloseable {
        /** The next batch, or null at the end. Its buffers hold until the next call. */
        @Nullable Batch next();

        @Override
        void close();
    }
}
