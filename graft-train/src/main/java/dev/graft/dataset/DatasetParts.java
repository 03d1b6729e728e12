package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.data.PictureGroups;
import dev.graft.data.StratifiedSplit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Parts a data set by fractions, so that all parts have the same share of every class as nearly as whole examples and
 * groups allow. A part gets at least one example of every class that has one for each part.
 */
final class DatasetParts {
    private static final double WHOLE = 1 - 1e-9;

    private final List<String> names;
    private final int[] labels;
    private final int[] groups;

    private DatasetParts(List<String> names, int[] labels, int[] groups) {
        this.names = names;
        this.labels = labels;
        this.groups = groups;
    }

    static DatasetParts of(Dataset dataset, DatasetStage stage, PictureGroups groups) {
        int[] labels = IntStream.range(0, stage.size()).map(stage::label).toArray();
        int[] present = IntStream.of(labels).distinct().sorted().toArray();
        List<String> names = IntStream.of(present)
                .mapToObj(label -> label >= 0 && label < dataset.classes().size()
                        ? dataset.classes().get(label)
                        : Integer.toString(label))
                .toList();
        int[] dense = IntStream.of(labels)
                .map(label -> Arrays.binarySearch(present, label))
                .toArray();
        return new DatasetParts(names, dense, numbers(stage, groups));
    }

    private static int[] numbers(DatasetStage stage, PictureGroups groups) {
        if (groups.groups().isEmpty()) {
            return IntStream.range(0, stage.size()).toArray();
        }
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < stage.size(); i++) {
            @Nullable Path path = stage.path(i);
            if (path == null) {
                throw new GraftException("split: groups are of picture files, which " + stage.name(i, 0)
                        + " does not come from; split without groups");
            }
            paths.add(path);
        }
        return groups.numbers(paths);
    }

    /**
     * The indices of each part, rising.
     *
     * @param fractions of all examples; where they sum to less than 1, one more part has the rest
     */
    List<int[]> cut(long seed, double... fractions) {
        double[] shares = withRest(fractions);
        int[][] wanted = wanted(shares);
        // What groups leave over or take beforehand is least felt by the largest part.
        int largest = 0;
        for (int part = 1; part < shares.length; part++) {
            largest = shares[part] > shares[largest] ? part : largest;
        }
        List<int[]> drawn = new ArrayList<>(Arrays.asList(wanted));
        drawn.remove(largest);
        List<int[]> parts = StratifiedSplit.of(names, labels, groups).cut(drawn, seed);
        parts.add(largest, parts.remove(0));
        for (int part = 0; part < shares.length; part++) {
            require(parts.get(part), wanted[part], shares);
        }
        return parts;
    }

    private static double[] withRest(double... fractions) {
        double sum = 0;
        for (double fraction : fractions) {
            if (!(fraction > 0 && fraction <= 1)) {
                throw new IllegalArgumentException("a fraction is over 0 and at most 1, got " + fraction);
            }
            sum += fraction;
        }
        if (fractions.length == 0 || sum > 2 - WHOLE) {
            throw new IllegalArgumentException(
                    "fractions sum to at most 1, got " + Arrays.toString(fractions) + ", which is " + sum);
        }
        if (sum > WHOLE) {
            return fractions;
        }
        double[] all = Arrays.copyOf(fractions, fractions.length + 1);
        all[fractions.length] = 1 - sum;
        return all;
    }

    /** How many examples of each class each part is to have: {@code [part][class]}. */
    private int[][] wanted(double[] shares) {
        int[] counts = new int[names.size()];
        IntStream.of(labels).forEach(label -> counts[label]++);
        int[][] wanted = new int[shares.length][counts.length];
        // What each part was given too little so far; makes up for rounding from class to class.
        double[] owed = new double[shares.length];
        for (int label = 0; label < counts.length; label++) {
            int least = counts[label] >= shares.length ? 1 : 0;
            for (int part = 0; part < shares.length; part++) {
                wanted[part][label] = least;
                owed[part] += shares[part] * counts[label] - least;
            }
            for (int left = counts[label] - least * shares.length; left > 0; left--) {
                int neediest = 0;
                for (int part = 1; part < shares.length; part++) {
                    neediest = owed[part] > owed[neediest] ? part : neediest;
                }
                wanted[neediest][label]++;
                owed[neediest]--;
            }
        }
        return wanted;
    }

    private void require(int[] part, int[] wanted, double[] shares) {
        if (part.length == 0) {
            throw new GraftException("split: " + labels.length + " examples are too few to be parted into "
                    + Arrays.toString(shares) + "; give more examples or fewer parts");
        }
        boolean[] present = new boolean[wanted.length];
        IntStream.of(part).forEach(index -> present[labels[index]] = true);
        for (int label = 0; label < wanted.length; label++) {
            if (wanted[label] > 0 && !present[label]) {
                throw new GraftException("split: class '" + names.get(label) + "' is of too few groups to be in all "
                        + shares.length + " parts; add pictures that are no copies and of other origins, or give fewer"
                        + " parts");
            }
        }
    }
}
