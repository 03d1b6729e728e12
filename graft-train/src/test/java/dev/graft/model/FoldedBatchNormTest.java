package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Flatten;
import dev.graft.layers.Layer;
import dev.graft.layers.SeparableConv2D;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FoldedBatchNormTest {
    private static final BatchNormalization NORM = BatchNormalization.of(1e-3);
    private static final Shape INPUT = Shape.of(2, 4, 6, 5);

    static Stream<Arguments> graphs() {
        Node x = Node.input(4, 6, 5);
        Node conv = x.then("conv", Conv2D.of(4, 3).padding(1).noBias());
        Node biased = x.then("conv", Conv2D.of(6, 3).groups(2).stride(2));
        Node depthwise = x.then("conv", Conv2D.of(4, 3).groups(4).noBias());
        Node norm = conv.then("bn", NORM);
        return Stream.of(
                graph("without a bias", x, norm, "conv"),
                graph("grouped with a bias", x, biased.then("bn", NORM), "conv"),
                graph("depthwise", x, depthwise.then("bn", NORM), "conv"),
                graph(
                        "separable",
                        x,
                        x.then("conv", SeparableConv2D.of(5, 3).noBias()).then("bn", NORM),
                        "conv"),
                graph(
                        "separable with a bias",
                        x,
                        x.then("conv", SeparableConv2D.of(3, 3).stride(2)).then("bn", NORM),
                        "conv"),
                graph("two in a row fold once", x, norm.then("bn2", NORM), "conv", "bn2"),
                graph(
                        "one after the other",
                        x,
                        norm.then("relu", Activation.relu())
                                .then("conv2", Conv2D.of(3, 1))
                                .then("bn2", NORM),
                        "conv",
                        "relu",
                        "conv2"),
                graph("convolution used twice", x, Node.of("add", new Add(), conv, norm), "conv", "bn", "add"),
                graph(
                        "norm used twice",
                        x,
                        Node.of("add", new Add(), norm, norm.then("relu", Activation.relu())),
                        "conv",
                        "relu",
                        "add"),
                graph("after the input", x, x.then("bn", NORM).then("conv", Conv2D.of(2, 1)), "bn", "conv"),
                graph(
                        "after an activation",
                        x,
                        conv.then("relu", Activation.relu()).then("bn", NORM),
                        "conv",
                        "relu",
                        "bn"),
                graph(
                        "after a dense layer",
                        x,
                        x.then("flat", new Flatten()).then("fc", Dense.of(3)).then("bn", NORM),
                        "flat",
                        "fc",
                        "bn"));
    }

    private static Arguments graph(String what, Node input, Node output, String... left) {
        return Arguments.of(what, Model.of("m", input, output), List.of(left));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("graphs")
    void foldingKeepsTheFunctionAndLeavesTheseSteps(String what, Model model, List<String> left) {
        check(Program.of(model), left);
    }

    /** The convolution's own output is asked for, so it must not be normalised. */
    @Test
    void aConvolutionThatIsAnOutputIsNotFolded() {
        Node x = Node.input(4, 6, 5);
        Node conv = x.then("conv", Conv2D.of(4, 3));
        check(Program.of(Model.of("m", List.of(x), List.of(conv, conv.then("bn", NORM)))), List.of("conv", "bn"));
    }

    private static void check(Program program, List<String> left) {
        Map<String, HostTensor> weights = weights(program);
        FoldedBatchNorm folded = FoldedBatchNorm.of(program, weights);
        assertThat(folded.program().steps().stream().map(Step::path)).isEqualTo(left);
        assertThat(folded.weights().keySet())
                .isEqualTo(folded.program().weights().keySet());
        List<HostTensor> input = List.of(Formula.input(INPUT));
        Close.toScale(1e-5)
                .check(
                        "output",
                        Engines.torch(folded.program(), folded.weights(), input),
                        Engines.torch(program, weights, input));
    }

    /** Gamma 3, beta 1, mean 2, variance 0.25, epsilon 0: y = (5x + 4 - 2) / 0.5 * 3 + 1 = 30x + 13. */
    @Test
    void theArithmeticByHand() {
        Node x = Node.input(1, 1, 1);
        Program program =
                Program.of(Model.of("m", x, x.then("conv", Conv2D.of(1, 1)).then("bn", BatchNormalization.of(0))));
        FoldedBatchNorm folded = FoldedBatchNorm.of(
                program,
                Map.of(
                        "conv.weight", HostTensor.of(Shape.of(1, 1, 1, 1), 5),
                        "conv.bias", HostTensor.of(Shape.of(1), 4),
                        "bn.weight", HostTensor.of(Shape.of(1), 3),
                        "bn.bias", HostTensor.of(Shape.of(1), 1),
                        "bn.running_mean", HostTensor.of(Shape.of(1), 2),
                        "bn.running_var", HostTensor.of(Shape.of(1), 0.25f)));
        assertThat(get(folded.weights(), "conv.weight")).containsExactly(30);
        assertThat(get(folded.weights(), "conv.bias")).containsExactly(13);
    }

    @Test
    void theOriginalWeightsAreUntouched() {
        Node x = Node.input(4, 6, 5);
        Layer conv = Conv2D.of(3, 1);
        Program program = Program.of(Model.of("m", x, x.then("conv", conv).then("bn", NORM)));
        Map<String, HostTensor> weights = weights(program);
        float[] before = get(weights, "conv.weight");
        FoldedBatchNorm folded = FoldedBatchNorm.of(program, weights);
        assertThat(get(weights, "conv.weight")).containsExactly(before);
        assertThat(get(folded.weights(), "conv.weight")).isNotEqualTo(before);
    }

    private static float[] get(Map<String, HostTensor> weights, String name) {
        return Objects.requireNonNull(weights.get(name)).toArray();
    }

    private static Map<String, HostTensor> weights(Program program) {
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        program.weights().forEach((name, spec) -> weights.put(name, Formula.weight(name, spec.shape(), 2)));
        return weights;
    }
}
