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
import java.util.List;
import java.util.stream.Stream;
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

    /** Those of which their publisher says how pictures are prepared, by {@link ZooReferences}. */
    static Stream<Arguments> published() {
        return Zoo.all().stream()
                .filter(each -> each.source() instanceof WeightSource.Published)
                .flatMap(each -> said(each).map(facts -> Arguments.of(each, facts)));
    }

    private static Stream<JsonNode> said(Pretrained each) {
        JsonNode torchvision = ZooReferences.TORCHVISION_FILES.get(((WeightSource.Published) each.source()).file());
        return Stream.ofNullable(torchvision == null ? ZooReferences.TIMM.get(each.name()) : torchvision);
    }

    @ParameterizedTest
    @MethodSource("published")
    void whatIsSaidOfWeightsIsWhatTheirPublisherSays(Pretrained each, JsonNode publisher) {
        if (publisher.has("network")) {
            String network = at(publisher, "network").textValue();
            assertThat(each.name()).isIn(network, network + "_v1", network + "_torchvision");
        }
        InputGeometry bilinear = InputGeometry.centerCrop(
                at(publisher, "crop").intValue(), at(publisher, "resize").intValue());
        boolean bicubic = at(publisher, "interpolation").textValue().equals("bicubic");
        assertThat(each.geometry()).isEqualTo(bicubic ? bilinear.bicubic() : bilinear);
        assertThat(each.mean()).isEqualTo(Reference.doubles(at(publisher, "mean")));
        assertThat(each.deviation()).isEqualTo(Reference.doubles(at(publisher, "std")));
        JsonNode top1 = at(publisher, "top1");
        assertThat(each.card().top1()).isEqualTo(top1.isNull() ? null : top1.doubleValue());
    }

    static Stream<Pretrained> files() {
        return Zoo.all().stream()
                .filter(each -> each.source() instanceof WeightSource.Published
                        && each.card().top1() != null);
    }

    /** A file is a little larger than its numbers; half of that for weights stored in half precision. */
    @ParameterizedTest
    @MethodSource("files")
    void filesAreAsLargeAsTheirNumbers(Pretrained each) {
        double numbers =
                Program.of(each.backbone(each.geometry().size()).withTop(1000)).parameters() * 4.0 / (1 << 20);
        assertThat(each.source().size())
                .satisfiesAnyOf(
                        size -> assertThat(size).isBetween(numbers - 0.1, numbers * 1.2 + 1),
                        size -> assertThat(size).isBetween(numbers / 2 - 0.1, numbers / 2 * 1.2 + 1));
    }

    @Test
    void allThatTorchvisionSaysIsCompared() {
        List<String> files = Zoo.all().stream()
                .filter(each -> each.source() instanceof WeightSource.Published source
                        && source.publisher().equals(Torchvision.NAME))
                .map(each -> ((WeightSource.Published) each.source()).file())
                .toList();
        assertThat(files)
                .hasSize(ZooReferences.TORCHVISION_FILES.size())
                .allMatch(ZooReferences.TORCHVISION_FILES::has);
    }

    static Stream<Pretrained> records() {
        return Zoo.all().stream();
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyRecordSaysItsLicenceAndWhatItLearntFrom(Pretrained each) {
        assertThat(each.name()).matches("[a-z0-9_.]+");
        assertThat(each.card().licence()).matches(".*(BSD|Apache|MIT|CC BY).*");
        assertThat(each.card().pictures()).startsWith("ImageNet-");
        assertThat(each.card().title()).isNotBlank();
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
