package dev.graft.heads;

import dev.graft.GraftException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Parts examples for cross-validation, each class as evenly as its number allows. */
final class Folds {
    /** The rows that are held out, and the rest. */
    record Fold(int[] held, int[] rest) {}

    private Folds() {}

    /**
     * Parts a table.
     *
     * @param count how many folds
     * @throws GraftException if a class has fewer examples
     */
    static List<Fold> of(FeatureTable table, int count, long seed) {
        int[] sizes = table.countPerClass();
        for (int label = 0; label < sizes.length; label++) {
            if (sizes[label] < count) {
                throw new GraftException("class " + label + ": " + sizes[label]
                        + " training pictures are fewer than the " + count + " folds of a cross-validation; give more,"
                        + " or another head");
            }
        }
        int[] foldOf = new int[table.size()];
        Random random = new Random(seed);
        int next = 0;
        for (int label = 0; label < table.classes(); label++) {
            List<Integer> rows = new ArrayList<>();
            for (int row = 0; row < table.size(); row++) {
                if (table.label(row) == label) {
                    rows.add(row);
                }
            }
            Collections.shuffle(rows, random);
            for (int row : rows) {
                foldOf[row] = next++ % count;
            }
        }
        List<Fold> folds = new ArrayList<>();
        for (int fold = 0; fold < count; fold++) {
            folds.add(new Fold(rows(foldOf, fold, true), rows(foldOf, fold, false)));
        }
        return folds;
    }

    private static int[] rows(int[] foldOf, int fold, boolean held) {
        return IntStream.range(0, foldOf.length)
                .filter(row -> (foldOf[row] == fold) == held)
                .toArray();
    }
}
