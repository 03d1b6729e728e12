package dev.graft.transfer.split;

import dev.graft.FileName;
import dev.graft.GraftException;
import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.data.Skipped;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.features.FeatureExtraction;
import dev.graft.transfer.setting.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Whether enough of the pictures could be read to go on, looked at before they are parted: a seed changes nothing here. */
public final class ReadablePictures {
    private static final double TOLERATED_SHARE = 0.1;
    private static final int LISTED = 3;

    private final FeatureExtraction extraction;
    private final List<String> remarks = new ArrayList<>();

    private ReadablePictures(FeatureExtraction extraction) {
        this.extraction = extraction;
    }

    /**
     * Checks what the feature extraction found.
     *
     * @return what a user should know, a sentence each
     * @throws GraftException if too many are unreadable, a class has too few left to learn from and to validate on, or
     *     nothing is left to validate or to test on
     */
    public static List<String> check(GivenPictures given, FeatureExtraction extraction, TransferSettings settings) {
        requireMost(extraction.skipped(), given.pictures().size(), settings);
        ReadablePictures readable = new ReadablePictures(extraction);
        readable.checkTraining(given.folder().train(), given.isValidated());
        readable.checkMeasured(given.ownValidation(), "validate", DataSettings.VALIDATION);
        readable.checkMeasured(given.ownTest(), "test", DataSettings.TEST);
        return readable.remarks;
    }

    private static void requireMost(List<Skipped> skipped, int total, TransferSettings settings) {
        if (skipped.size() > TOLERATED_SHARE * total && !settings.get(DataSettings.SKIP_UNREADABLE)) {
            throw new GraftException(settings.folder() + ": " + skipped.size() + " of " + total
                    + " pictures cannot be read; " + examples(skipped)
                    + ". Fix them, or go on without them with " + DataSettings.SKIP_UNREADABLE.named());
        }
    }

    /** The first ones with their reasons, and how many others there are; a single other takes no more room than its number. */
    private static String examples(List<Skipped> skipped) {
        int listed = skipped.size() == LISTED + 1 ? skipped.size() : LISTED;
        String first = skipped.stream()
                .limit(listed)
                .map(picture -> FileName.shown(picture.path()) + ": " + picture.reason())
                .collect(Collectors.joining("; "));
        return skipped.size() > listed ? first + "; and " + (skipped.size() - listed) + " others" : first;
    }

    private void checkTraining(PictureSet train, boolean validated) {
        int[] sound = sound(train);
        int[] all = train.countPerClass();
        String none = classes(train, label -> sound[label] == 0);
        if (!none.isEmpty()) {
            throw new GraftException(none + ": none of its pictures can be read"
                    + example(train, label -> sound[label] == 0) + "; fix them or move the folder elsewhere");
        }
        String alone = classes(train, label -> sound[label] == 1);
        if (alone.isEmpty()) {
            return;
        }
        if (!validated) {
            int broken = IntStream.range(0, all.length)
                    .filter(label -> sound[label] == 1)
                    .map(label -> all[label] - 1)
                    .sum();
            throw new GraftException(alone + ": only one of its pictures can be read, " + broken
                    + " cannot; one cannot be both learnt from and validated on: add more, fix those, or give a folder"
                    + " with " + DataSettings.VALIDATION.named());
        }
        remarks.add("warning: there is only one picture to learn from of " + alone + "; what it teaches is a guess");
    }

    /** One of the unreadable pictures of some classes, with its reason. */
    private String example(PictureSet set, IntPredicate which) {
        Set<Path> paths = set.pictures().stream()
                .filter(picture -> which.test(picture.label()))
                .map(Picture::path)
                .collect(Collectors.toSet());
        return extraction.skipped().stream()
                .filter(skipped -> paths.contains(skipped.path()))
                .findFirst()
                .map(skipped -> ", such as " + FileName.shown(skipped.path()) + ": " + skipped.reason())
                .orElse("");
    }

    private void checkMeasured(@Nullable PictureSet set, String purpose, Setting<?> setting) {
        if (set == null) {
            return;
        }
        int[] sound = sound(set);
        int[] all = set.countPerClass();
        if (IntStream.of(sound).sum() == 0) {
            throw new GraftException(
                    "no picture to " + purpose + " on can be read; fix them or give others with " + setting.named());
        }
        String broken = classes(set, label -> sound[label] == 0 && all[label] > 0);
        if (!broken.isEmpty()) {
            remarks.add("warning: none of the pictures to " + purpose + " on can be read of " + broken);
        }
        String absent = classes(set, label -> all[label] == 0);
        if (!absent.isEmpty()) {
            remarks.add("warning: there are no pictures to " + purpose + " on of " + absent);
        }
    }

    private int[] sound(PictureSet set) {
        return set.only(this::isSound).countPerClass();
    }

    private boolean isSound(Picture picture) {
        return extraction.find(picture.path()).isPresent();
    }

    /** {@code class 'a'}, {@code classes 'a', 'b'}; empty for none. */
    private static String classes(PictureSet set, IntPredicate which) {
        List<String> names = IntStream.range(0, set.classes().size())
                .filter(which)
                .mapToObj(label -> "'" + set.classes().get(label) + "'")
                .toList();
        return names.isEmpty()
                ? ""
                : (names.size() == 1 ? "class " : "classes ") + names.stream().collect(Collectors.joining(", "));
    }
}
