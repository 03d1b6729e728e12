package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.GeneratedPictures;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a later run takes from the cache after something changed. */
@Tag("slow")
class CacheReuseTest {
    @TempDir
    Path work;

    private TransferSettings settings;

    @BeforeEach
    void fillTheCache() {
        settings = Runs.head(work);
        assertThat(Runs.run(settings).cache().misses()).isEqualTo(16);
    }

    private int misses(TransferSettings now) {
        return Runs.run(now).cache().misses();
    }

    @Test
    void namesAndTimesDoNotCount() throws IOException {
        Path pictures = work.resolve("pictures");
        Files.move(pictures.resolve("discs/picture3.png"), pictures.resolve("discs/renamed.png"));
        Files.setLastModifiedTime(pictures.resolve("discs/picture4.png"), FileTime.from(Instant.EPOCH));
        assertThat(misses(settings)).isZero();
    }

    @Test
    void aChangedPictureIsComputedAloneAndTheHeadsSettingsDoNotCount() {
        GeneratedPictures.write(work.resolve("pictures/discs/picture3.png"), 0, 99);
        assertThat(misses(Runs.trained(settings, 2, 1e-3).with(RunSettings.SEED, 7L)))
                .isEqualTo(1);
    }

    @Test
    void anotherSizeIsComputedAnewAndBothStay() {
        assertThat(misses(settings.with(BackboneSettings.IMAGE_SIZE, 64))).isEqualTo(16);
        assertThat(misses(settings)).isZero();
    }

    @Test
    void moreViewsComputeOnlyWhatIsNew() {
        assertThat(misses(settings.with(RunSettings.VIEWS, 2))).isEqualTo(12);
        assertThat(misses(settings.with(RunSettings.VIEWS, 2))).isZero();
        assertThat(misses(settings.with(RunSettings.VIEWS, 2).with(RunSettings.SEED, 43L)))
                .as("other random views")
                .isBetween(12, 16);
    }
}
