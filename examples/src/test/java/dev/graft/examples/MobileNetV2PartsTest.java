package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MobileNetV2PartsTest {
    private static final int EPOCHS = 4;

    @Test
    void theLastConvolutionsMoveIfTheyMayAndSlowly(@TempDir Path folder) {
        Drawings.shapes(folder, 30, 64, 3);
        var printed = new ByteArrayOutputStream();
        var result = MobileNetV2Parts.run(
                ExampleOptions.of(folder, EPOCHS, 64), new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(PackedBase.moved(result.classifierOnly())).isEmpty();
        assertThat(result.classifierAccuracy()).isGreaterThan(0.6);

        var base = result.lastToo().layer("base");
        assertThat(PackedBase.moved(result.lastToo()))
                .containsExactlyInAnyOrderElementsOf(base.trainableWeights())
                .allMatch(name -> name.matches("base\\.(features\\.1[12]|classifier\\.0)\\..*"));
        assertThat(result.lastTooAccuracy()).isGreaterThan(0.8);

        // Adam moves a weight by about its rate in each step: 1e-4 here, where that of the classifier is 1e-3.
        int steps = EPOCHS * ((4 * 21 + 15) / 16);
        assertThat(Collections.max(PackedBase.moves(result.lastToo()).values()))
                .isBetween(0.2e-4f * steps, 1.5e-4f * steps);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("trainable 4,100 / total 1,521,956 (0.3%)")
                .contains("trainable 945,492 / total 1,521,956 (62.1%)");
    }
}
