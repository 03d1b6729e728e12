package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResNetNewHeadTest {
    @Test
    void asAFixedExtractorOnlyFcTrainsAndFineTunedAllOfIt(@TempDir Path folder) {
        Drawings.shapes(folder, 20, 64, 3);
        var printed = new ByteArrayOutputStream();
        var result = ResNetNewHead.run(
                ExampleOptions.of(folder, 5, 64), new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(PackedBase.moved(result.fixed())).isEmpty();
        assertThat(result.fixed().trainableWeights()).containsExactly("fc.weight", "fc.bias");
        assertThat(result.fixedAccuracy()).isGreaterThan(0.6);

        // Statistics too: fine-tuned as torch does it, batch normalisation follows the new pictures. The units of one
        // squeeze of the packed network are negative on all of these pictures, so that no gradient passes its ReLU.
        Set<String> expected =
                new HashSet<>(result.fineTuned().layer("base").weights().keySet());
        expected.removeIf(name -> name.matches("base\\.features\\.1\\.block\\.1\\.(fc1\\..*|fc2\\.weight)"));
        assertThat(PackedBase.moved(result.fineTuned())).isEqualTo(expected);
        assertThat(result.fineTunedAccuracy()).isGreaterThan(0.5);

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("trainable 5,130 / total 11,181,642 (0.0%)")
                .contains("trainable 4,100 / total 1,521,956 (0.3%)")
                .contains("trainable 1,521,956 / total 1,521,956 (100.0%)");
    }
}
