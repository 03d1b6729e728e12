package dev.graft.dataset;

import dev.graft.preprocessing.BatchMixing;
import java.util.List;
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

    /**
     * Batches changed by a function, which may write into the batch it gets.
     *
     * @param seed with the epoch and the number of the batch it decides the random numbers
     */
    default Batches map(RandomFunction<Batch> function, long seed) {
        return new MappedBatches(this, MappedBatches.with(List.of(), function, seed));
    }

    /**
     * Batches whose examples are made of two each: {@code mix(MixUp.of(0.2), 7)}; all inputs of a batch, its targets and its
     * weights are mixed alike. The targets are shares of classes then, so they go with {@code Loss.oneHotCrossEntropy()} or
     * binary cross-entropy over classes, and one-hot labels go in.
     *
     * @param seed with the epoch and the number of the batch it decides the random numbers
     * @throws dev.graft.GraftException when a batch is taken, if its targets are class indices; {@link #oneHot} and {@link
     *     Dataset#labels} make them one-hot
     */
    default Batches mix(BatchMixing mixing, long seed) {
        return map((batch, random) -> MappedBatches.mixed(batch, mixing, random), seed);
    }

    /**
     * Batches whose class indices {@code [N]} are written as {@code [N, classes]}, 1 at the class and 0 elsewhere.
     *
     * @throws dev.graft.GraftException when a batch is taken, if its targets are no indices below {@code classes}
     */
    default Batches oneHot(int classes) {
        return map((batch, random) -> MappedBatches.oneHot(batch, classes), 0);
    }

    /** One pass over the examples. */
    interface Reader extends AutoCloseable {
        /** The next batch, or null at the end. Its buffers hold until the next call. */
        @Nullable Batch next();

        @Override
        void close();
    }
}
