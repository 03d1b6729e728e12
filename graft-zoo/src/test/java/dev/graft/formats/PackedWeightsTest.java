package dev.graft.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Numbers printed by {@code tools/reference/weight_files.py}, which reads the file with numpy. */
class PackedWeightsTest {
    private final PackedWeights packed = PackedWeights.mobileNetV3Small();

    @Test
    void saysHowPicturesArePrepared() {
        assertThat(packed.imageSize()).isEqualTo(224);
        assertThat(packed.mean()).containsExactly(0.485f, 0.456f, 0.406f);
        assertThat(packed.std()).containsExactly(0.229f, 0.224f, 0.225f);
        assertThat(packed.batchNormEpsilon()).isEqualTo(0.001f);
    }

    @Test
    void holdsTheNumbersNumpySees() {
        assertThat(packed.file().tensors()).hasSize(244);
        check("features.0.0.weight", Shape.of(16, 3, 3, 3), 0.88964844f, -0.016174316f, -1.9282350540161133);
        check("features.1.block.1.fc1.weight", Shape.of(8, 16, 1, 1), -0f, 0f, -0.014818191528320312);
        check("classifier.0.bias", Shape.of(1024), 0.006214142f, 0.024047852f, -95.63985848426819);
        check("classifier.3.weight", Shape.of(3, 1024), 0.0119018555f, 0.012084961f, -3.0737040042877197);
        double all = packed.file().tensors().values().stream()
                .mapToDouble(tensor -> sum(tensor.read()))
                .sum();
        assertThat(all).isCloseTo(23802795.00189483, within(1e-4));
    }

    private void check(String name, Shape shape, float first, float last, double sum) {
        HostTensor tensor = packed.file().read(name);
        assertThat(tensor.shape()).isEqualTo(shape);
        assertThat(tensor.get(0)).isEqualTo(first);
        assertThat(tensor.get(tensor.elements() - 1)).isEqualTo(last);
        assertThat(sum(tensor)).isCloseTo(sum, within(1e-9));
    }

    private static double sum(HostTensor tensor) {
        double sum = 0;
        for (float value : tensor.toArray()) {
            sum += value;
        }
        return sum;
    }

    @Test
    void aMissingResourceSaysWhatToDo() {
        assertThatThrownBy(() -> PackedWeights.load("/dev/graft/none.gguf"))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("none.gguf (packed into Graft): the default backbone is missing")
                .hasMessageContaining("npm");
    }
}
