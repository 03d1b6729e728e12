package dev.graft.dataset;

import dev.graft.data.View;
import dev.graft.preprocessing.Augmentation;

/**
 * Which view of an example each epoch sees.
 *
 * @param count of the views that epochs rotate through, the plain one being the first; 0 for a new random one in each
 */
record Views(Augmentation augmentation, long seed, int count) {
    static Views endless(Augmentation augmentation, long seed) {
        return new Views(augmentation, seed, 0);
    }

    static Views rotating(Augmentation augmentation, long seed, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("augment: at least one view, got " + count);
        }
        return new Views(augmentation, seed, count);
    }

    View at(int index, int epoch) {
        return new View(count == 0 ? epoch + 1 : (int) (((long) epoch + index) % count), seed);
    }

    /** What a cache knows them by. */
    String key() {
        return augmentation.key() + " " + seed + " " + count;
    }
}
