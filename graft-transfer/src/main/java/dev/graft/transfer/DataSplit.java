package dev.graft.transfer;

import dev.graft.Workers;
import dev.graft.audit.DataCare;
import dev.graft.audit.NearCopies;
import dev.graft.data.ImageFolder;
import dev.graft.data.KnownFolder;
import dev.graft.data.LabelledPictures;
import dev.graft.data.Picture;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureSet;
import dev.graft.data.Splits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pictures in their parts: none shares a picture, a copy or an origin with another.
 *
 * @param splits the pictures that can be read: what cannot takes no place in a part
 * @param care what was done to part them cleanly
 */
record DataSplit(Splits splits, DataCare care) {
    /** All pairs of pictures are compared, which grows with the square of their number. */
    private static final int MOST_COMPARED = 10_000;
    /** What near copies of one another may be of a class. */
    private static final double LARGEST_SHARE = 0.25;

    /**
     * The pictures of all folders.
     *
     * @param remarks what is to be known of folders that were given beside the first
     */
    record Given(
            List<Picture> pictures,
            @Nullable PictureSet validation,
            @Nullable PictureSet test,
            List<String> remarks) {
        static Given of(LabelledPictures folder, TransferSettings.Data data) {
            List<String> remarks = new ArrayList<>();
            PictureSet validation = read(data.validation(), folder, remarks);
            PictureSet test = read(data.test(), folder, remarks);
            List<Picture> pictures = new ArrayList<>(folder.allPictures());
            Stream.of(validation, test).flatMap(Stream::ofNullable).forEach(set -> pictures.addAll(set.pictures()));
            return new Given(new ArrayList<>(new LinkedHashSet<>(pictures)), validation, test, remarks);
        }

        private static @Nullable PictureSet read(@Nullable Path given, LabelledPictures folder, List<String> remarks) {
            if (given == null) {
                return null;
            }
            KnownFolder known = KnownFolder.read(given, folder.classes());
            remarks.addAll(known.remarks());
            return known.pictures();
        }
    }

    static DataSplit of(
            LabelledPictures folder,
            Given given,
            FeatureExtraction extraction,
            TransferSettings settings,
            Workers workers) {
        TransferSettings.Data data = settings.data();
        PictureGroups copies = PictureGroups.copies(given.pictures());
        // Whoever names the origins knows better what belongs together than a look can tell.
        PictureGroups alike = data.groupBy() == null ? copies.and(nearCopies(extraction, workers)) : copies;
        PictureGroups groups = data.groupBy() == null ? alike : alike.and(PictureGroups.byName(folder, data.groupBy()));
        Predicate<Picture> readable = picture -> extraction.find(picture.path()).isPresent();
        Splits splits = folder.only(readable)
                .split(
                        data.validation() == null ? ImageFolder.VALIDATION_SHARE : 0,
                        data.test() == null ? data.testShare() : 0,
                        settings.seed(),
                        groups);
        DataCare.Separated parts = DataCare.separate(
                new Splits(
                        splits.train(),
                        given.validation() == null
                                ? splits.validation()
                                : given.validation().only(readable),
                        given.test() == null ? splits.test() : given.test().only(readable)),
                groups);
        return new DataSplit(
                parts.splits(),
                DataCare.of(given.pictures(), copies).near(alike).dropped(parts.dropped()));
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
