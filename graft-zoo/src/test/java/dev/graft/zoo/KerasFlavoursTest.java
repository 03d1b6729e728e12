package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.GraftException;
import dev.graft.layers.Dropout;
import dev.graft.layers.StochasticDepth;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Reference;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.StrictLoad;
import dev.graft.weights.WeightFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Keras flavour against what Keras itself says of it; {@code ZooParityTest} has the numbers. */
@Tag("slow")
class KerasFlavoursTest {
    private static final JsonNode FACTS = ZooReferences.KERAS;
    private static final int SIZE = 64;

    static Stream<String> variants() {
        return ZooReferences.known(FACTS).keySet().stream();
    }

    /** Those whose names are stored: of each family one. */
    static Stream<String> named() {
        return variants().filter(variant -> Reference.exists(namesOf(variant)));
    }

    private static String namesOf(String variant) {
        return "keras_names_" + variant + ".json";
    }

    private static Program whole(String variant) {
        return Program.of(Zoo.pretrained(variant).backbone(SIZE).withTop(1000));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void weightsHaveKerasShapes(String variant) {
        Program program = whole(variant);
        JsonNode facts = at(FACTS, variant);
        NetworkFacts.haveTheWeightsOf(program, facts);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void settingsAreKeras(String variant) {
        Program program = whole(variant);
        JsonNode facts = at(FACTS, variant);
        NetworkFacts.haveTheNormsOf(program, facts);
        // Keras drops nothing in front of MobileNetV2's classes.
        double rate = Reference.doubles(at(facts, "dropouts")).stream()
                .findFirst()
                .orElse(variant.startsWith("mobilenet_v2") ? 0.2 : 0);
        assertThat(NetworkFacts.layers(program, Dropout.class)
                        .mapToDouble(Dropout::rate)
                        .sum())
                .isEqualTo(rate);
        List<Double> depths = Reference.doubles(at(facts, "depths"));
        List<Double> ours = NetworkFacts.layers(program, StochasticDepth.class)
                .map(StochasticDepth::rate)
                .filter(each -> each > 0)
                .toList();
        assertThat(ours).hasSize(depths.size());
        for (int i = 0; i < depths.size() && !variant.matches("efficientnet_v2_b[1-3]_keras"); i++) {
            assertThat(ours.get(i)).isEqualTo(depths.get(i), within(1e-12));
        }
    }

    /**
     * The numbers of Keras' documentation, running statistics among them, and in EfficientNets mean, variance and count of
     * what normalises the pictures.
     */
    @ParameterizedTest
    @CsvSource({
        "mobilenet_v2_keras, 3538984, 0",
        "mobilenet_v3_small_keras, 2554968, 0",
        "mobilenet_v3_large_keras, 5507432, 0",
        "efficientnet_b0_keras, 5330571, 7",
        "efficientnet_b7_keras, 66658687, 7",
        "efficientnet_v2_b0_keras, 7200312, 0",
        "efficientnet_v2_s_keras, 21612360, 0",
        "convnext_tiny_keras, 28589128, 0",
        "convnext_large_keras, 197767336, 0"
    })
    void parametersAreAsKerasCountsThem(String variant, long parameters, int inNormalization) {
        assertThat(whole(variant).weights().values().stream()
                        .mapToLong(spec -> spec.shape().elements())
                        .sum())
                .isEqualTo(parameters - inNormalization)
                .isEqualTo(at(at(FACTS, variant), "keras_parameters").longValue() - inNormalization);
    }

    @ParameterizedTest
    @MethodSource("named")
    void everyWeightOfKerasFindsItsPlace(String variant) {
        assertFits(variant, file(variant, layer -> layer));
    }

    /** The published files have the names of Keras 2. */
    @Test
    void soDoThoseOfMobileNetV3ByTheirOlderNames() {
        WeightFile older = file("mobilenet_v3_small_keras", KerasFlavoursTest::older);
        assertThat(older.tensors())
                .containsKeys("Conv.BatchNorm/gamma", "expanded_conv_3.squeeze_excite.Conv_1/kernel", "Logits/kernel");
        assertFits("mobilenet_v3_small_keras", older);
    }

    /** As {@code KerasFile} gives them, with dots for slashes. */
    private static String older(String layer) {
        return layer.replaceFirst("_(expand|depthwise|project)", ".$1")
                .replaceFirst("_bn$", ".BatchNorm")
                .replaceFirst("_squeeze_excite_conv", ".squeeze_excite.Conv")
                .replaceFirst("^conv", "Conv")
                .replaceFirst("^logits$", "Logits");
    }

    @Test
    void aFileOfAnotherVariantDoesNotFit() {
        WeightFile small = file("mobilenet_v3_small_keras", layer -> layer);
        assertThatThrownBy(() -> assertFits("mobilenet_v3_large_keras", small))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("missing: ");
    }

    private static void assertFits(String variant, WeightFile keras) {
        FileNames names = Zoo.pretrained(variant).backbone(SIZE).fileNames();
        Map<String, Shape> shapes = whole(variant).weightShapes();
        Map<String, HostTensor> loaded = StrictLoad.of(shapes)
                .regardlessOfOnes()
                .dropping(names.unused().toArray(String[]::new))
                .from(names.current(keras));
        loaded.forEach((name, weight) -> assertThat(weight.shape()).isEqualTo(shapes.get(name)));
    }

    /** A file with zeros for the weights that Keras' network has, by its names. */
    private static WeightFile file(String variant, UnaryOperator<String> renamed) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        Reference.read(namesOf(variant))
                .fields()
                .forEachRemaining(layer -> layer.getValue().fields().forEachRemaining(weight -> {
                    Shape shape = Reference.shape(weight.getValue());
                    tensors.put(
                            renamed.apply(layer.getKey()) + "/" + weight.getKey(),
                            new StoredTensor(shape, "F32", () -> HostTensor.allocate(shape)));
                }));
        return new WeightFile("Keras' file", tensors, Map.of("format", "keras"));
    }
}
