package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Parts examples by fractions, each class by itself, so that all parts have the same share of it as nearly as whole
 * examples allow. A part gets at least one example of every class that has one for each part.
 */
final class StratifiedParts {
    private static final double WHOLE = 1 - 1e-9;

    private final double[] fractions;
    /** What each part was given too little so far; makes up for rounding from class to class. */
    private final double[] owed;

    private final List<List<Integer>> parts = new ArrayList<>();

    private StratifiedParts(double[] fractions) {
        this.fractions = fractions;
        this.owed = new double[fractions.length];
        for (int part = 0; part < fractions.length; part++) {
            parts.add(new ArrayList<>());
        }
    }

    /**
     * The indices of each part, rising.
     *
     * @param fractions of all examples; where they sum to less than 1, one more part has the rest
     */
    static List<int[]> of(DatasetStage stage, long seed, double... fractions) {
        StratifiedParts split = new StratifiedParts(withRest(fractions));
        Map<Integer, List<Integer>> classes = new TreeMap<>();
        for (int index : Seeds.order(stage.size(), Seeds.random(seed))) {
            classes.computeIfAbsent(stage.label(index), label -> new ArrayList<>())
                    .add(index);
        }
        classes.values().forEach(split::share);
        return split.parts.stream()
                .map(part -> indices(part, stage.size(), split.fractions))
                .toList();
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

    private static int[] indices(List<Integer> part, int of, double[] fractions) {
        if (part.isEmpty()) {
            throw new GraftException("split: " + of + " examples are too few to be parted into "
                    + Arrays.toString(fractions) + "; give more examples or fewer parts");
        }
        return part.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    private void share(List<Integer> examples) {
        int[] given = new int[fractions.length];
        int left = examples.size();
        if (left >= given.length) {
            Arrays.fill(given, 1);
            left -= given.length;
        }
        for (int part = 0; part < given.length; part++) {
            owed[part] += fractions[part] * examples.size() - given[part];
        }
        for (; left > 0; left--) {
            int neediest = 0;
            for (int part = 1; part < given.length; part++) {
                neediest = owed[part] > owed[neediest] ? part : neediest;
            }
            given[neediest]++;
            owed[neediest]--;
        }
        int from = 0;
        for (int part = 0; part < given.length; part++) {
            parts.get(part).addAll(examples.subList(from, from + given[part]));
            from += given[part];
        }
    }
}
