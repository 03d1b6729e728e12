package dev.graft.transfer;

import java.util.SplittableRandom;

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
        int[] sequence = new int[examples];
        for (int i = 0; i < examples; i++) {
            sequence[i] = i;
        }
        if (shuffled) {
            SplittableRandom random = new SplittableRandom(seed * 1_000_003 + epoch);
            for (int i = examples - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swapped = sequence[i];
                sequence[i] = sequence[j];
                sequence[j] = swapped;
            }
        }
        return sequence;
    }
}
