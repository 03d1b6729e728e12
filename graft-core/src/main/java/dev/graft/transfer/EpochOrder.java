package dev.graft.transfer;

import dev.graft.Seeds;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * In which order examples come, and how many at a time.
 *
 * @param shuffled whether each epoch has a new order, drawn from the seed and the epoch alone
 */
record EpochOrder(int batchSize, boolean shuffled, long seed) {
    static EpochOrder shuffled(int batchSize, long seed) {
        return new EpochOrder(batchSize, true, seed);
    }

    static EpochOrder plain(int batchSize) {
        return new EpochOrder(batchSize, false, 0);
    }

    int count(int examples) {
        return (examples + batchSize - 1) / batchSize;
    }

    /** The indices of the examples in the order of that epoch. */
    int[] of(int examples, int epoch) {
        return shuffled
                ? Seeds.order(examples, new SplittableRandom(seed * 1_000_003 + epoch))
                : IntStream.range(0, examples).toArray();
    }
}
