package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.GraftException;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.testing.LoadedNetwork;
import dev.graft.testing.Reference;
import dev.graft.torch.Device;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Inception V3 as Keras and Google have it, with weights by formula, against {@code tools/reference/keras_zoo.py}. */
@Tag("slow")
class KerasInceptionV3Test {
    private static final JsonNode REFERENCE = Reference.read("zoo_inception_v3.json");
    private static final Close LOGITS = Close.toScale(1e-5);
    private static final List<String> ORDER = StreamSupport.stream(
                    at(REFERENCE, "order").spliterator(), false)
            .map(JsonNode::asText)
            .toList();

    /** What Keras counts; it has no factors in its normalisations, which are 1 here. */
    private static final long PARAMETERS = 23_851_784;

    private static Network network(InceptionV3.Flavour flavour) {
        Model model = draw(
                        flavour, Reference.shape(at(REFERENCE, "input_shape")).size(2))
                .withTop(10);
        Map<String, HostTensor> weights = Formula.weights(
                Program.of(model).weightShapes(), at(REFERENCE, "gain").doubleValue());
        weights.replaceAll((name, weight) -> name.endsWith(".bn.weight")
                ? StoredTensor.constant(weight.shape(), 1).read()
                : weight);
        return Network.of(model, weights, 1);
    }

    private static Backbone draw(InceptionV3.Flavour flavour, int size) {
        Node input = Node.input(3, size, size);
        return flavour == InceptionV3.Flavour.KERAS ? InceptionV3.keras(input) : InceptionV3.torchvision(input);
    }

    private static HostTensor onnx(InceptionV3.Flavour flavour) {
        Network network = network(flavour);
        HostTensor input = Formula.input(Reference.shape(at(REFERENCE, "input_shape")));
        return Engines.onnx(network.program(), network.weights(), List.of(input))
                .get(0);
    }

    @Test
    void bothEnginesGiveKerasLogits() {
        HostTensor expected = Reference.tensor(at(REFERENCE, "logits"));
        LOGITS.check("ONNX Runtime", onnx(InceptionV3.Flavour.KERAS), expected);
        try (var loaded = new LoadedNetwork(network(InceptionV3.Flavour.KERAS));
                var scope = Scope.open()) {
            HostTensor input = Formula.input(Reference.shape(at(REFERENCE, "input_shape")));
            HostTensor logits =
                    loaded.run(false, Tensor.of(input, Device.CPU)).get(0).toHost();
            LOGITS.check("libtorch", logits, expected);
        }
    }

    @Test
    void torchvisionCountsThePaddingOfItsMeans() {
        float[] keras = Reference.tensor(at(REFERENCE, "logits")).toArray();
        float[] torchvision = onnx(InceptionV3.Flavour.TORCHVISION).toArray();
        double apart = IntStream.range(0, keras.length)
                .mapToDouble(i -> Math.abs(keras[i] - torchvision[i]))
                .max()
                .orElseThrow();
        assertThat(apart).isGreaterThan(0.1);
    }

    @Test
    void theFlavoursHaveTheSameWeightsAndKerasParameters() {
        Map<String, Shape> weights =
                Program.of(draw(InceptionV3.Flavour.KERAS, 299).withTop(1000)).weightShapes();
        assertThat(weights)
                .isEqualTo(Program.of(draw(InceptionV3.Flavour.TORCHVISION, 299).withTop(1000))
                        .weightShapes());
        assertThat(weights.entrySet().stream()
                        .filter(weight -> !weight.getKey().endsWith(".bn.weight"))
                        .mapToLong(weight -> weight.getValue().elements())
                        .sum())
                .isEqualTo(PARAMETERS);
    }

    @Test
    void kerasNumbersTheLayersInTheOrderInWhichItMakesThem() {
        assertThat(ORDER).hasSize(94);
        for (int i = 0; i < ORDER.size(); i++) {
            String number = i == 0 ? "" : "_" + i;
            assertThat(InceptionV3.kerasLayer("conv2d" + number)).isEqualTo(ORDER.get(i) + ".conv");
            assertThat(InceptionV3.kerasLayer("batch_normalization" + number)).isEqualTo(ORDER.get(i) + ".bn");
        }
        assertThat(InceptionV3.kerasLayer("predictions")).isEqualTo("fc");
        assertThat(InceptionV3.kerasLayer("conv2d_94")).isEqualTo("conv2d_94");
    }

    /** The order of names in the file does not matter. */
    @Test
    void googlesLayersAreFoundByTheirNames() {
        WeightFile file = InceptionV3.google(google(94, 3));
        assertThat(file.read("Conv2d_1a_3x3.conv.weight").get(0)).isEqualTo(0);
        assertThat(file.read("Mixed_5b.branch1x1.conv.weight").get(0)).isEqualTo(5);
        assertThat(file.read("Mixed_7c.branch_pool.bn.bias").get(0)).isEqualTo(93);
        assertThat(file.read("Mixed_7c.branch_pool.bn.weight").toArray()).containsExactly(1, 1);
        assertThat(file.read("Mixed_7c.branch_pool.bn.running_mean").toArray()).containsExactly(0, 0);
        assertThat(file.read("Mixed_7c.branch_pool.bn.running_var").toArray()).containsExactly(0.999f, 0.999f);
        assertThat(file.read("fc.weight").shape()).isEqualTo(Shape.of(2, 2));
        assertThat(file.read("fc.weight").toArray()).containsExactly(3, 4, 5, 6);
        assertThat(file.read("fc.bias").toArray()).containsExactly(8, 9);
        assertThat(file.tensors()).containsKey("other").hasSize(94 * 5 + 3);
    }

    @Test
    void anotherNetworkOfGooglesIsRefused() {
        assertThatThrownBy(() -> InceptionV3.google(google(93, 1)))
                .isInstanceOf(GraftException.class)
                .hasMessage("graph.lite: expected the 94 convolutions of Google's Inception V3, found 93 of their"
                        + " names; convert the weights to safetensors with torchvision's names");
    }

    /** Layers whose names sort by their number, which is what they hold. */
    private static WeightFile google(int layers, long seed) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        tensors.put("other", StoredTensor.constant(Shape.of(1), 1));
        tensors.put(
                "InceptionV3/Logits/Conv2d_1c_1x1/weights_quant/FakeQuantWithMinMaxVars",
                stored(HostTensor.of(Shape.of(3, 2, 1, 1), 1, 2, 3, 4, 5, 6)));
        tensors.put("InceptionV3/Logits/Conv2d_1c_1x1/Conv2D_bias", stored(HostTensor.of(Shape.of(3), 7, 8, 9)));
        List<Integer> numbers =
                new ArrayList<>(IntStream.range(0, layers).boxed().toList());
        Collections.shuffle(numbers, new Random(seed));
        for (int number : numbers) {
            String name = "InceptionV3/InceptionV3/Mixed/%02d/".formatted(number);
            tensors.put(name + "weights_quant/FakeQuantWithMinMaxVars", StoredTensor.constant(Shape.of(2, 1), number));
            tensors.put(name + "Conv2D_Fold_bias", StoredTensor.constant(Shape.of(2), number));
        }
        return new WeightFile("graph.lite", tensors, Map.of());
    }

    private static StoredTensor stored(HostTensor tensor) {
        return new StoredTensor(tensor.shape(), "UINT8", () -> tensor);
    }
}
