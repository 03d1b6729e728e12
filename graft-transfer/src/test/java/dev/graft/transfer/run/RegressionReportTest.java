package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.PredictedFile;
import dev.graft.bundle.Prediction;
import dev.graft.bundle.Prediction.Ranked;
import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RegressionReportTest {
    private static final List<String> CLASSES = List.of("daisy", "rose", "tulip");

    private final List<Picture> pictures = new ArrayList<>();
    private final List<PredictedFile> before = new ArrayList<>();
    private final List<PredictedFile> after = new ArrayList<>();

    /** A picture with what both say; a question mark after it for unknown, null for unreadable. */
    private void add(String name, String truth, @Nullable String old, @Nullable String now) {
        Path path = Path.of(name);
        pictures.add(new Picture(path, CLASSES.indexOf(truth)));
        before.add(said(path, old));
        after.add(said(path, now));
    }

    private static PredictedFile said(Path path, @Nullable String label) {
        if (label == null) {
            return new PredictedFile(path, null, "gone");
        }
        List<Ranked> ranking = List.of(new Ranked(label.replace("?", ""), 0.75), new Ranked("other", 0.25));
        return new PredictedFile(path, new Prediction(ranking, 0.5, label.endsWith("?")), null);
    }

    private RegressionReport compared() {
        return RegressionReport.of(List.of("aster", "daisy", "rose"), new PictureSet(CLASSES, pictures), before, after);
    }

    private static List<String> names(List<RegressionReport.Compared> pictures) {
        return pictures.stream().map(each -> each.picture().toString()).toList();
    }

    @Test
    void whatWasLostAndGainedIsNamed() {
        add("kept", "daisy", "daisy", "daisy");
        add("lost", "daisy", "daisy?", "tulip");
        add("lost too", "rose", "rose", "daisy?");
        add("gained", "rose", "aster", "rose");
        add("never", "rose", "aster", "daisy");
        add("new and right", "tulip", "rose?", "tulip");
        add("new and wrong", "tulip", "rose", "rose");
        RegressionReport comparison = compared();
        assertThat(comparison.before()).isEqualTo(new RegressionReport.Score(3, 5));
        assertThat(comparison.after()).isEqualTo(new RegressionReport.Score(2, 5));
        assertThat(comparison.added()).isEqualTo(new RegressionReport.Score(1, 2));
        assertThat(comparison.added().accuracy()).isEqualTo(0.5);
        assertThat(names(comparison.rightToWrong())).containsExactly("lost", "lost too");
        assertThat(names(comparison.wrongToRight())).containsExactly("gained");
        assertThat(comparison.unknownBefore()).isEqualTo(1);
        assertThat(comparison.unknownAfter()).isEqualTo(1);
        RegressionReport.Compared lost = comparison.rightToWrong().get(0);
        assertThat(lost.before()).isEqualTo(new RegressionReport.Said("daisy", 0.75, true));
        assertThat(lost.after()).isEqualTo(new RegressionReport.Said("tulip", 0.75, false));
        assertThat(comparison.onTest()).isFalse();
        assertThat(comparison.tested(true).onTest()).isTrue();
    }

    @Test
    void picturesThatAreGoneAreListedAndNotCounted() {
        add("kept", "daisy", "daisy", "daisy");
        add("gone", "rose", null, null);
        add("gone between", "rose", "rose", null);
        RegressionReport comparison = compared();
        assertThat(comparison.before()).isEqualTo(new RegressionReport.Score(1, 1));
        assertThat(comparison.skipped())
                .extracting(each -> each.path().toString())
                .containsExactly("gone", "gone between");
        assertThat(comparison.skipped().get(1).reason()).isEqualTo("gone");
        assertThat(comparison.added().accuracy()).isNaN();
    }
}
