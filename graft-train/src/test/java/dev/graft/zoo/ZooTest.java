package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.GraftException;
import dev.graft.data.InputGeometry;
import dev.graft.formats.PackedWeights;
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
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of weights is what their publishers say: of the default's its file, of torchvision's its own records. */
@Tag("slow")
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
        JsonNode files = Reference.read("zoo_published.json");
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(files.fieldNames(), Spliterator.ORDERED), false)
                .map(file -> Arguments.of(file, at(files, file)));
    }

    @ParameterizedTest
    @MethodSource("published")
    void whatIsSaidOfTorchvisionsWeightsIsWhatTorchvisionSays(String file, JsonNode torchvision) {
        Pretrained each = torchvisions()
                .filter(record ->
                        ((WeightSource.Published) record.source()).file().equals(file))
                .findFirst()
                .orElseThrow();
        String network = at(torchvision, "network").textValue();
        assertThat(each.name()).isIn(network, network + "_v1", network + "_torchvision");
        InputGeometry bilinear = InputGeometry.centerCrop(
                at(torchvision, "crop").intValue(), at(torchvision, "resize").intValue());
        boolean bicubic = at(torchvision, "interpolation").textValue().equals("bicubic");
        assertThat(each.geometry()).isEqualTo(bicubic ? bilinear.bicubic() : bilinear);
        assertThat(each.mean()).isEqualTo(Reference.doubles(at(torchvision, "mean")));
        assertThat(each.deviation()).isEqualTo(Reference.doubles(at(torchvision, "std")));
        assertThat(each.card().top1()).isEqualTo(at(torchvision, "top1").doubleValue());
        // A state dict is a little larger than its numbers; half of it for weights stored in half precision.
        double numbers =
                Program.of(each.backbone(each.geometry().size()).withTop(1000)).parameters() * 4.0 / (1 << 20);
        assertThat(each.source().size())
                .satisfiesAnyOf(
                        size -> assertThat(size).isBetween(numbers - 0.1, numbers * 1.2 + 1),
                        size -> assertThat(size).isBetween(numbers / 2 - 0.1, numbers / 2 * 1.2 + 1));
    }

    private static Stream<Pretrained> torchvisions() {
        return Zoo.all().stream()
                .filter(each -> each.source() instanceof WeightSource.Published source
                        && source.publisher().equals("torchvision"));
    }

    @Test
    void allOfTorchvisionsAreCompared() {
        assertThat(published()).hasSize((int) torchvisions().count());
    }

    @Test
    void namesAreThereOnce() {
        assertThat(Zoo.all().stream().map(Pretrained::name)).doesNotHaveDuplicates();
    }

    /** In units of 10⁹, as torchvision from 0.15 on has them in its table. */
    @ParameterizedTest
    @CsvSource({
        "vgg16, 15.47",
        "vgg19_bn, 19.632",
        "resnet18, 1.814",
        "resnet50, 4.089",
        "resnext101_32x8d, 16.414",
        "wide_resnet50_2, 11.398",
        "densenet121, 2.834",
        "efficientnet_b0, 0.386",
        "efficientnet_b7, 37.746",
        "efficientnet_v2_s, 8.366",
        "convnext_tiny, 4.456",
        "mobilenet_v2, 0.301",
        "mobilenet_v3_small, 0.057",
        "mobilenet_v3_large, 0.217",
        "vit_b_16, 17.564",
        "inception_v3, 5.713"
    })
    void operationsAreCountedAsTorchvisionCountsThem(String name, double published) {
        Pretrained each = Zoo.pretrained(name);
        Program program = Program.of(each.backbone(each.geometry().size()).withTop(1000));
        assertThat(program.multiplyAdds() / 1e9).isCloseTo(published, withinPercentage(1));
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
