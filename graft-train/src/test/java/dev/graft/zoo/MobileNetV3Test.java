package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.formats.PackedWeights;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.DoubleNetwork;
import dev.graft.testing.Engines;
import dev.graft.testing.Fingerprint;
import dev.graft.testing.Formula;
import dev.graft.testing.LoadedNetwork;
import dev.graft.testing.Numbers;
import dev.graft.testing.Reference;
import dev.graft.torch.Device;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.weights.StrictLoad;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** MobileNetV3-Small against torchvision: with weights by formula, and with the packed ones and their own head. */
@Tag("slow")
class MobileNetV3Test {
    private static final int SIZE = 224;
    private static final Close LOGITS = Close.within(1e-4);

    private static final JsonNode THREE_CLASSES = Reference.read("mobilenet_v3_small_3class.json");
    private static final JsonNode FORMULA = Reference.read("zoo_mobilenet_v3_small.json");

    private static Network packed() {
        Network network = Network.of(Zoo.pretrained(Zoo.DEFAULT).backbone(SIZE).withTop(3), 1);
        network.setWeights(StrictLoad.of(network.weightShapes())
                .dropping("*.num_batches_tracked")
                .from(PackedWeights.mobileNetV3Small().file()));
        return network;
    }

    private static HostTensor input() {
        return Formula.input(Reference.shape(at(THREE_CLASSES, "input_shape")));
    }

    static Stream<Arguments> engines() {
        BiFunction<Network, HostTensor, HostTensor> torch = Engines::torch;
        BiFunction<Network, HostTensor, HostTensor> onnx = Engines::onnx;
        return Stream.of(Arguments.of("libtorch", torch), Arguments.of("ONNX Runtime", onnx));
    }

    @Test
    void weightsHaveTorchvisionsNamesShapesAndOrder() {
        Map<String, Shape> expected = new LinkedHashMap<>();
        for (JsonNode entry : at(THREE_CLASSES, "state_dict")) {
            String name = entry.get(0).textValue();
            if (!name.endsWith(".num_batches_tracked")) {
                expected.put(name, Reference.shape(entry.get(1)));
            }
        }
        assertThat(Network.of(Zoo.pretrained(Zoo.DEFAULT).backbone(SIZE).withTop(3), 1)
                        .weightShapes())
                .containsExactlyEntriesOf(expected);
    }

    @Test
    void theFormulaIsTheReferencesBitForBit() {
        assertThat(Formula.input(Shape.of(8)).toArray()).containsExactly(Reference.floats(at(FORMULA, "input_first")));
        Map<String, Shape> shapes = Network.of(
                        Zoo.pretrained(Zoo.DEFAULT).backbone(SIZE).withTop(1000), 1)
                .weightShapes();
        at(FORMULA, "noise_samples").fields().forEachRemaining(sample -> {
            for (int i = 0; i < sample.getValue().size(); i++) {
                assertThat(Formula.noise(sample.getKey(), i))
                        .isEqualTo(sample.getValue().get(i).doubleValue());
            }
        });
        at(FORMULA, "weight_samples").fields().forEachRemaining(sample -> {
            Shape shape = shapes.get(sample.getKey());
            assertThat(shape).isNotNull();
            HostTensor weight = Formula.weight(sample.getKey(), shape, gain());
            float[] first = Reference.floats(sample.getValue());
            assertThat(Arrays.copyOf(weight.toArray(), first.length)).containsExactly(first);
        });
    }

