package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Dropout;
import dev.graft.layers.Normalization;
import dev.graft.layers.WeightSpec;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** ResNet, DenseNet and VGG as Keras defines them; what they compute is in {@link ZooParityTest}. */
class KerasClassicsTest {
    private static final JsonNode LAYERS = ZooReferences.KERAS_LAYERS;

    static Stream<Pretrained> records() {
        return ZooReferences.known(LAYERS).values().stream();
    }

    private static Program whole(Pretrained each) {
        return Program.of(each.backbone(224).withTop(1000));
    }

    /** What Keras' documentation says, statistics among them. */
    @ParameterizedTest
    @CsvSource({
        "resnet50_keras, 25636712",
        "resnet101_keras, 44707176",
        "resnet152_keras, 60419944",
        "densenet121_keras, 8062504",
        "densenet169_keras, 14307880",
        "densenet201_keras, 20242984",
        "vgg16_keras, 138357544",
        "vgg19_keras, 143667240"
    })
    void totalsAreKeras(String name, long published) {
        assertThat(whole(Zoo.pretrained(name)).weights().values().stream()
                        .map(WeightSpec::shape)
                        .mapToLong(Shape::elements)
                        .sum())
                .isEqualTo(published);
    }

    /** Each layer of Keras has its place, with as many weights, and none is left without. */
    @ParameterizedTest
    @MethodSource("records")
    void everyLayerHasKerasWeights(Pretrained each) {
        Program program = whole(each);
        Map<String, Long> ours = new HashMap<>();
        program.weights()
                .forEach((name, spec) -> ours.merge(
                        name.substring(0, name.lastIndexOf('.')), spec.shape().elements(), Long::sum));
        FileNames names = each.backbone(224).fileNames();
        Map<String, Long> keras = new HashMap<>();
        at(LAYERS, each.name()).fields().forEachRemaining(layer -> assertThat(keras.put(
                        names.kerasLayers().apply(layer.getKey()),
                        layer.getValue().longValue()))
                .as(layer.getKey())
                .isNull());
        assertThat(keras).isEqualTo(ours);
    }

    @Test
    void layersOfOlderFilesHaveThePlacesOfTodays() {
        assertThat(ours("resnet50_keras", "probs")).isEqualTo("fc").isEqualTo(ours("resnet50_keras", "predictions"));
        assertThat(ours("densenet121_keras", "fc1000"))
                .isEqualTo("classifier")
                .isEqualTo(ours("densenet121_keras", "predictions"));
        // KerasNames takes a layer 'conv1/conv' for one of a model inside.
        FileNames names = Zoo.pretrained("densenet121_keras").backbone(32).fileNames();
        StoredTensor kernel = new StoredTensor(Shape.of(7, 7, 3, 64), "F32", () -> HostTensor.allocate(Shape.of(1)));
        WeightFile old =
                new WeightFile("test", Map.of("conv1/conv/conv1/conv/kernel:0", kernel), Map.of("format", "keras"));
        assertThat(names.current(old).tensors()).containsOnlyKeys("features.conv0.weight");
    }

    private static String ours(String network, String layer) {
        return Zoo.pretrained(network).backbone(32).fileNames().kerasLayers().apply(layer);
    }

    @ParameterizedTest
    @MethodSource("records")
    void settingsAreKeras(Pretrained each) {
        Program program = whole(each);
        assertThat(program.steps().stream().map(Program.Step::layer).filter(BatchNormalization.class::isInstance))
                .allMatch(new BatchNormalization(1.001e-5, 0.01)::equals);
        assertThat(program.steps()).noneMatch(step -> step.layer() instanceof Dropout);
    }

    /** Keras' preprocess_input of a pixel that is red 10, green 20, blue 30: the colours of ours in their own order. */
    @ParameterizedTest
    @CsvSource({
        "resnet50_keras, -113.68, -96.779, -73.939",
        "vgg19_keras, -113.68, -96.779, -73.939",
        "densenet201_keras, -1.9467, -1.6856, -1.2816"
    })
    void pixelsArePreparedAsInKeras(String name, float red, float green, float blue) {
        Pretrained each = Zoo.pretrained(name);
        Node input = Node.input(3, 1, 1);
        Node normalised = input.then("n", Normalization.ofPixels(each.mean(), each.deviation()));
        HostTensor pixels = HostTensor.of(Shape.of(1, 3, 1, 1), 10, 20, 30);
        assertThat(Engines.torch(Network.of(Model.of("m", input, normalised), 1), pixels)
                        .toArray())
                .usingComparatorWithPrecision(1e-4f)
                .containsExactly(red, green, blue);
    }

    /** Keras' file has the first convolution for blue, green, red; one with our names has it as we do. */
    @Test
    void onlyKerasFilesAreBlueFirst() {
        FileNames names = Zoo.pretrained("resnet50_keras").backbone(32).fileNames();
        Shape shape = Shape.of(1, 1, 3, 2);
        HostTensor kernel = HostTensor.of(shape, 1, 2, 3, 4, 5, 6);
        WeightFile keras = file("conv1_conv/kernel:0", kernel, Map.of("format", "keras"));
        assertThat(names.current(keras).read("conv1.weight").toArray()).containsExactly(5, 3, 1, 6, 4, 2);
        assertThat(names.current(keras).tensors().get("conv1.weight"))
                .extracting(StoredTensor::shape)
                .isEqualTo(Shape.of(2, 3, 1, 1));
        WeightFile ours = file("conv1.weight", kernel, Map.of());
        assertThat(names.current(ours).read("conv1.weight").toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void columnsBehindTheFlattenedMapArePutInOurOrder() {
        FileNames names = Zoo.pretrained("vgg16_keras").backbone(32).fileNames();
        int channels = 2;
        int units = 21;
        HostTensor kernel = HostTensor.allocate(Shape.of(49 * channels, units));
        for (int i = 0; i < kernel.elements(); i++) {
            kernel.put(i, i);
        }
        HostTensor weight = names.current(file("fc1/fc1_W_1:0", kernel, Map.of("format", "keras")))
                .read("classifier.0.weight");
        assertThat(weight.shape()).isEqualTo(Shape.of(units, channels * 49));
        for (int unit = 0; unit < units; unit++) {
            // Channel 1, row 3, column 4.
            assertThat(weight.get((unit * channels + 1) * 49 + 3 * 7 + 4))
                    .isEqualTo(((3 * 7 + 4) * channels + 1) * units + unit);
            assertThat(weight.get(unit * channels * 49)).isEqualTo(unit);
        }
    }

    @Test
    void kernelsOfOtherShapesStayForTheLoadToRefuse() {
        FileNames names = Zoo.pretrained("vgg16_keras").backbone(32).fileNames();
        for (Shape shape : new Shape[] {Shape.of(50, 3), Shape.of(7), Shape.of(7, 7, 2, 3)}) {
            WeightFile file = file("fc1/kernel:0", HostTensor.allocate(shape), Map.of("format", "keras"));
            assertThat(names.current(file).tensors().get("classifier.0.weight"))
                    .extracting(StoredTensor::shape)
                    .isEqualTo(shape);
        }
    }

    private static WeightFile file(String name, HostTensor tensor, Map<String, String> metadata) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        tensors.put(name, new StoredTensor(tensor.shape(), "F32", () -> tensor));
        return new WeightFile("test", tensors, metadata);
    }
}
