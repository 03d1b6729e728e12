package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.Flatten;
import dev.graft.layers.Layer;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.testing.LoadedNetwork;
import dev.graft.torch.Device;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class ModelTest {
    private static final Node INPUT = Node.input(4);

    @Test
    void layersComeAfterThoseTheyNeedFirstInputFirst() {
        Node a = INPUT.then("a", Dense.of(4));
        Node c = a.then("b", Dense.of(4)).then("c", Dense.of(4));
        Node d = INPUT.then("d", Dense.of(4));
        Node sum = Node.of("sum", new Add(), c, a, d);
        assertThat(names(Model.of("m", INPUT, sum))).containsExactly("a", "b", "c", "d", "sum");
        Node other = Node.of("sum", new Add(), d, c);
        assertThat(names(Model.of("m", INPUT, other))).containsExactly("d", "a", "b", "c", "sum");
    }

    /** Deeper than the stack of a thread, and each step needed twice: a walk that forgets would never end. */
    @Test
    void aDeepGraphIsNoTrouble() {
        Node x = INPUT;
        for (int i = 0; i < 5000; i++) {
            x = Node.of("add" + i, new Add(), x, x.then("relu" + i, Activation.relu()));
        }
        assertThat(Program.of(Model.of("deep", INPUT, x)).steps()).hasSize(10_000);
    }

    @Test
    void twoLayersOfOneNameAreRefused() {
        Node output = INPUT.then("fc", Dense.of(4)).then("fc", Dense.of(4));
        assertThatThrownBy(() -> Model.of("m", INPUT, output))
                .isInstanceOf(GraftException.class)
                .hasMessage(
                        "model 'm' has two layers named 'fc'; weights are named after layers, so rename one, or call one and"
                                + " the same layer twice to share its weights");
    }

    /** The inner 'fc' of 'body' and the outer 'body.fc' would share their weights. */
    @Test
    void twoPathsThatMeetThroughANestedModelAreRefused() {
        Model body = Model.of("body", INPUT, INPUT.then("fc", Dense.of(4)));
        Node input = Node.input(4);
        Model model = Model.of("m", input, input.then("body", body).then("body.fc", Dense.of(4)));
        assertThatThrownBy(() -> Program.of(model))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("'m'")
                .hasMessageContaining("'body.fc'")
                .hasMessageContaining("rename one");
    }

    @Test
    void anInputThatIsNotTheModelsIsRefused() {
        Node foreign = Node.input(4);
        Node sum = Node.of("sum", new Add(), INPUT, foreign);
        assertThatThrownBy(() -> Model.of("m", INPUT, sum))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("model 'm': an output depends on an input [N, 4] that is not among");
    }

    @Test
    void anUnknownLayerSuggestsTheNearest() {
        Model model = Model.of("m", INPUT, INPUT.then("dense_one", Dense.of(4)).then("out", Dense.of(2)));
        assertThat(model.layer("out").shape()).isEqualTo(Shape.batchOf(2));
        assertThatThrownBy(() -> model.layer("dense_on"))
                .isInstanceOf(GraftException.class)
                .hasMessage("model 'm' has no layer 'dense_on'; did you mean 'dense_one'?");
    }

    @Test
    void aModelCutAtANodeComputesWhatIsBehindIt() {
        Node middle = INPUT.then("a", Dense.of(3));
        Node end = middle.then("b", Dense.of(2));
        Network whole = Network.of(Model.of("whole", INPUT, end), 1);
        Network head = Network.of(Model.of("head", INPUT, middle), 1);
        Network tail = Network.of(Model.of("tail", middle, end), 1);
        assertThat(tail.weightShapes()).containsOnlyKeys("b.weight", "b.bias");
        HostTensor input = Formula.input(Shape.of(2, 4));
        assertThat(Engines.torch(tail, Engines.torch(head, input)).sameBits(Engines.torch(whole, input)))
                .isTrue();
    }

    private static Model inner() {
        Node input = Node.input(3, 4, 4);
        return Model.of(
                "inner",
                input,
                input.then("conv", Conv2D.of(2, 3))
                        .then("bn", BatchNormalization.of(1e-3))
                        .then("drop", Dropout.of(0.5)));
    }

    private static Model nested(boolean pinned) {
        Node shell = Node.input(3, 4, 4);
        Model middle = Model.of("middle", shell, shell.then("inner", inner()));
        Layer called = pinned ? middle.inInferenceMode() : middle;
        Node input = Node.input(3, 4, 4);
        return Model.of(
                "outer",
                input,
                input.then("body", called).then("flat", new Flatten()).then("head", Dense.of(2)));
    }

    @Test
    void nestedModelsAreInlinedWithTheirPaths() {
        Program program = Program.of(nested(true));
        assertThat(program.steps().stream().map(Step::path))
                .containsExactly("body.inner.conv", "body.inner.bn", "body.inner.drop", "flat", "head");
        assertThat(program.steps().stream().map(Step::inference)).containsExactly(true, true, true, false, false);
        assertThat(program.weights().keySet())
                .containsExactly(
                        "body.inner.conv.weight",
                        "body.inner.conv.bias",
                        "body.inner.bn.weight",
                        "body.inner.bn.bias",
                        "body.inner.bn.running_mean",
                        "body.inner.bn.running_var",
                        "head.weight",
                        "head.bias");
        assertThat(program.inputs()).containsExactly(Shape.batchOf(3, 4, 4));
    }

    @Test
    void aModelCalledTwiceHasTwoSetsOfWeights() {
        Node input = Node.input(4);
        Model body = Model.of("body", INPUT, INPUT.then("fc", Dense.of(4)));
        Model model = Model.of("m", input, input.then("one", body).then("two", body));
        Network network = Network.of(model, 1);
        assertThat(network.weights().keySet())
                .containsExactly("one.fc.weight", "one.fc.bias", "two.fc.weight", "two.fc.bias");
        assertThat(Engines.torch(network, Formula.input(Shape.of(2, 4))).shape())
                .isEqualTo(Shape.of(2, 4));
    }

    /** Rule 2 of the design, both ways. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aModelInInferenceModeKeepsItsStatisticsWhileItsGammaAndBetaTrain(boolean pinned) {
        Network network = Network.of(nested(pinned), 5);
        network.setWeights(Formula.weights(network.weightShapes(), 2));
        HostTensor input = Formula.input(Shape.of(4, 3, 4, 4));
        try (var loaded = new LoadedNetwork(network);
                var scope = Scope.open()) {
            Tensor output = loaded.run(true, Tensor.of(input, Device.CPU)).get(0);
            Probe.dot(output, Formula.input(output.shape())).backward();
            for (String statistic : List.of("body.inner.bn.running_mean", "body.inner.bn.running_var")) {
                assertThat(loaded.host(statistic).sameBits(network.weight(statistic)))
                        .as(statistic)
                        .isEqualTo(pinned);
            }
            for (String weight : network.trainableWeights()) {
                // Batch statistics take away what the bias before them adds: its gradient is only rounding.
                if (pinned || !weight.equals("body.inner.conv.bias")) {
                    assertThat(norm(loaded.gradient(weight))).as(weight).isGreaterThan(1e-3);
                }
            }
            HostTensor inference = Engines.torch(network, input);
            assertThat(output.toHost().sameBits(inference))
                    .as("dropout and batch statistics are off")
                    .isEqualTo(pinned);
        }
    }

    @Test
    void aModelWithTwoOutputsCannotBeALayer() {
        Node a = INPUT.then("a", Dense.of(4));
        Model two = Model.of("two", List.of(INPUT), List.of(a, a.then("b", Dense.of(4))));
        assertThatThrownBy(() -> Node.input(4).then("two", two))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("Model 'two': expected a model with one output");
    }

    private static double norm(HostTensor tensor) {
        double sum = 0;
        for (float value : tensor.toArray()) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static List<String> names(Model model) {
        return model.nodes().stream().map(Node::name).toList();
    }
}