    private static double gain() {
        return at(FORMULA, "gain").doubleValue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("engines")
    void weightsByFormulaGiveTorchvisionsLogits(String engine, BiFunction<Network, HostTensor, HostTensor> run) {
        Network network = Network.of(Zoo.pretrained(Zoo.DEFAULT).backbone(SIZE).withTop(1000), 1);
        network.setWeights(Formula.weights(network.weightShapes(), gain()));
        LOGITS.check("logits", run.apply(network, input()), Reference.matrix(at(FORMULA, "logits")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("engines")
    void packedWeightsGiveTorchvisionsLogits(String engine, BiFunction<Network, HostTensor, HostTensor> run) {
        LOGITS.check("logits", run.apply(packed(), input()), Reference.matrix(at(THREE_CLASSES, "logits")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("engines")
    void everyStageIsTorchvisions(String engine, BiFunction<Network, HostTensor, HostTensor> run) {
        Network whole = packed();
        Map<String, JsonNode> stages = new LinkedHashMap<>();
        at(THREE_CLASSES, "stages").fields().forEachRemaining(stage -> stages.put(stage.getKey(), stage.getValue()));
        assertThat(stages).hasSize(13);
        stages.forEach((stage, expected) -> {
            HostTensor output = run.apply(until(whole, lastOf(whole.model(), stage)), input());
            Fingerprint.SINGLE.checkSample(stage, Numbers.of(output), expected);
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("engines")
    void pooledAndFeaturesAreTorchvisions(String engine, BiFunction<Network, HostTensor, HostTensor> run) {
        Network whole = packed();
        Map.of("pooled", "avgpool", "features", "classifier.1").forEach((key, layer) -> {
            HostTensor output = run.apply(until(whole, layer), input());
            JsonNode pictures = at(THREE_CLASSES, key);
            assertThat(output.shape())
                    .isEqualTo(Shape.of(2, at(pictures.get(0), "size").intValue()));
            for (int picture = 0; picture < 2; picture++) {
                int size = output.shape().size(1);
                HostTensor one = new HostTensor(
                        Shape.of(size), output.values().position(picture * size).limit((picture + 1) * size));
                float[] expected = Reference.floats(at(pictures.get(picture), "first"));
                Close.toScale(1e-4).check(key, Arrays.copyOf(one.toArray(), expected.length), expected);
                assertThat(Numbers.of(one).sum())
                        .as("sum of %s", key)
                        .isCloseTo(at(pictures.get(picture), "sum").doubleValue(), within(2e-3));
            }
        });
    }

    /** Gradients through batch normalisation that keeps its statistics, as fine-tuning has them. */
    @Test
    void gradientsAreTorchvisions() {
        Network plain = packed();
        Node input = Node.input(3, SIZE, SIZE);
        Network network = Network.of(
                Model.of("pinned", input, input.then("net", plain.model().inInferenceMode())), 1);
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        plain.weights().forEach((name, weight) -> weights.put("net." + name, weight));
        network.setWeights(weights);
        try (var loaded = new DoubleNetwork(network);
                var scope = Scope.open()) {
            Tensor logits = loaded.run(true, input()).get(0);
            Probe.dot(logits, Reference.matrix(at(THREE_CLASSES, "grad_logits")))
                    .backward();
            JsonNode gradients = at(THREE_CLASSES, "gradients");
            assertThat(gradients.size()).isEqualTo(11);
            gradients
                    .fields()
                    .forEachRemaining(each -> Fingerprint.DOUBLE.checkGradient(
                            each.getKey(), loaded.gradient("net." + each.getKey()), each.getValue()));
        }
    }

    /** With weights by formula: in the packed ones two gates are shut for good. */
    @Test
    void aTrainingStepReachesEveryWeightAndMovesEveryStatistic() {
        Network network = Network.of(Zoo.pretrained(Zoo.DEFAULT).backbone(SIZE).withTop(10), 1);
        network.setWeights(Formula.weights(network.weightShapes(), gain()));
        try (var loaded = new LoadedNetwork(network);
                var scope = Scope.open()) {
            Tensor logits = loaded.run(true, Tensor.of(input(), Device.CPU)).get(0);
            Probe.dot(logits, Formula.input(logits.shape())).backward();
            for (String name : network.weights().keySet()) {
                if (network.trainableWeights().contains(name)) {
                    assertThat(Numbers.of(loaded.gradient(name)).l2()).as(name).isPositive();
                } else {
                    assertThat(loaded.host(name).sameBits(network.weight(name)))
                            .as(name)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void stagesNameEveryLayerOfTheBackboneOnce() {
        Backbone backbone = Zoo.pretrained(Zoo.DEFAULT).backbone(SIZE);
        List<String> inStages = new ArrayList<>();
        for (Stage stage : backbone.stages()) {
            inStages.addAll(below(backbone.model(), stage.first()));
        }
        List<String> withWeights = Network.of(backbone.model(), 1).program().steps().stream()
                .filter(step -> !step.weights().isEmpty())
                .map(step -> step.path())
                .toList();
        assertThat(inStages).doesNotHaveDuplicates().containsAll(withWeights);
        assertThat(backbone.classifier()).isEqualTo("classifier.3");
        assertThat(backbone.model().outputs().get(0).shape()).isEqualTo(Shape.batchOf(1024));
    }

    private static List<String> below(Model model, String stage) {
        return model.nodes().stream()
                .map(Node::name)
                .filter(name -> name.equals(stage) || name.startsWith(stage + "."))
                .toList();
    }

    private static String lastOf(Model model, String stage) {
        List<String> names = below(model, stage);
        return names.get(names.size() - 1);
    }

    /** The same network up to the output of a layer. */
    private static Network until(Network whole, String layer) {
        Model model = whole.model();
        Network part = Network.of(Model.of("part", model.inputs().get(0), model.layer(layer)), 1);
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        part.weightShapes().keySet().forEach(name -> weights.put(name, whole.weight(name)));
        part.setWeights(weights);
        return part;
    }
}
