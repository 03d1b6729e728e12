package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Concatenate;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.Named;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Layers that are called several times, several inputs and outputs, and names that nobody gave. */
class SharedLayersTest {
    private static final Close CLOSE = Close.toScale(1e-5);

    /** Two inputs through one layer: {@code |a·W + b| + |c·W + b|} without the bars. */
    private static Model twins() {
        Node left = Node.input(2);
        Node right = Node.input(2);
        Named embed = Dense.of(2).named("embed");
        return Model.of(
                "twins",
                List.of(left, right),
                List.of(Node.of("sum", new Add(), left.then(embed), right.then(embed)), left.then(embed)));
    }

    private static Network weighted(Model model) {
        return Network.of(
                model,
                Map.of(
                        "embed.weight", HostTensor.of(Shape.of(2, 2), 1, 2, 3, 4),
                        "embed.bias", HostTensor.of(Shape.of(2), 10, 20)),
                1);
    }

    private static final List<HostTensor> INPUTS =
            List.of(HostTensor.of(Shape.of(1, 2), 1, 0), HostTensor.of(Shape.of(1, 2), 0, 1));

    @Test
    void aSharedLayerHasOneSetOfWeightsAndComputesWithItEachTime() {
        Network network = weighted(twins());
        assertThat(network.weights()).containsOnlyKeys("embed.weight", "embed.bias");
        assertThat(network.parameters().total()).isEqualTo(6);
        assertThat(network.layerNames()).containsExactly("embed", "sum");
        List<HostTensor> sums = Engines.torch(network.program(), network.weights(), INPUTS);
        assertThat(sums.get(0).toArray()).containsExactly(11 + 12, 23 + 24);
        assertThat(sums.get(1).toArray()).containsExactly(11, 23);
        CLOSE.check("onnx", Engines.onnx(network.program(), network.weights(), INPUTS), sums);
    }

    @Test
    void aSharedLayerIsWrittenOnceAndReadAsShared() {
        Network network = weighted(twins());
        Model read = ModelJson.read(ModelJson.write(network.model()));
        assertThat(ModelJson.write(read)).isEqualTo(ModelJson.write(network.model()));
        CLOSE.check(
                "read",
                Engines.torch(weighted(read).program(), network.weights(), INPUTS),
                Engines.torch(network.program(), network.weights(), INPUTS));
        var json = ModelJson.write(network.model());
        ((com.fasterxml.jackson.databind.node.ObjectNode) json.get("nodes").get(0)).put("shared", true);
        assertThatThrownBy(() -> ModelJson.read(json))
                .hasMessageContaining("shares a layer that no node before it has");
    }

    @Test
    void aModelThatIsCalledTwiceIsShared() {
        Model encoder = Model.sequential("encoder", Node.input(3), Dense.of(2), Activation.relu());
        Node left = Node.input(3);
        Node right = Node.input(3);
        Model siamese = Model.of(
                "siamese",
                List.of(left, right),
                List.of(Node.of(new Concatenate(), left.then(encoder), right.then(encoder.inInferenceMode()))
                        .then(Dense.of(1))));
        Network network = Network.of(siamese, 1);
        assertThat(network.weights())
                .containsOnlyKeys("encoder.dense.weight", "encoder.dense.bias", "dense.weight", "dense.bias");
        Model read = ModelJson.read(ModelJson.write(siamese));
        assertThat(Program.of(read).steps().stream().map(Program.Step::inference))
                .containsExactly(false, false, true, true, false, false);
        assertThat(Summary.of(network).toString())
                .contains("input_layer; input_layer_1")
                .contains("encoder, encoder")
                .contains("Total params: 13");
    }

    @Test
    void callsOnOtherShapesAreRefused() {
        Node input = Node.input(4);
        Named dense = Dense.of(3).named("dense");
        Model model = Model.of("m", input, input.then(dense).then(dense));
        assertThatThrownBy(() -> Network.of(model, 1))
                .isInstanceOf(GraftException.class)
                .hasMessage(
                        "Dense 'dense': called on [[N, 4]] and on [[N, 3]], which need weights of different shapes; a"
                                + " shared layer takes inputs of one shape");
    }

