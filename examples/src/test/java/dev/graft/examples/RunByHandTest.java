package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.transfer.RunContext;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.run.TransferResult;
import dev.graft.transfer.run.TransferRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunByHandTest {
    @TempDir
    Path work;

    @ParameterizedTest
    @EnumSource(names = {"HEAD", "LAST"})
    void theBundleIsThatOfTheRun(Recipe recipe) throws IOException {
        Path folder = Drawings.twoShapes(work.resolve("drawings"), 12, 64, 1);
        TransferSettings settings = TransferSettings.of(folder)
                .with(BackboneSettings.IMAGE_SIZE, 64)
                .with(RunSettings.RECIPE, recipe)
                .with(RunSettings.CACHE, work.resolve("cache"))
                .with(RunSettings.THREADS, 1);
        settings = recipe == Recipe.HEAD
                ? settings
                : settings.with(TuningSettings.UNFREEZE, Unfreezing.parse("classifier.0:1,features.12:1"))
                        .with(TuningSettings.EPOCHS, 1);
        byte[] expected = bytes(TransferRun.run(settings, event -> {}, () -> false));
        try (RunContext context = RunContext.open(1)) {
            assertThat(bytes(RunByHand.run(settings, context))).isEqualTo(expected);
        }
    }

    private byte[] bytes(TransferResult result) throws IOException {
        Path file = work.resolve("model.graft");
        result.bundle().write(file);
        return Files.readAllBytes(file);
    }
}
