package dev.graft.dataset;

import java.util.SplittableRandom;

/**
 * A change that may draw random numbers: an augmentation of a picture, of an example, of a batch. It may run on many
 * threads at once, and returns a new value instead of writing into the one it got.
 */
@FunctionalInterface
public interface RandomFunction<T> {
    /**
     * Gives what becomes of a value.
     *
     * @param random depends on the seed, the epoch and the number of the value alone, so that results repeat
     */
    T apply(T value, SplittableRandom random);
}
