package dev.graft.heads;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;

/**
 * Features with the class of each example.
 *
 * @param features {@code [N, size]}, finite
 * @param labels the class of each row, 0 to below {@code classes}
 * @param classes how many classes there are, with or without examples
 */
public record FeatureTable(HostTensor features, int[] labels, int classes) {
    /**
     * Checks what solvers rely on.
     *
     * @throws GraftException if there is no example, or a feature is no finite number
     */
    public FeatureTable {
        if (features.shape().rank() != 2 || features.shape().size(0) != labels.length) {
            throw new IllegalArgumentException(
                    "expected features [N, size] for " + labels.length + " labels, got " + features.shape());
        }
        if (labels.length == 0) {
            throw new GraftException("there are no examples to fit a head on");
        }
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException("expected labels below " + classes + ", got " + label);
            }
        }
        if (!features.isFinite()) {
            throw new GraftException("the features hold numbers that are not finite; look at the backbone's weights");
        }
        labels = labels.clone();
    }

    /**
     * The features of each example, all of one width.
     *
     * @throws GraftException as the constructor
     */
    public static FeatureTable of(List<float[]> rows, int[] labels, int classes) {
        int width = rows.isEmpty() ? 0 : rows.get(0).length;
        HostTensor features = HostTensor.allocate(Shape.of(rows.size(), width));
        rows.forEach(features.values()::put);
        return new FeatureTable(features, labels, classes);
    }

    @Override
    public int[] labels() {
        return labels.clone();
    }

    public int size() {
        return labels.length;
    }

    /** How many numbers an example has. */
    public int width() {
        return features.shape().size(1);
    }

    public int label(int row) {
        return labels[row];
    }

    /** How many examples each class has. */
    public int[] countPerClass() {
        int[] counts = new int[classes];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /** A copy of some rows. */
    public FeatureTable rows(int[] rows) {
        int width = width();
        HostTensor some = HostTensor.allocate(Shape.of(rows.length, width));
        int[] theirs = new int[rows.length];
        var out = some.values();
        for (int i = 0; i < rows.length; i++) {
            out.put(features.values().slice(rows[i] * width, width));
            theirs[i] = labels[rows[i]];
        }
        return new FeatureTable(some, theirs, classes);
    }
}
