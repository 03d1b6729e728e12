package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.zoo.Zoo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EfficientNetOnCifarTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void fineTuningMovesAllOfTheBaseButItsFirstLayers(@TempDir Path folder) {
        Drawings.shapes(folder, 30, 32, 3);
        var result = EfficientNetOnCifar.run(ExampleOptions.of(folder, 3, 64), out);

        assertThat(result.keptFrozen().layerNames()).hasSize(28).startsWith("base.features.0.0");
        assertThat(result.keptFrozen().trainableWeights()).isEmpty();
        // Every weight that trains moved; the first layers and all batch statistics did not.
        assertThat(PackedBase.moved(result.network()))
                .containsExactlyInAnyOrderElementsOf(
                        result.network().layer("base").trainableWeights());
        assertThat(result.headAccuracy()).isGreaterThan(0.6);
        assertThat(result.fineTunedAccuracy()).isGreaterThan(0.8);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("trainable 4,100 / total 1,521,956 (0.3%)")
                .contains("first 28 layers of 154: trainable 1,513,628 / total 1,521,956 (99.5%)")
                .contains(String.format(Locale.ROOT, "Test accuracy: %.3f", result.fineTunedAccuracy()));
    }

    @Test
    void ofEfficientNetItselfHundredLayersStayFrozen() {
        int layers =
                Zoo.pretrained("efficientnet_v2_s").backbone(64).model().nodes().size();
        assertThat(EfficientNetOnCifar.keptFrozen(layers)).isEqualTo(100);
    }

    @Test
    void onCifarBothPhasesAreFarAboveChance(@TempDir Path folder) throws IOException {
        copy(cifar().resolve("train"), folder.resolve("train"), 25);
        copy(cifar().resolve("test"), folder.resolve("test"), 15);
        var result = EfficientNetOnCifar.run(ExampleOptions.of(folder, 6, 80), out);
        // Chance is 0.1.
        assertThat(result.headAccuracy()).isGreaterThan(0.3);
        assertThat(result.fineTunedAccuracy()).isGreaterThan(0.33);
    }

    private static Path cifar() {
        Path folder = Path.of(System.getenv().getOrDefault("GRAFT_SHARED", "../../shared"), "data", "cifar10");
        Assumptions.assumeTrue(
                Files.isDirectory(folder), () -> "SKIPPED: no " + folder.toAbsolutePath() + "; set GRAFT_SHARED");
        return folder;
    }

    private static void copy(Path from, Path to, int perClass) throws IOException {
        try (Stream<Path> classes = Files.list(from)) {
            for (Path folder : classes.toList()) {
                Path target = Files.createDirectories(to.resolve(folder.getFileName()));
                for (Path picture : first(folder, perClass)) {
                    Files.copy(picture, target.resolve(picture.getFileName()));
                }
            }
        }
    }

    private static List<Path> first(Path folder, int count) throws IOException {
        try (Stream<Path> pictures = Files.list(folder)) {
            return pictures.sorted().limit(count).toList();
        }
    }
}
