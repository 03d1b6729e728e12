package dev.graft.data;

import dev.graft.Blocks;
import dev.graft.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Cuts every class by the same shares. A class is shuffled by a generator made of the seed and its own name, so that
 * another class that comes or goes changes nothing for it.
 */
final class StratifiedSplit {
    private static final Comparator<Picture> ORDER =
            Comparator.comparingInt(Picture::label).thenComparing(Picture::path);

    private final List<Picture> train = new ArrayList<>();
    private final List<Picture> validation = new ArrayList<>();
    private final List<Picture> test = new ArrayList<>();

    private StratifiedSplit() {}

    /**
     * Splits a set; a share of 0 leaves that part out.
     *
     * @param validationShare of every class, from 0 to below 1; over 0 it is at least one picture
     * @param testShare likewise, as long as a picture is left for training
     */
    static Splits split(PictureSet all, double validationShare, double testShare, long seed) {
        if (!(validationShare >= 0 && testShare >= 0 && validationShare + testShare < 1)) {
            throw new IllegalArgumentException("validation and test shares must leave something for training, got "
                    + validationShare + " and " + testShare);
        }
        StratifiedSplit parts = new StratifiedSplit();
        for (int label = 0; label < all.classes().size(); label++) {
            List<Picture> pictures = shuffled(all.ofClass(label), all.classes().get(label), seed);
            int forValidation = share(validationShare, pictures.size(), pictures.size() - 1);
            int forTest = share(testShare, pictures.size(), pictures.size() - 1 - forValidation);
            parts.validation.addAll(pictures.subList(0, forValidation));
            parts.test.addAll(pictures.subList(forValidation, forValidation + forTest));
            parts.train.addAll(pictures.subList(forValidation + forTest, pictures.size()));
        }
        PictureSet test = testShare > 0 ? parts.set(all, parts.test) : null;
        return new Splits(parts.set(all, parts.train), parts.set(all, parts.validation), test);
    }

    private PictureSet set(PictureSet all, List<Picture> part) {
        return new PictureSet(all.classes(), part.stream().sorted(ORDER).toList());
    }

    private static int share(double share, int of, int most) {
        return share == 0 ? 0 : Math.max(0, Math.min(most, Math.max(1, (int) Math.round(share * of))));
    }

    private static List<Picture> shuffled(List<Picture> pictures, String name, long seed) {
        long key = Integer.toUnsignedLong(Blocks.crc32c(name.getBytes(StandardCharsets.UTF_8)));
        int[] order = Seeds.order(pictures.size(), new SplittableRandom(Seeds.mix(Seeds.mix(seed) ^ key)));
        return IntStream.of(order).mapToObj(pictures::get).toList();
    }
}
