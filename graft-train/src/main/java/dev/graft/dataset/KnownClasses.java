package dev.graft.dataset;

import dev.graft.GraftException;
import java.util.List;

/** What is asked of the classes of examples without making these. */
final class KnownClasses {
    private KnownClasses() {}

    /** How many examples each class has. */
    static int[] count(DatasetStage stage, int classes) {
        int[] counts = new int[classes];
        for (int i = 0; i < stage.size(); i++) {
            int label = stage.label(i);
            if (label == DatasetStage.UNKNOWN) {
                throw new GraftException("the classes of the examples are not known (of float targets, or after map);"
                        + " ask the data set that map was called on, or use mapInputs");
            }
            counts[label]++;
        }
        return counts;
    }

    /** Refuses names that are fewer than the classes. */
    static void require(DatasetStage stage, List<String> names) {
        for (int i = 0; i < stage.size(); i++) {
            if (stage.label(i) >= names.size()) {
                throw new GraftException(stage.name(i, 0) + ": label " + stage.label(i) + " is outside the "
                        + names.size() + " classes (" + String.join(", ", names) + "); name all classes");
            }
        }
    }
}
