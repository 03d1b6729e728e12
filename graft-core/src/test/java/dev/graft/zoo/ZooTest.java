package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.GraftException;
import dev.graft.data.InputGeometry;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Normalization;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.Reference;
import dev.graft.weights.PackedWeights;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of weights is what their publishers say: of the default's its file, of torchvision's its own records. */
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

    static Stream<Arguments> published() {
        JsonNode variants = Reference.read("zoo_state_dicts.json");
        return Zoo.all().stream()
                .filter(each -> variants.has(each.name()))
                .map(each -> Arguments.of(each, at(at(variants, each.name()), "published")));
    }

    @ParameterizedTest
    @MethodSource("published")
    void whatIsSaidOfTorchvisionsWeightsIsWhatTorchvisionSays(Pretrained each, JsonNode torchvision) {
        assertThat(each.source())
                .isInstanceOfSatisfying(WeightSource.Published.class, source -> assertThat(source.file())
                        .isEqualTo(at(torchvision, "file").textValue()));
        assertThat(each.geometry())
                .isEqualTo(InputGeometry.centerCrop(
                        at(torchvision, "crop").intValue(),
                        at(torchvision, "resize").intValue()));
        assertThat(each.mean()).isEqualTo(Reference.doubles(at(torchvision, "mean")));
        assertThat(each.deviation()).isEqualTo(Reference.doubles(at(torchvision, "std")));
        String top1 = String.format(Locale.ROOT, "%.1f", at(torchvision, "top1").doubleValue());
        boolean bicubic = at(torchvision, "interpolation").textValue().equals("bicubic");
        assertThat(each.description())
                .endsWith("top-1 " + top1 + " %" + (bicubic ? " with bicubic resizing, here bilinear" : ""));
    }

    @Test
    void allOfTorchvisionsAreCompared() {
        assertThat(published()).hasSize(Zoo.all().size() - 4);
    }

    @Test
    void onlyTorchvisionsTwoWaysOfResizingAreMet() {
        assertThat(published().map(each -> at((JsonNode) each.get()[1], "interpolation")
                        .textValue()))
                .contains("bicubic")
                .isSubsetOf("bilinear", "bicubic");
    }

    /** Keras' preprocess_input: x / 127.5 - 1. */
    @Test
    void xceptionTakesPixelsFromMinusOneToOne() {
        Pretrained xception = Zoo.pretrained("xception");
        Node input = Node.input(3, 1, 1);
        Network network = Network.of(
                Model.of("m", input, input.then("n", Normalization.ofPixels(xception.mean(), xception.deviation()))),
                1);
        HostTensor pixels = HostTensor.of(Shape.of(1, 3, 1, 1), 0, 127.5f, 255);
        assertThat(Engines.torch(network, pixels).toArray()).containsExactly(-1, 0, 1);
        assertThat(xception.geometry()).isEqualTo(InputGeometry.stretch(299));
    }

    @Test
    void anUnknownNameGetsTheNearest() {
        assertThatThrownBy(() -> Zoo.pretrained("mobilenet_v3_smal"))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("did you mean 'mobilenet_v3_small'?");
    }
}
