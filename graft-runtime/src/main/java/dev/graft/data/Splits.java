package dev.graft.data;

import dev.graft.GraftException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The parts a run works with; no picture is in two of them.
 *
 * @param train what is learnt from
 * @param validation what decides when to stop
 * @param test what the result is measured on, if there is such a part
 */
public record Splits(
        PictureSet train, PictureSet validation, @Nullable PictureSet test) {
    private static final Comparator<Picture> ORDER =
            Comparator.comparingInt(Picture::label).thenComparing(Picture::path);

    /** The test part, if there is one. */
    public Optional<PictureSet> testPart() {
        return Optional.ofNullable(test);
    }

    /**
     * Cuts every class by the same shares; a share of 0 leaves that part out.
     *
     * @param groups pictures that stay in one part
     * @param validationShare of every class, from 0 to below 1; over 0 it is at least one picture
     * @param testShare likewise, as long as a picture is left for training
     * @throws GraftException if all pictures of a class are of one group, so that none can be validated on
     */
    static Splits cut(PictureSet all, PictureGroups groups, double validationShare, double testShare, long seed) {
        if (!(validationShare >= 0 && testShare >= 0 && validationShare + testShare < 1)) {
            throw new IllegalArgumentException("validation and test shares must leave something for training, got "
                    + validationShare + " and " + testShare);
        }
        int[] counts = all.countPerClass();
        int[] validation = new int[counts.length];
        int[] test = new int[counts.length];
        for (int label = 0; label < counts.length; label++) {
            validation[label] = share(validationShare, counts[label], counts[label] - 1);
            test[label] = share(testShare, counts[label], counts[label] - 1 - validation[label]);
        }
        List<Picture> pictures = all.pictures();
        List<int[]> parts = StratifiedSplit.of(
                        all.classes(),
                        pictures.stream().mapToInt(Picture::label).toArray(),
                        groups.numbers(pictures.stream().map(Picture::path).toList()))
                .cut(List.of(validation, test), seed);
        List<PictureSet> sets = new ArrayList<>();
        for (int[] part : parts) {
            sets.add(new PictureSet(
                    all.classes(),
                    IntStream.of(part).mapToObj(pictures::get).sorted(ORDER).toList()));
        }
        int[] validated = sets.get(1).countPerClass();
        for (int label = 0; label < counts.length; label++) {
            if (validation[label] > 0 && validated[label] == 0) {
                throw new GraftException("class '" + all.classes().get(label) + "': its " + counts[label]
                        + " pictures are copies of each other or of one origin, so they cannot be both learnt from and"
                        + " validated on; add others, or give a folder to validate on");
            }
        }
        return new Splits(sets.get(0), sets.get(1), testShare > 0 ? sets.get(2) : null);
    }

    private static int share(double share, int of, int most) {
        return share == 0 ? 0 : Math.max(0, Math.min(most, Math.max(1, (int) Math.round(share * of))));
    }
}