    /** Its convolution's weights serve a call without normalisation too, so that nothing may be folded into them. */
    @Test
    void aSharedConvolutionIsNotFolded() {
        Node input = Node.input(1, 4, 4);
        Named conv = Conv2D.of(1, 1).named("conv");
        Node normed = input.then(conv).then("norm", BatchNormalization.of(0.5));
        Model model =
                Model.of("m", input, Node.of("sum", new Add(), normed, input.then("other", conv), input.then(conv)));
        Network network = Network.of(model, 3);
        HostTensor picture = HostTensor.allocate(Shape.of(1, 1, 4, 4));
        picture.put(5, 2);
        CLOSE.check("onnx", Engines.onnx(network, picture), Engines.torch(network, picture));
    }

    @Test
    void layersWithoutNamesGetThemAsInKeras() {
        Node input = Node.input(3, 8, 8);
        Node x = input.then(Conv2D.of(2, 3)).then(BatchNormalization.of(1e-3)).then(Conv2D.of(2, 3));
        Node y = x.then("conv2d_2", Conv2D.of(2, 1)).then(Conv2D.of(2, 1));
        Model model = Model.of("m", input, y);
        assertThat(model.nodes().stream().map(Node::name))
                .containsExactly("conv2d", "batch_normalization", "conv2d_1", "conv2d_2", "conv2d_3");
        assertThat(Model.of("shorter", input, x).nodes().stream().map(Node::name))
                .as("a name once given stays")
                .containsExactly("conv2d", "batch_normalization", "conv2d_1");
        assertThat(LayerNames.snakeCase("GlobalAveragePooling2D")).isEqualTo("global_average_pooling2d");
        assertThatThrownBy(() -> input.then(Dropout.of(0.5)).name()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aModelIsCutAtSeveralDepths() {
        Node input = Node.input(1, 4, 4);
        Node x = input.then("one", Conv2D.of(1, 1)).then("two", Conv2D.of(1, 3)).then("three", Conv2D.of(5, 1));
        Network network = Network.of(Model.of("m", input, x), 1);
        Network features = network.upTo("two", "one");
        assertThat(features.program().steps()).hasSize(2);
        assertThat(features.model().outputs().stream().map(Node::shape))
                .containsExactly(Shape.batchOf(1, 2, 2), Shape.batchOf(1, 4, 4));
        assertThat(features.weight("two.weight")).isSameAs(network.weight("two.weight"));
        assertThat(features.trainableWeights()).isEmpty();
        assertThatThrownBy(() -> network.upTo("four")).hasMessageContaining("has no layer 'four'");
    }

    /** A model cut at two depths inside another one: its layers stand there once. */
    @Test
    void aNestedModelMayHaveSeveralOutputs() {
        Node inner = Node.input(1, 4, 4);
        Node deep = inner.then("one", Conv2D.of(2, 1)).then("two", Conv2D.of(3, 1));
        Model base = Model.of("base", inner, deep).upTo("one", "two");
        Node input = Node.input(1, 4, 4);
        List<Node> maps = Node.all(base.inInferenceMode(), input);
        Model model = Model.of("m", List.of(input), List.of(Node.of(new Concatenate(), maps.get(1), maps.get(0))));
        Network network = Network.of(model, 3);
        assertThat(network.layerNames()).containsExactly("base.one", "base.two", "concatenate");
        assertThat(network.program().steps()).hasSize(3);
        HostTensor picture = HostTensor.allocate(Shape.of(2, 1, 4, 4));
        picture.put(7, 1);
        HostTensor joined = Engines.torch(network, picture);
        assertThat(joined.shape()).isEqualTo(Shape.of(2, 5, 4, 4));
        CLOSE.check("onnx", Engines.onnx(network, picture), joined);
        Model read = ModelJson.read(ModelJson.write(model));
        assertThat(ModelJson.write(read)).isEqualTo(ModelJson.write(model));
        CLOSE.check("read", Engines.torch(Network.of(read, 3), picture), joined);
        assertThatThrownBy(() -> input.then(base))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("'base' has 2: call it with Node.all, or cut it at one layer");
    }

    @Test
    void anInputThatLeadsNowhereIsRefused() {
        Node used = Node.input(3);
        Node idle = Node.input(7);
        assertThatThrownBy(() -> Model.of("m", List.of(used, idle), List.of(used.then(Dense.of(1)))))
                .isInstanceOf(GraftException.class)
                .hasMessage("model 'm': no output depends on input 2, [N, 7]; connect it or leave it out");
    }
}
