package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Layer;
import dev.graft.layers.SeparableConv2D;
import dev.graft.model.Network;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.DoubleNetwork;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.testing.NoTensorLeft;
import dev.graft.testing.Numbers;
import dev.graft.torch.Device;
import dev.graft.torch.GradientScope;
import dev.graft.torch.Gradients;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import dev.graft.torch.TorchOptimizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network with its normalisations folded against the same network as it is drawn, layer by layer. */
@ExtendWith(NoTensorLeft.class)
class FoldingTest {
    /** Of one function computed in two ways in float64. */
    private static final Close SAME = Close.toScale(1e-12);

    /** Of outputs in float32, which change continuously where gradients may take another slope at a bend. */
    private static final Close CLOSE = Close.toScale(1e-5);

    private static final HostTensor PICTURES = Formula.input(FoldingNetworks.INPUT);
    private static final HostTensor LABELS = HostTensor.of(Shape.of(3), 0, 2, 1);

    @ParameterizedTest
    @EnumSource
    void everythingTrainsInInferenceMode(FoldingNetworks of) {
        Network network = of.network(true);
        assertThat(folded(network, true)).isEqualTo(of.folded());
        compare(network);
    }

    /** The network is called in training mode, so it is that the layers are frozen which keeps the statistics. */
    @ParameterizedTest
    @EnumSource
    void theNormalisationsAreFrozen(FoldingNetworks of) {
        Network network = of.network(false);
        freeze(network, FoldingTest::isNorm);
        assertThat(folded(network, true)).isEqualTo(of.folded());
        compare(network);
    }

    /** The gradient of filters is worth its time only where they train. */
    @ParameterizedTest
    @EnumSource
    void theConvolutionsAreFrozenAndTheNormalisationsTrain(FoldingNetworks of) {
        Network network = of.network(true);
        freeze(network, FoldingTest::isConvolution);
        assertThat(folded(network, true)).isZero();
        assertThat(folded(network, false)).isEqualTo(of.folded());
        compare(network);
    }

    /** Of gamma and beta only beta trains, which needs the gradient of the bias alone. */
    @ParameterizedTest
    @EnumSource
    void onlyTheShiftsTrain(FoldingNetworks of) {
        Network network = of.network(true);
        freeze(network, FoldingTest::isConvolution);
        steps(network, FoldingTest::isNorm)
                .forEach(step -> network.setRequiresGradient(step.path() + ".weight", false));
        assertThat(folded(network, true)).isEqualTo(of.folded());
        compare(network);
    }

    /** Behind a first layer that trains, all is folded once for all calls. */
    @ParameterizedTest
    @EnumSource
    void onlyTheFirstConvolutionAndTheHeadTrain(FoldingNetworks of) {
        Network network = of.network(false);
        network.layer("body").setTrainable(false);
        network.layer("body.stem.conv").setTrainable(true);
        assertThat(folded(network, true)).isEqualTo(of.folded());
        compare(network);
    }

    @ParameterizedTest
    @EnumSource
    void movingStatisticsAreNotFoldedInTraining(FoldingNetworks of) {
        Network network = of.network(false);
        assertThat(folded(network, true)).isZero();
        assertThat(folded(network, false)).isEqualTo(of.folded());
        compare(network);
    }

    @Test
    void aNormalisationThatIsUnfrozenLaterMovesItsStatisticsAgain() {
        Network network = FoldingNetworks.RESNET.network(false);
        String mean = "body.a.1.bn.running_mean";
        freeze(network, FoldingTest::isNorm);
        HostTensor before = network.weight(mean);
        fit(network);
        assertThat(network.weight(mean).sameBits(before)).isTrue();
        network.setTrainable(true);
        assertThat(folded(network, true)).isZero();
        fit(network);
        assertThat(network.weight(mean).sameBits(before)).isFalse();
        compare(network);
    }

    /** What is trainable is read when a network is opened; a change afterwards makes no difference to it. */
    @Test
    void unfreezingAnOpenNetworkDoesNothing() {
        Network network = FoldingNetworks.RESNET.network(false);
        freeze(network, FoldingTest::isNorm);
        try (LiveNetwork live = LiveNetwork.open(network, Engines.ONE_THREAD);
                var scope = Scope.open()) {
            HostTensor before = live.call(PICTURES, true).toHost();
            network.setTrainable(true);
            assertThat(live.call(PICTURES, true).toHost().sameBits(before)).isTrue();
        }
    }

