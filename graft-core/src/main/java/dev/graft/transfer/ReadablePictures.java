package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.data.Picture;
import dev.graft.data.Skipped;
import dev.graft.data.Splits;
import java.util.List;

/** Whether enough of the pictures could be read to go on. */
final class ReadablePictures {
    private static final double TOLERATED_SHARE = 0.1;
    private static final int LISTED = 3;

    private ReadablePictures() {}

    /**
     * Checks what a pass over the pictures found.
     *
     * @param sound the pictures that are left, by part
     * @throws GraftException if too many are unreadable, or a class has none left to learn from or to validate on
     */
    static void check(List<Skipped> skipped, List<List<Picture>> sound, Splits splits, TransferSettings.Data settings) {
        if (skipped.isEmpty()) {
            return;
        }
        int total = skipped.size() + sound.stream().mapToInt(List::size).sum();
        if (skipped.size() > TOLERATED_SHARE * total && !settings.skipUnreadable()) {
            StringBuilder examples = new StringBuilder();
            skipped.stream().limit(LISTED).forEach(picture -> examples.append("; ")
                    .append(picture.path())
                    .append(": ")
                    .append(picture.reason()));
            throw new GraftException(settings.folder() + ": " + skipped.size() + " of " + total
                    + " pictures cannot be read" + examples + (skipped.size() > LISTED ? "; and others" : "")
                    + ". Mend them, or go on without them with --skip-unreadable");
        }
        List<String> classes = splits.train().classes();
        for (int label = 0; label < classes.size(); label++) {
            int wanted = label;
            if (sound.get(0).stream().noneMatch(picture -> picture.label() == wanted)) {
                throw new GraftException("class '" + classes.get(label)
                        + "': none of its pictures can be read; mend them or remove the folder");
            }
        }
        if (sound.get(1).isEmpty()) {
            throw new GraftException("no picture to validate on can be read; mend them or give others with --val");
        }
        if (sound.size() > 2 && sound.get(2).isEmpty()) {
            throw new GraftException("no picture to test on can be read; mend them or give others with --test");
        }
    }
}
