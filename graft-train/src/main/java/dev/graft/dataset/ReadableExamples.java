package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Workers;
import dev.graft.data.Skipped;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The examples that can be read, found by reading all of them on all cores.
 *
 * @param left those that cannot, and why
 */
record ReadableExamples(DatasetStage examples, List<Skipped> left) {
    /** @throws GraftException if none is left, or none of a class */
    static ReadableExamples of(DatasetStage all, List<String> classes) {
        @Nullable Skipped[] reasons = new @Nullable Skipped[all.size()];
        try (Workers workers = new Workers(Dataset.THREADS)) {
            workers.forEach(all.size(), i -> reasons[i] = all.check(i));
        }
        List<Skipped> left = Arrays.stream(reasons).filter(Objects::nonNull).toList();
        int[] sound =
                IntStream.range(0, all.size()).filter(i -> reasons[i] == null).toArray();
        if (sound.length == 0) {
            throw new GraftException("none of the " + all.size() + " pictures can be read, the first is "
                    + left.get(0).path() + ": " + left.get(0).reason() + "; fix them or give others");
        }
        DatasetStage rest = new SubsetStage(all, sound);
        requireEveryClass(all, rest, classes);
        return new ReadableExamples(rest, left);
    }

    private static void requireEveryClass(DatasetStage all, DatasetStage rest, List<String> classes) {
        boolean[] had = present(all, classes.size());
        boolean[] has = present(rest, classes.size());
        for (int label = 0; label < had.length; label++) {
            if (had[label] && !has[label]) {
                throw new GraftException("class '" + classes.get(label)
                        + "': none of its pictures can be read; fix them or leave out the class");
            }
        }
    }

    private static boolean[] present(DatasetStage examples, int classes) {
        boolean[] present = new boolean[classes];
        IntStream.range(0, examples.size())
                .map(examples::label)
                .filter(label -> label >= 0)
                .forEach(label -> present[label] = true);
        return present;
    }
}
