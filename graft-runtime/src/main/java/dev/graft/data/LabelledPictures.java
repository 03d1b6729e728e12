package dev.graft.data;

import dev.graft.GraftException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pictures that a run is given, whether in folders ({@link ImageFolder#read}) or in a list ({@link #ofList}). None of
 * them has been read yet.
 *
 * @param source the folder, or the file with the list
 * @param train the pictures of the training part, or all
 * @param validation the pictures to validate on, if there is such a part
 * @param test the pictures to test on, if there is such a part
 * @param names what a picture is called, with slashes: its path below the folder of its class, or below that of the list
 * @param weights how much a picture counts in training; those that are missing count 1
 * @param groups pictures of one origin, as far as the source says
 * @param ignored how many files were passed over, by extension in lower case
 * @param remarks what else was passed over or looks odd, a sentence each
 */
public record LabelledPictures(
        Path source,
        PictureSet train,
        @Nullable PictureSet validation,
        @Nullable PictureSet test,
        Map<Path, String> names,
        Map<Path, Float> weights,
        PictureGroups groups,
        Map<String, Integer> ignored,
        List<String> remarks) {
    public LabelledPictures {
        names = Map.copyOf(names);
        weights = Map.copyOf(weights);
        ignored = Collections.unmodifiableMap(new TreeMap<>(ignored));
        remarks = List.copyOf(remarks);
    }

    /**
     * The pictures of a list.
     *
     * @param file that the list was read from, for messages
     * @param classes the names of the classes
     * @param validated whether other pictures are there to validate on, so that one picture of a class will do
     * @throws GraftException as {@link ImageFolder#read}, or if a part is called what no part is
     */
    public static LabelledPictures ofList(
            Path file, List<String> classes, List<ListedPicture> pictures, boolean validated) {
        return PictureList.read(file, classes, pictures, validated);
    }

    public List<String> classes() {
        return train.classes();
    }

    /** How much a picture counts in training. */
    public float weight(Picture picture) {
        return weights.getOrDefault(picture.path(), 1f);
    }

    /** The pictures of all parts. */
    public List<Picture> allPictures() {
        return parts().flatMap(set -> set.pictures().stream()).toList();
    }

    private Stream<PictureSet> parts() {
        return Stream.of(train, validation, test).flatMap(Stream::ofNullable);
    }

    /** The same without the pictures that a test refuses: those that cannot be read. */
    public LabelledPictures only(Predicate<Picture> test) {
        return new LabelledPictures(
                source,
                train.only(test),
                validation == null ? null : validation.only(test),
                this.test == null ? null : this.test.only(test),
                names,
                weights,
                groups,
                ignored,
                remarks);
    }

    /**
     * The parts to work with, each picture for itself: {@link #split(double, double, long, PictureGroups)} without
     * groups.
     */
    public Splits split(double validationShare, double testShare, long seed) {
        return split(validationShare, testShare, seed, PictureGroups.none());
    }

    /**
     * The parts to work with. Parts that were given are used; what is missing is cut from the training pictures, the same
     * share of every class, at least one picture of each.
     *
     * @param validationShare of the pictures, 0 to 1; {@link ImageFolder#VALIDATION_SHARE} is usual
     * @param testShare of the pictures; 0 for no test part
     * @param seed the same seed and files give the same parts
     * @param groups pictures that stay in one part; the shares of the classes are as even as these allow
     * @throws GraftException if a test part is wanted and no class has pictures left for it, or if all pictures of a
     *     class are of one group
     */
    public Splits split(double validationShare, double testShare, long seed, PictureGroups groups) {
        double toValidate = validation == null ? validationShare : 0;
        double toTest = test == null ? testShare : 0;
        Splits cut = Splits.cut(train, groups, toValidate, toTest, seed);
        if (cut.test() != null && cut.test().size() == 0) {
            throw new GraftException(source + ": no class has enough pictures to learn from, validate and test on;"
                    + " add some, or a test part");
        }
        return new Splits(
                cut.train(), validation == null ? cut.validation() : validation, test == null ? cut.test() : test);
    }
}
