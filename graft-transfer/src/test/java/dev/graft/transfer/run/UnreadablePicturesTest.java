package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GeneratedPictures;
import dev.graft.GraftException;
import dev.graft.data.Skipped;
import dev.graft.torch.Scope;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unreadable pictures are left out and listed, unless they are too many or all of a class. */
@Tag("slow")
class UnreadablePicturesTest {
    @TempDir
    Path work;

    private void broken(String name) {
        GeneratedPictures.writeBroken(work.resolve("pictures").resolve(name));
    }

    private TransferSettings skipping(TransferSettings settings) {
        return settings.with(DataSettings.SKIP_UNREADABLE, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cached", "uncached", "all"})
    void aFewAreLeftOutOnceAndListed(String how) {
        TransferSettings settings =
                how.equals("all") ? Runs.fineTuned(work, "all") : Runs.fineTuned(work, "features.12");
        settings = how.equals("cached") ? settings.with(RunSettings.VIEWS, 2) : Runs.uncached(settings);
        broken("discs/broken.png");
        List<TransferEvent> told = new ArrayList<>();
        TransferResult result = TransferRun.run(settings, told::add, () -> false);
        assertThat(result.skipped()).hasSize(1);
        Skipped skipped = result.skipped().get(0);
        assertThat(skipped.path()).isEqualTo(work.resolve("pictures/discs/broken.png"));
        assertThat(skipped.reason()).isNotBlank();
        assertThat(told).contains(new TransferEvent.PicturesSkipped(List.of(skipped)));
        told.stream()
                .filter(TransferEvent.FrozenPass.class::isInstance)
                .map(TransferEvent.FrozenPass.class::cast)
                .forEach(pass -> assertThat(pass.done()).isLessThanOrEqualTo(pass.total()));
        assertThat(told.stream()
                        .filter(event -> event instanceof TransferEvent.FrozenPass pass && pass.done() == pass.total())
                        .count())
                .as("each pass is told to its end")
                .isEqualTo(how.equals("cached") ? 3 : 1);
        List<Integer> unreadable = told.stream()
                .filter(event -> event instanceof TransferEvent.FrozenPass pass && pass.done() == pass.total())
                .map(event -> ((TransferEvent.FrozenPass) event).unreadable())
                .toList();
        assertThat(unreadable.get(0)).as("the first pass finds it").isEqualTo(1);
        assertThat(unreadable.stream().skip(1)).as("later ones have it no more").allMatch(count -> count == 0);
    }

    @Test
    void moreThanATenthIsRefusedUnlessAskedFor() {
        TransferSettings settings = Runs.head(work);
        broken("discs/broken1.png");
        broken("discs/broken2.png");
        long live = Scope.liveTensors();
        assertThatThrownBy(() -> Runs.run(settings))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining(work.resolve("pictures") + ": 2 of 18 pictures cannot be read; ")
                .hasMessageContaining("broken1.png: ")
                .hasMessageContaining("skip-unreadable");
        assertThat(Scope.liveTensors()).isEqualTo(live);
        assertThat(Runs.run(skipping(settings)).skipped()).hasSize(2);
    }

    @Test
    void allAreNamedButManyAndThoseAreCounted() {
        TransferSettings settings = Runs.head(work);
        for (int i = 1; i <= 4; i++) {
            broken("discs/broken" + i + ".png");
        }
        assertThatThrownBy(() -> Runs.run(settings))
                .hasMessageContaining("4 of 20 pictures cannot be read; ")
                .hasMessageContaining("broken4.png: not a picture (starts with")
                .hasMessageNotContaining("other");
        broken("discs/broken5.png");
        assertThatThrownBy(() -> Runs.run(settings))
                .hasMessageContaining("broken3.png: not a picture (starts with")
                .hasMessageContaining("; and 2 others. Fix them")
                .hasMessageNotContaining("broken4.png");
    }

    @Test
    void aClassThatLosesAllItsPicturesIsAnError() {
        TransferSettings settings = Runs.head(work);
        for (int i = 0; i < 3; i++) {
            broken("squares_broken/picture" + i + ".png");
        }
        assertThatThrownBy(() -> Runs.run(skipping(settings)))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("class 'squares_broken': none of its pictures can be read, such as ")
                .hasMessageContaining("picture0.png: not a picture (starts with");
    }

    @Test
    void partsAreMadeOfWhatCanBeRead() {
        TransferSettings settings = Runs.head(work);
        for (int i = 0; i < 7; i++) {
            broken("discs/broken" + i + ".png");
        }
        TransferResult result = Runs.run(skipping(settings));
        // A fifth of eight; of all fifteen it would be three, some of them unreadable.
        assertThat(result.parts().validation().countPerClass()).containsExactly(2, 2);
        assertThat(result.parts().train().countPerClass()).containsExactly(6, 6);
        assertThat(result.plan().training()).isEqualTo(12);
    }

    @Test
    void aClassWithNoReadablePictureToValidateOnIsSaid() {
        TransferSettings settings = Runs.head(work);
        Path validation = work.resolve("more");
        GeneratedPictures.write(validation.resolve("discs/a.png"), 0, 99);
        GeneratedPictures.writeBroken(validation.resolve("squares/b.png"));
        TransferResult result =
                Runs.run(settings.with(DataSettings.VALIDATION, validation).with(DataSettings.SKIP_UNREADABLE, true));
        assertThat(result.plan().source().remarks())
                .containsExactly("warning: none of the pictures to validate on can be read of class 'squares'");
    }

    @Test
    void aTestPartThatLosesAllItsPicturesIsAnError() {
        TransferSettings settings = Runs.head(work);
        Path test = work.resolve("test");
        GeneratedPictures.writeBroken(test.resolve("discs/a.png"));
        TransferSettings tested = settings.with(DataSettings.TEST, test).with(DataSettings.SKIP_UNREADABLE, true);
        assertThatThrownBy(() -> Runs.run(tested))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("no picture to test on can be read");
    }
}
