package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.Dropout;
import dev.graft.layers.StochasticDepth;
import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.testing.Reference;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every variant against what torchvision says of it: weights by name and shape, and the settings that no weight shows. */
class ZooFactsTest {
    private static final JsonNode FACTS = ZooReferences.TORCHVISION;
    /** The least that all take, in whole patches. */
    private static final int SIZE = 96;

    /** Every network of the zoo that torchvision has, and widths of MobileNetV2 that it does not publish. */
    static Stream<String> variants() {
        return Stream.concat(ZooReferences.known(FACTS).keySet().stream(), WIDTHS.stream());
    }

    private static final List<String> WIDTHS = List.of("mobilenet_v2 x 0.35", "mobilenet_v2 x 1.4");

    private static Program whole(String variant) {
        Pretrained known = ZooReferences.known(FACTS).get(variant);
        Backbone backbone = known == null
                ? MobileNetV2.draw(
                        Double.parseDouble(variant.substring(variant.indexOf(" x ") + 3)),
                        Node.input(3, SIZE, SIZE),
                        MobileNetV2.Flavour.TORCHVISION)
                : known.backbone(SIZE);
        return Program.of(backbone.withTop(1000));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void weightsHaveTorchvisionsNamesAndShapes(String variant) {
        Program program = whole(variant);
        JsonNode facts = at(FACTS, variant);
        NetworkFacts.haveTheWeightsOf(program, facts);
        assertThat(program.parameters()).isEqualTo(at(facts, "parameters").longValue());
    }

    @ParameterizedTest
    @MethodSource("variants")
    void settingsAreTorchvisions(String variant) {
        Program program = whole(variant);
        JsonNode facts = at(FACTS, variant);
        NetworkFacts.haveTheNormsOf(program, facts);
        assertThat(NetworkFacts.layers(program, Dropout.class).map(Dropout::rate))
                .containsExactlyElementsOf(Reference.doubles(at(facts, "dropouts")));
        assertThat(NetworkFacts.layers(program, StochasticDepth.class).map(StochasticDepth::rate))
                .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b), Double.class)
                .containsExactlyElementsOf(Reference.doubles(at(facts, "depths")));
    }

    /** The numbers that publications and the guides give. */
    @ParameterizedTest
    @CsvSource({
        "mobilenet_v2, 1000, 3504872",
        "mobilenet_v3_small, 1000, 2542856",
        "mobilenet_v3_large, 1000, 5483032",
        "efficientnet_b0, 1000, 5288548",
        "efficientnet_b7, 1000, 66347960",
        "efficientnet_v2_s, 1000, 21458488",
        "efficientnet_v2_m, 1000, 54139356",
        "efficientnet_v2_l, 1000, 118515272",
        "resnet18, 10, 11181642",
        "resnet18, 1000, 11689512",
        "resnet50, 1000, 25557032",
        "resnext50_32x4d, 1000, 25028904",
        "wide_resnet50_2, 1000, 68883240",
        "densenet121, 1000, 7978856",
        "inception_v3, 1000, 23834568",
        "convnext_tiny, 1000, 28589128",
        "convnext_large, 1000, 197767336",
        "vit_b_16, 1000, 86567656",
        "vit_s_16, 1000, 22050664",
        "vgg16, 1000, 138357544",
        "vgg19_bn, 1000, 143678248"
    })
    void parametersAreAsPublished(String name, int classes, long expected) {
        Model model = Zoo.pretrained(name).backbone(224).withTop(classes);
        assertThat(Program.of(model).parameters()).isEqualTo(expected);
    }

    @Test
    void theClassifierOfResNet18HasAWeightForEachFeatureAndABiasForEachClass() {
        Program program = Program.of(Zoo.pretrained("resnet18").backbone(224).withTop(10));
        Program.Step last = program.steps().get(program.steps().size() - 1);
        assertThat(last.path()).isEqualTo("fc");
        assertThat(last.parameters()).isEqualTo(5130);
    }
}
