package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.layers.BatchNormalization;
import dev.graft.model.Program;
import dev.graft.weights.PackedWeights;
import org.junit.jupiter.api.Test;

/** What is said of the default backbone is what its file of weights says of itself. */
class ZooTest {
    private final Pretrained pretrained = Zoo.pretrained(Zoo.DEFAULT);
    private final PackedWeights packed = PackedWeights.mobileNetV3Small();

    @Test
    void picturesArePreparedAsTheFileAsks() {
        assertThat(pretrained.geometry().size()).isEqualTo(packed.imageSize());
        for (int channel = 0; channel < 3; channel++) {
            assertThat(pretrained.mean().get(channel)).isCloseTo(packed.mean()[channel], within(1e-6));
            assertThat(pretrained.deviation().get(channel)).isCloseTo(packed.std()[channel], within(1e-6));
        }
    }

    @Test
    void everyNormalisationHasTheEpsilonOfTheFile() {
        Program program = Program.of(pretrained.backbone(224).model());
        assertThat(program.steps().stream()
                        .filter(step -> step.layer() instanceof BatchNormalization)
                        .map(step -> ((BatchNormalization) step.layer()).epsilon()))
                .hasSize(34)
                .allSatisfy(epsilon -> assertThat(epsilon).isCloseTo(packed.batchNormEpsilon(), within(1e-9)));
    }

    @Test
    void anUnknownNameGetsTheNearest() {
        assertThatThrownBy(() -> Zoo.pretrained("mobilenet_v3_smal"))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("did you mean 'mobilenet_v3_small'?");
    }
}
