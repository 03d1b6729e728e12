package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testing.Folders;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose cache cannot be used, from the start or from the middle on, says so and gives the same model. */
@Tag("slow")
class LostCacheTest {
    @TempDir
    Path work;

    private final List<String> told = new ArrayList<>();
    private TransferSettings settings;
    private byte[] expected;

    @BeforeEach
    void trainWithTheCache() throws IOException {
        settings = Runs.fineTuned(work, "features.12");
        expected = train(settings, event -> {});
        assertThat(told).isEmpty();
    }

    private byte[] train(TransferSettings now, Consumer<TransferEvent> also) throws IOException {
        TransferResult result = TransferRun.run(
                now,
                event -> {
                    if (event instanceof TransferEvent.CacheLost lost) {
                        told.add(lost.message().toString());
                    }
                    also.accept(event);
                },
                () -> false);
        Path model = work.resolve("model.graft");
        result.bundle().write(model);
        return Files.readAllBytes(model);
    }

    private TransferSettings in(Path folder) {
        return settings.with(RunSettings.CACHE, folder);
    }

    @Test
    void aFileInItsPlaceIsToldBySurveyAndPhases() throws IOException {
        Path file = Files.writeString(work.resolve("file"), "in the way");
        assertThat(train(in(file), event -> {})).isEqualTo(expected);
        assertThat(told).isNotEmpty().allMatch(line -> line.startsWith("cache " + file + ": "));
        assertThat(file).hasContent("in the way");
    }

    @Test
    void aFolderThatIsDeletedWhileTheRunGoesOnIsMadeAgain() throws IOException {
        Path folder = work.resolve("another");
        assertThat(train(in(folder), event -> {
                    if (event instanceof TransferEvent.PhaseBegun) {
                        Folders.delete(folder);
                    }
                }))
                .isEqualTo(expected);
        assertThat(told).isEmpty();
        assertThat(folder).isDirectory();
    }

    /** What the extraction kept is gone, and from then on a file is in the way. */
    @Test
    void aFolderThatBecomesAFileIsDoneWithout() throws IOException {
        Path folder = work.resolve("another");
        assertThat(train(in(folder), event -> {
                    if (event instanceof TransferEvent.PassStarted pass
                            && !pass.phase().equals(TransferEvent.EXTRACTION)
                            && Files.isDirectory(folder)) {
                        Folders.delete(folder);
                        write(folder);
                    }
                }))
                .isEqualTo(expected);
        assertThat(told).isNotEmpty().allMatch(line -> line.startsWith("cache " + folder + ": "));
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "in the way");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