    /** Folded once, and yet not out of date when somebody writes into a frozen weight. */
    @Test
    void whatIsFoldedOnceFollowsItsWeights() {
        Network network = FoldingNetworks.RESNET.network(true);
        network.layer("body").setTrainable(false);
        try (LiveNetwork live = LiveNetwork.open(network, Engines.ONE_THREAD);
                var scope = Scope.open()) {
            HostTensor before = live.call(PICTURES, true).toHost();
            assertThat(live.call(PICTURES, true).toHost().sameBits(before)).isTrue();
            Tensor gamma = live.weight("body.b.bn.weight");
            gamma.assign(Formula.weight("another", gamma.shape(), 1));
            CLOSE.check(
                    "after assignment",
                    live.call(PICTURES, true).toHost(),
                    drawn(network, live, true).toHost());
            assertThat(live.call(PICTURES, true).toHost().sameBits(before)).isFalse();
        }
    }

    @Test
    void theSameTrainingGivesTheSameBits() {
        Network once = FoldingNetworks.MOBILENET.network(true);
        Network again = FoldingNetworks.MOBILENET.network(true);
        fit(once);
        fit(again);
        once.weights()
                .forEach((name, weight) ->
                        assertThat(weight.sameBits(again.weight(name))).as(name).isTrue());
    }

    private static void fit(Network network) {
        try (Trainer trainer =
                Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.adam(1e-3), Loss.crossEntropy())) {
            trainer.fit(examples(), Phase.of(3));
        }
    }

    private static MemoryBatches examples() {
        return new MemoryBatches(PICTURES.rows().toArray(new float[0][]), new int[] {0, 2, 1}, FoldingNetworks.ITEM, 3);
    }

    /** Outputs and gradients of two steps with one of an optimizer between them, and what there is afterwards. */
    private static void compare(Network network) {
        Map<String, Numbers> folded = compute(network, true);
        Map<String, Numbers> drawn = compute(network, false);
        assertThat(folded.keySet()).isEqualTo(drawn.keySet());
        drawn.forEach((what, expected) -> SAME.check(what, Objects.requireNonNull(folded.get(what)), expected));
        try (LiveNetwork live = LiveNetwork.open(network, Engines.ONE_THREAD);
                var scope = Scope.open()) {
            Numbers expected = Objects.requireNonNull(drawn.get("output of step 1"));
            CLOSE.check(
                    "output in float32", Numbers.of(live.call(PICTURES, true).toHost()), expected);
        }
    }

    private static Map<String, Numbers> compute(Network network, boolean folded) {
        Map<String, Numbers> computed = new LinkedHashMap<>();
        try (var loaded = new DoubleNetwork(network);
                var folding = new Folding(network, network.program(), loaded::weight);
                var optimizer =
                        Optimizer.sgd(0.01).open(List.of(new TorchOptimizer.Group(loaded.parameters(), 0.01, 0)))) {
            for (int step = 1; step <= 2; step++) {
                String when = " of step " + step;
                try (var tape = GradientScope.open(DoubleNetwork.ENGINE)) {
                    Tensor output = folded
                            ? run(folding, true)
                            : loaded.run(true, PICTURES).get(0);
                    computed.put("output" + when, Probe.numbers(output));
                    tape.backward(Loss.crossEntropy().of(output, Tensor.of(LABELS, Device.CPU), null));
                    for (String name : network.trainableWeights()) {
                        computed.put("gradient of " + name + when, loaded.gradient(name));
                    }
                    optimizer.step();
                }
            }
            try (var scope = Scope.open();
                    var gradients = Gradients.off()) {
                Tensor output = folded
                        ? run(folding, false)
                        : loaded.run(false, PICTURES).get(0);
                computed.put("output in inference", Probe.numbers(output));
            }
            loaded.weights().forEach((name, weight) -> computed.put(name, Probe.numbers(weight)));
        }
        return computed;
    }

    private static Tensor run(Folding folding, boolean training) {
        return folding.run(new TorchOps(), List.of(DoubleNetwork.ENGINE.tensor(PICTURES)), training)
                .get(0);
    }

    private static Tensor drawn(Network network, LiveNetwork live, boolean training) {
        List<Tensor> inputs = List.of(live.tensor(PICTURES));
        return network.program()
                .run(new TorchOps(), live::weight, inputs, training, network::isTrainable)
                .get(0);
    }

    private static long folded(Network network, boolean inTraining) {
        try (var folding = new Folding(network, network.program(), name -> {
            throw new IllegalStateException("nothing is computed here");
        })) {
            return steps(network, FoldingTest::isNorm).size()
                    - folding.program(inTraining).steps().stream()
                            .filter(step -> isNorm(step.layer()))
                            .count();
        }
    }

    private static void freeze(Network network, Predicate<Layer> which) {
        steps(network, which).forEach(step -> network.layer(step.path()).setTrainable(false));
    }

    private static List<Step> steps(Network network, Predicate<Layer> which) {
        return network.program().steps().stream()
                .filter(step -> which.test(step.layer()))
                .toList();
    }

    private static boolean isNorm(Layer layer) {
        return layer instanceof BatchNormalization;
    }

    private static boolean isConvolution(Layer layer) {
        return layer instanceof Conv2D || layer instanceof SeparableConv2D;
    }
}
