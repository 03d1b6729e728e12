package dev.graft.dataset;

import dev.graft.data.Skipped;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One link of the chain that a data set is: a source of examples, or a change of another link. Safe for many threads.
 */
interface DatasetStage {
    /** The label where the class is not known without reading the example. */
    int UNKNOWN = -1;

    int size();

    Example get(int index, int epoch);

    /** Puts an example into its row of a batch. */
    default void put(int index, int epoch, int row, BatchBuffers batch) {
        batch.put(row, get(index, epoch));
    }

    /** What an example is called in messages: its file, or its number. */
    String name(int index, int epoch);

    /** The class, before any reordering, or {@link #UNKNOWN}; reads no picture. */
    int label(int index);

    /** The file of a picture, before any reordering; null where the example comes from no picture file. */
    default @Nullable Path path(int index) {
        return null;
    }

    /**
     * The same chain over pictures that are read in another way; null where it does not give pictures as they are read, or
     * the change is refused.
     */
    default @Nullable DatasetStage withPictures(Function<PictureSource, @Nullable PictureSource> change) {
        return null;
    }

    /** Reads what the example is made from, and says why that cannot be done. */
    default @Nullable Skipped check(int index) {
        return null;
    }

    /** Whether the same index gives another example in another epoch. */
    default boolean reordered() {
        return false;
    }

    /** How many maps are in the chain: two with the same seed must not draw the same numbers. */
    default int maps() {
        return 0;
    }

    /** Tells what the examples depend on, as far as it can be known. */
    void identify(Fingerprint print);

    /** A change of another link; what it does not change is the other's. */
    abstract class Over implements DatasetStage {
        final DatasetStage base;

        Over(DatasetStage base) {
            this.base = base;
        }

        @Override
        public int size() {
            return base.size();
        }

        @Override
        public Example get(int index, int epoch) {
            return base.get(index, epoch);
        }

        @Override
        public String name(int index, int epoch) {
            return base.name(index, epoch);
        }

        @Override
        public int label(int index) {
            return base.label(index);
        }

        @Override
        public @Nullable Path path(int index) {
            return base.path(index);
        }

        @Override
        public @Nullable Skipped check(int index) {
            return base.check(index);
        }

        @Override
        public boolean reordered() {
            return base.reordered();
        }

        @Override
        public int maps() {
            return base.maps();
        }

        @Override
        public void identify(Fingerprint print) {
            base.identify(print);
            print.add(getClass().getSimpleName());
        }
    }
}
