package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on real photographs: what the default settings reach with a frozen backbone. */
@Tag("slow")
class CatsAndDogsTest {
    @TempDir
    Path cache;

    @Test
    void theFrozenPhaseReachesWhatThePeerReaches() {
        String set = System.getenv("GRAFT_SHARED");
        Path photos = (set != null ? Path.of(set) : Path.of("..", "..", "shared")).resolve("data/cats_dogs");
        Assumptions.assumeTrue(
                Files.isDirectory(photos), () -> "SKIPPED: no " + photos.toAbsolutePath() + "; set GRAFT_SHARED");
        TransferSettings settings = TransferSettings.of(photos.resolve("train"))
                .with(DataSettings.VALIDATION, photos.resolve("test"))
                .with(TuningSettings.EPOCHS, 0)
                .with(RunSettings.CACHE, cache);
        TransferResult result = Runs.run(settings);
        assertThat(result.validation().total()).isEqualTo(200);
        assertThat(result.validation().accuracy()).isGreaterThanOrEqualTo(0.935);
        assertThat(result.skipped()).isEmpty();
    }
}
