package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Concatenate;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.GlobalMaxPooling2D;
import dev.graft.layers.Rescaling;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CutTest {
    private static final double GAIN = 1.5;

    /** Residual connections, a branch from the input past everything, and three outputs at several depths. */
    private static Model tangled() {
        Node input = Node.input(3, 8, 8);
        Node a = input.then("scale", Rescaling.of(0.5))
                .then("a", Conv2D.of(4, 3).padding(1))
                .then("bn", BatchNormalization.of(1e-3));
        Node b = a.then("relu", Activation.relu()).then("b", Conv2D.of(4, 3).padding(1));
        Node sum = Node.of("add", new Add(), a, b);
        Node c = sum.then("c", Conv2D.of(4, 1));
        Node again = Node.of("add2", new Add(), a, c);
        Node joined = Node.of("join", new Concatenate(), again, input);
        Node pooled = joined.then("pool", GlobalAveragePooling2D.of());
        Node fc = pooled.then("fc", Dense.of(5));
        return Model.of("tangled", List.of(input), List.of(fc, sum, joined.then("max", new GlobalMaxPooling2D())));
    }

    static IntStream everyBoundary() {
        return IntStream.rangeClosed(0, Program.of(tangled()).steps().size());
    }

    /** Step k changes and so does all that depends on it; the last one stands for a wholly frozen program. */
    @ParameterizedTest
    @MethodSource("everyBoundary")
    void prefixThenSuffixIsTheWhole(int changing) {
        Program program = Program.of(tangled());
        check(program, Cut.of(program, step -> program.steps().indexOf(step) == changing));
    }

    static Stream<List<Integer>> severalChanging() {
        int steps = Program.of(tangled()).steps().size();
        List<List<Integer>> pairs = new ArrayList<>();
        for (int first = 0; first < steps; first++) {
            pairs.add(List.of(first, (first * 7 + 3) % steps));
        }
        pairs.add(IntStream.range(0, steps).boxed().toList());
        return pairs.stream();
    }

    @ParameterizedTest
    @MethodSource("severalChanging")
    void prefixThenSuffixIsTheWholeAlsoWhenChangeIsScattered(List<Integer> changing) {
        Program program = Program.of(tangled());
        check(program, Cut.of(program, step -> changing.contains(program.steps().indexOf(step))));
    }

    private static void check(Program program, Cut cut) {
        Map<String, HostTensor> weights = weights(program);
        List<HostTensor> input = List.of(Formula.input(Shape.of(2, 3, 8, 8)));
        List<HostTensor> boundary = Engines.torch(cut.prefix(), weights, input);
        assertThat(boundary.stream().map(HostTensor::shape))
                .isEqualTo(cut.suffix().inputs().stream()
                        .map(shape -> shape.withBatch(2))
                        .toList());
        Close.within(0)
                .check(
                        "outputs",
                        Engines.torch(cut.suffix(), weights, boundary),
                        Engines.torch(program, weights, input));
        List<String> paths = Stream.of(cut.prefix(), cut.suffix())
                .flatMap(part -> part.steps().stream().map(Step::path))
                .toList();
        assertThat(paths)
                .as("every step is on one side")
                .containsExactlyInAnyOrderElementsOf(
                        program.steps().stream().map(Step::path).toList());
        Close.toScale(1e-5).check("boundary in ONNX Runtime", Engines.onnx(cut.prefix(), weights, input), boundary);
    }

    private static Map<String, HostTensor> weights(Program program) {
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        program.weights().forEach((name, spec) -> weights.put(name, Formula.weight(name, spec.shape(), GAIN)));
        return weights;
    }

    @Test
    void theBoundaryHoldsEveryFrozenValueThatIsNeededBehindIt() {
        Network network = Network.of(tangled(), 1);
        network.setTrainable(false);
        network.layer("c").setTrainable(true);
        Cut cut = network.cut();
        // add feeds c and is an output, bn feeds add2, the input feeds join.
        List<String> made = cut.prefix().outputs().stream()
                .map(value -> cut.prefix().isInput(value)
                        ? "input"
                        : cut.prefix().producer(value).path())
                .toList();
        assertThat(made).containsExactly("input", "bn", "add");
        assertThat(paths(cut.suffix())).containsExactly("c", "add2", "join", "pool", "fc", "max");
        assertThat(cut.hasFrozenWeights()).isTrue();
    }

    @Test
    void whatIsFrozenBehindTheBoundaryStaysBehindIt() {
        Network network = Network.of(tangled(), 1);
        network.layer("fc").setTrainable(false);
        Cut cut = network.cut();
        assertThat(paths(cut.prefix())).containsExactly("scale");
        assertThat(paths(cut.suffix())).contains("fc");
        assertThat(cut.hasFrozenWeights()).isFalse();
    }

    @Test
    void aWhollyFrozenNetworkIsAllPrefix() {
        Network network = Network.of(tangled(), 1);
        network.setTrainable(false);
        Cut cut = network.cut();
        assertThat(cut.suffix().steps()).isEmpty();
        assertThat(cut.prefix().steps()).isEqualTo(network.program().steps());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dropoutIsNeverInThePrefixUnlessItIsPinnedToInference(boolean pinned) {
        Node inner = Node.input(4);
        Model backbone = Model.of(
                "backbone",
                inner,
                inner.then("fc", Dense.of(4)).then("drop", Dropout.of(0.5)).then("fc2", Dense.of(4)));
        Node input = Node.input(4);
        Node features = input.then("backbone", pinned ? backbone.inInferenceMode() : backbone);
        Network network = Network.of(Model.of("net", input, features.then("head", Dense.of(2))), 1);
        network.layer("backbone").setTrainable(false);
        assertThat(paths(network.cut().suffix()))
                .isEqualTo(pinned ? List.of("head") : List.of("backbone.drop", "backbone.fc2", "head"));
    }

    @Test
    void dropoutThatDropsNothingMayBeInThePrefix() {
        Node input = Node.input(4);
        Node features = input.then("fc", Dense.of(4)).then("drop", Dropout.of(0));
        Network network = Network.of(Model.of("net", input, features.then("head", Dense.of(2))), 1);
        network.layer("fc").setTrainable(false);
        assertThat(paths(network.cut().suffix())).containsExactly("head");
    }

    /** Rule 2: pinned statistics are kept, but gamma and beta train, so the layer changes. */
    @Test
    void trainableBatchNormalisationIsBehindTheBoundaryAlsoInInferenceMode() {
        Node inner = Node.input(3, 4, 4);
        Model backbone = Model.of(
                "backbone", inner, inner.then("conv", Conv2D.of(2, 1)).then("bn", BatchNormalization.of(1e-3)));
        Node input = Node.input(3, 4, 4);
        Model model = Model.of("net", input, input.then("backbone", backbone.inInferenceMode()));
        Network network = Network.of(model, 1);
        network.layer("backbone.conv").setTrainable(false);
        assertThat(paths(network.cut().prefix())).containsExactly("backbone.conv");
        assertThat(paths(network.cut().suffix())).containsExactly("backbone.bn");
        network.layer("backbone.bn").setTrainable(false);
        assertThat(paths(network.cut().suffix())).isEmpty();
    }

    private static List<String> paths(Program program) {
        return program.steps().stream().map(Step::path).toList();
    }
}
