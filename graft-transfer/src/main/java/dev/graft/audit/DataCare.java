package dev.graft.audit;

import dev.graft.GraftException;
import dev.graft.SettingName;
import dev.graft.data.Picture;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureSet;
import dev.graft.data.Splits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was done so that no part knows another's pictures.
 *
 * @param copies how many pictures are copies of another, to the byte
 * @param near how many pictures are nearly the same as another that is no copy, and stay in its part
 * @param contradictions copies that lie in more than one class
 * @param dropped pictures that were taken out of a part, as the validation or test folder that was given has a copy, or
 *     another of the same origin
 */
public record DataCare(int copies, int near, List<List<Path>> contradictions, List<Path> dropped) {
    public DataCare {
        contradictions = List.copyOf(contradictions);
        dropped = List.copyOf(dropped);
    }

    /**
     * Counts copies among pictures.
     *
     * @param pictures of all parts
     */
    public static DataCare of(List<Picture> pictures, PictureGroups copies) {
        Map<Path, Integer> labels = new HashMap<>();
        pictures.forEach(picture -> labels.put(picture.path(), picture.label()));
        List<List<Path>> contradictions = copies.groups().stream()
                .filter(group -> group.stream().map(labels::get).distinct().count() > 1)
                .toList();
        return new DataCare(extra(copies), 0, contradictions, List.of());
    }

    /** How many pictures groups hold beside one each. */
    private static int extra(PictureGroups groups) {
        return groups.groups().stream().mapToInt(group -> group.size() - 1).sum();
    }

    /**
     * The same with near copies.
     *
     * @param alike copies and near copies
     */
    public DataCare near(PictureGroups alike) {
        return new DataCare(copies, extra(alike) - copies, contradictions, dropped);
    }

    /** The same after pictures were dropped. */
    public DataCare dropped(List<Path> paths) {
        return new DataCare(copies, near, contradictions, paths);
    }

    /** Parts of which none has pictures of another's groups, and what that took. */
    public record Separated(Splits splits, List<Path> dropped) {}

    /**
     * Takes out of training what shares a group with validation or test, and out of validation what does with test: what
     * is measured on stays whole.
     *
     * @throws GraftException if nothing of a class would be left to learn from, or nothing to validate on
     */
    public static Separated separate(Splits splits, PictureGroups groups) {
        Map<Path, Integer> groupOf = new HashMap<>();
        for (int i = 0; i < groups.groups().size(); i++) {
            for (Path path : groups.groups().get(i)) {
                groupOf.put(path, i);
            }
        }
        List<Path> dropped = new ArrayList<>();
        Set<Integer> measured = groupsOf(splits.test(), groupOf);
        PictureSet validation = without(splits.validation(), measured, groupOf, dropped);
        measured.addAll(groupsOf(validation, groupOf));
        PictureSet train = without(splits.train(), measured, groupOf, dropped);
        if (dropped.isEmpty()) {
            return new Separated(splits, dropped);
        }
        int[] counts = train.countPerClass();
        for (int label = 0; label < counts.length; label++) {
            if (counts[label] == 0) {
                throw new GraftException("class '" + train.classes().get(label) + "': each of its pictures has a copy,"
                        + " or one of the same origin, in the validation or test folder; give others to learn from");
            }
        }
        if (validation.size() == 0) {
            throw new GraftException("each picture to validate on has a copy, or one of the same origin, in the test"
                    + " folder; give others with " + SettingName.of("val"));
        }
        return new Separated(new Splits(train, validation, splits.test()), dropped);
    }

    private static Set<Integer> groupsOf(@Nullable PictureSet set, Map<Path, Integer> groupOf) {
        Set<Integer> groups = new HashSet<>();
        if (set != null) {
            for (Picture picture : set.pictures()) {
                Integer group = groupOf.get(picture.path());
                if (group != null) {
                    groups.add(group);
                }
            }
        }
        return groups;
    }

    private static PictureSet without(
            PictureSet set, Set<Integer> measured, Map<Path, Integer> groupOf, List<Path> dropped) {
        List<Picture> kept = new ArrayList<>();
        for (Picture picture : set.pictures()) {
            if (measured.contains(groupOf.getOrDefault(picture.path(), -1))) {
                dropped.add(picture.path());
            } else {
                kept.add(picture);
            }
        }
        return new PictureSet(set.classes(), kept);
    }
}
