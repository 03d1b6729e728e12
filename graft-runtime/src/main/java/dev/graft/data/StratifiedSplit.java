package dev.graft.data;

import dev.graft.FileBlocks;
import dev.graft.GraftException;
import dev.graft.Seeds;
import dev.graft.Spelling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Cuts every class by the same shares, keeping groups whole. A class is shuffled by a generator made of the seed and its
 * own name, so that another class that comes or goes changes nothing for it, unless a group has pictures of both. Groups
 * are taken in that order as long as they fit, and then the smallest, if a class would else have nothing.
 */
final class StratifiedSplit {
    private static final Comparator<Picture> ORDER =
            Comparator.comparingInt(Picture::label).thenComparing(Picture::path);

    /** Pictures that stay together, and how many of each class they are. */
    private static final class Unit {
        final List<Picture> pictures = new ArrayList<>();
        final int[] counts;
        boolean taken;

        Unit(int classes) {
            counts = new int[classes];
        }

        void add(Picture picture) {
            pictures.add(picture);
            counts[picture.label()]++;
        }
    }

    private final PictureSet all;
    private final Map<Path, Unit> units = new HashMap<>();
    private final double validationShare;
    private final double testShare;
    /** How many pictures of each class no part has taken yet. */
    private final int[] left;

    /**
     * Prepares a split; a share of 0 leaves that part out.
     *
     * @param validationShare of every class, from 0 to below 1; over 0 it is at least one picture
     * @param testShare likewise, as long as a picture is left for training
     */
    StratifiedSplit(PictureSet all, PictureGroups groups, double validationShare, double testShare) {
        if (!(validationShare >= 0 && testShare >= 0 && validationShare + testShare < 1)) {
            throw new IllegalArgumentException("validation and test shares must leave something for training, got "
                    + validationShare + " and " + testShare);
        }
        this.all = all;
        this.validationShare = validationShare;
        this.testShare = testShare;
        this.left = all.countPerClass();
        for (List<Path> group : groups.groups()) {
            Unit unit = new Unit(left.length);
            group.forEach(path -> units.put(path, unit));
        }
        for (Picture picture : all.pictures()) {
            units.computeIfAbsent(picture.path(), path -> new Unit(left.length)).add(picture);
        }
    }

    Splits split(long seed) {
        int[] counts = all.countPerClass();
        int[] validation = new int[counts.length];
        int[] test = new int[counts.length];
        for (int label = 0; label < counts.length; label++) {
            validation[label] = share(validationShare, counts[label], counts[label] - 1);
            test[label] = share(testShare, counts[label], counts[label] - 1 - validation[label]);
        }
        List<Picture> validated = take(validation, seed);
        for (int label = 0; label < counts.length; label++) {
            int wanted = label;
            if (validation[label] > 0 && validated.stream().noneMatch(picture -> picture.label() == wanted)) {
                throw new GraftException("class '" + all.classes().get(label) + "': its " + counts[label]
                        + " pictures are copies of each other or of one origin, so they cannot be both learnt from and"
                        + " validated on; add others, or give a folder to validate on");
            }
        }
        List<Picture> tested = take(test, seed);
        List<Picture> learnt =
                all.pictures().stream().filter(picture -> !unit(picture).taken).toList();
        return new Splits(set(learnt), set(validated), testShare > 0 ? set(tested) : null);
    }

    /** Takes groups out of what is left until every class has as many pictures as wanted, or nearly. */
    private List<Picture> take(int[] wanted, long seed) {
        int[] taken = new int[wanted.length];
        List<Picture> part = new ArrayList<>();
        for (int label = 0; label < wanted.length; label++) {
            LinkedHashSet<Unit> here = new LinkedHashSet<>();
            shuffled(all.ofClass(label), all.classes().get(label), seed).forEach(picture -> here.add(unit(picture)));
            for (Unit unit : here) {
                if (taken[label] < wanted[label] && isFree(unit) && fits(unit, taken, wanted)) {
                    move(unit, taken, part);
                }
            }
            int of = label;
            if (taken[label] == 0 && wanted[label] > 0) {
                here.stream()
                        .filter(this::isFree)
                        .min(Comparator.comparingInt(unit -> unit.counts[of]))
                        .ifPresent(unit -> move(unit, taken, part));
            }
        }
        return part;
    }

    /** Whether a group is still there, and something of each of its classes is left for training without it. */
    private boolean isFree(Unit unit) {
        return !unit.taken
                && IntStream.range(0, left.length)
                        .allMatch(label -> unit.counts[label] == 0 || unit.counts[label] < left[label]);
    }

    private static boolean fits(Unit unit, int[] taken, int[] wanted) {
        return IntStream.range(0, taken.length)
                .allMatch(label -> unit.counts[label] == 0 || taken[label] + unit.counts[label] <= wanted[label]);
    }

    private void move(Unit unit, int[] taken, List<Picture> part) {
        unit.taken = true;
        part.addAll(unit.pictures);
        for (int label = 0; label < taken.length; label++) {
            taken[label] += unit.counts[label];
            left[label] -= unit.counts[label];
        }
    }

    private Unit unit(Picture picture) {
        return units.getOrDefault(picture.path(), new Unit(left.length));
    }

    private PictureSet set(List<Picture> part) {
        return new PictureSet(all.classes(), part.stream().sorted(ORDER).toList());
    }

    private static int share(double share, int of, int most) {
        return share == 0 ? 0 : Math.max(0, Math.min(most, Math.max(1, (int) Math.round(share * of))));
    }

    private static List<Picture> shuffled(List<Picture> pictures, String name, long seed) {
        long key = Integer.toUnsignedLong(FileBlocks.crc32c(Spelling.nfc(name).getBytes(StandardCharsets.UTF_8)));
        int[] order = Seeds.order(pictures.size(), new SplittableRandom(Seeds.mix(Seeds.mix(seed) ^ key)));
        return IntStream.of(order).mapToObj(pictures::get).toList();
    }
}
