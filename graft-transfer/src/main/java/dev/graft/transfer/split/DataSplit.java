package dev.graft.transfer.split;

import dev.graft.Workers;
import dev.graft.audit.DataCare;
import dev.graft.audit.NearCopies;
import dev.graft.data.ImageFolder;
import dev.graft.data.Picture;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureSet;
import dev.graft.data.Splits;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.features.FeatureExtraction;
import dev.graft.transfer.features.IndexedPicture;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pictures in their parts: none shares a picture, a copy or an origin with another.
 *
 * @param splits the pictures that can be read: what cannot takes no place in a part
 * @param care what was done to part them cleanly
 * @param weights how much pictures count in training; those that are missing count 1
 */
public record DataSplit(Splits splits, DataCare care, Map<Path, Float> weights) {
    /** The part of that number to train on, in {@link #parts}. */
    public static final int TRAIN = 0;

    /** The part of that number to validate on. */
    public static final int VALIDATION = 1;

    /** The part of that number to test on, where there is one. */
    public static final int TEST = 2;

    /** All pairs of pictures are compared, which grows with the square of their number. */
    private static final int MOST_COMPARED = 10_000;
    /** What near copies of one another may be of a class. */
    private static final double LARGEST_SHARE = 0.25;

    /** Parts those pictures that the feature extraction could read. */
    public static DataSplit of(
            GivenPictures given, FeatureExtraction extraction, TransferSettings settings, RunContext context) {
        String groupBy = settings.orNull(DataSettings.GROUP_BY);
        PictureGroups copies = PictureGroups.copies(given.pictures());
        // Whoever names the origins knows better what belongs together than a look can tell.
        PictureGroups named = given.folder().groups();
        boolean looked = groupBy == null && named.groups().isEmpty();
        PictureGroups alike = looked ? copies.and(nearCopies(extraction, context.workers())) : copies;
        PictureGroups origins = alike.and(named);
        PictureGroups groups = groupBy == null ? origins : origins.and(PictureGroups.byName(given.folder(), groupBy));
        Predicate<Picture> readable = picture -> extraction.find(picture.path()).isPresent();
        PictureSet validation = given.validation();
        PictureSet test = given.test();
        Splits splits = given.folder()
                .only(readable)
                .split(
                        validation == null ? ImageFolder.VALIDATION_SHARE : 0,
                        test == null ? settings.get(DataSettings.TEST_SHARE) : 0,
                        settings.get(RunSettings.SEED),
                        groups);
        DataCare.Separated parts = DataCare.separate(
                new Splits(
                        splits.train(),
                        validation == null ? splits.validation() : validation.only(readable),
                        test == null ? splits.test() : test.only(readable)),
                groups);
        return new DataSplit(
                parts.splits(),
                DataCare.of(given.pictures(), copies).near(alike).dropped(parts.dropped()),
                given.folder().weights());
    }

    /** How much a picture counts in training. */
    public float weight(Picture picture) {
        return weights.getOrDefault(picture.path(), 1f);
    }

    /** Whether some pictures count more than others. */
    public boolean isWeighted() {
        return weights.values().stream().anyMatch(weight -> weight != 1);
    }

    /** The pictures to train on, to validate on and, where there are some, to test on. */
    public List<List<Picture>> parts() {
        return Stream.of(splits.train(), splits.validation(), splits.test())
                .flatMap(Stream::ofNullable)
                .map(PictureSet::pictures)
                .toList();
    }

    /**
     * Pictures that show nearly the same. Where those are most of a class, as of X-rays or of frames of one film, they are
     * no copies, or no split could keep them together: then none are named.
     */
    private static PictureGroups nearCopies(FeatureExtraction extraction, Workers workers) {
        if (!extraction.holdsFeatures() || extraction.pictures().size() > MOST_COMPARED) {
            return PictureGroups.none();
        }
        List<Picture> pictures =
                extraction.pictures().stream().map(IndexedPicture::picture).toList();
        List<float[]> features = pictures.stream().map(extraction::features).toList();
        List<NearCopies.Pair> pairs = NearCopies.of(features, NearCopies.THRESHOLD, workers);
        if (pairs.size() > pictures.size()) {
            return PictureGroups.none();
        }
        List<List<Path>> paths = pairs.stream()
                .map(pair -> List.of(
                        pictures.get(pair.first()).path(),
                        pictures.get(pair.second()).path()))
                .toList();
        PictureGroups groups = PictureGroups.none().and(new PictureGroups(paths));
        return isTooMuch(groups, pictures) ? PictureGroups.none() : groups;
    }

    private static boolean isTooMuch(PictureGroups groups, List<Picture> pictures) {
        Map<Integer, Long> counts =
                pictures.stream().collect(Collectors.groupingBy(Picture::label, Collectors.counting()));
        Map<Path, Integer> labels = new HashMap<>();
        pictures.forEach(picture -> labels.put(picture.path(), picture.label()));
        return groups.groups().stream().anyMatch(group -> group.stream()
                .anyMatch(path -> group.size() > LARGEST_SHARE * counts.getOrDefault(labels.get(path), 0L)));
    }
}
