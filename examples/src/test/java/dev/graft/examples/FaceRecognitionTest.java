package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaceRecognitionTest {
    @Test
    void knownPersonsAreRecognisedAndStrangersSeldom(@TempDir Path folder) {
        Drawings.faces(folder, 4, 15, 96, 5);
        var printed = new ByteArrayOutputStream();
        var result = FaceRecognition.run(
                ExampleOptions.of(folder, 60, 96), new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(result.evaluation().classes()).containsExactly("anna", "boris", "carla", "deniz");
        assertThat(result.evaluation().total()).isEqualTo(12);
        assertThat(result.evaluation().accuracy()).isGreaterThan(0.8);
        assertThat(result.machines().parameters().total()).isEqualTo(4 * (1024 + 1));

        assertThat(result.strangers()).hasSize(6 * 4);
        double rejectedStrangers = FaceRecognition.fittedByNobody(result.strangers()) / 24.0;
        double rejectedKnown = FaceRecognition.fittedByNobody(result.margins()) / 12.0;
        assertThat(rejectedStrangers).isGreaterThan(0.4).isGreaterThan(rejectedKnown + 0.2);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("Recorded 1024 features of each picture")
                .contains("A picture of anna: "
                        + FaceRecognition.whoIs(
                                result.margins().get(0), result.evaluation().classes()));
    }

    @Test
    void whoNoMachineSaysYesToIsNobody() {
        List<String> people = List.of("anna", "boris", "carla");
        assertThat(FaceRecognition.whoIs(new float[] {-1.5f, 0.25f, 0.75f}, people))
                .isEqualTo("carla, by a margin of 0.75");
        assertThat(FaceRecognition.whoIs(new float[] {-1.5f, -0.25f, -2}, people))
                .isEqualTo("nobody known; the nearest is boris, at -0.25");
    }
}
