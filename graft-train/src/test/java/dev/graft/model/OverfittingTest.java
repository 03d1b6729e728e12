package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.LoadedNetwork;
import dev.graft.torch.Algorithm;
import dev.graft.torch.Device;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchLosses;
import dev.graft.torch.TorchLosses.Reduction;
import dev.graft.torch.TorchOptimizer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A small network learns eight random pictures by heart: layers, gradients and optimizers work together. */
@Tag("slow")
class OverfittingTest {
    private static final int STEPS = 150;
    private static final HostTensor LABELS = HostTensor.of(Shape.of(8), 2, 0, 1, 1, 0, 2, 2, 1);
    private static final HostTensor PICTURES = randomPictures();

    private static HostTensor randomPictures() {
        SplittableRandom random = new SplittableRandom(20);
        HostTensor pictures = HostTensor.allocate(Shape.of(8, 3, 12, 12));
        for (int i = 0; i < pictures.elements(); i++) {
            pictures.put(i, (float) (random.nextDouble() * 2 - 1));
        }
        return pictures;
    }

    private static Network network() {
        Node input = Node.input(3, 12, 12);
        Node output = input.then("conv", Conv2D.of(16, 3).padding(1).noBias())
                .then("bn", BatchNormalization.of(1e-3))
                .then("act", Activation.of(Activation.Kind.HARD_SWISH))
                .then("conv2", Conv2D.of(32, 3).stride(2).padding(1))
                .then("relu", Activation.relu())
                .then("pool", GlobalAveragePooling2D.of())
                .then("fc", Dense.of(3));
        return Network.of(Model.of("small", input, output), 11);
    }

    static Stream<Arguments> optimizers() {
        return Stream.of(
                Arguments.of("Adam", new Algorithm.Adam(0.9, 0.999, 1e-8), 1e-2),
                Arguments.of("AdamW", new Algorithm.AdamW(0.9, 0.999, 1e-8), 1e-2),
                Arguments.of("SGD", new Algorithm.Sgd(0.9, true), 1e-1),
                Arguments.of("RMSprop", new Algorithm.RmsProp(0.99, 1e-8, 0, false), 1e-2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void eightPicturesAreLearnedByHeart(String name, Algorithm optimizer, double rate) {
        Network network = network();
        Network trained = train(network, optimizer, rate);
        network.weights()
                .forEach((weight, before) -> assertThat(trained.weight(weight).sameBits(before))
                        .as("%s moved", weight)
                        .isFalse());
        assertThat(correct(Engines.torch(trained, PICTURES))).as("in libtorch").isEqualTo(8);
        assertThat(correct(Engines.onnx(trained, PICTURES)))
                .as("in ONNX Runtime")
                .isEqualTo(8);
    }

    /** Only the head trains: all else keeps its bits, statistics too, and the loss still falls. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void whatIsFrozenKeepsItsBits(String name, Algorithm optimizer, double rate) {
        Network network = network();
        network.setTrainable(false);
        network.layer("fc").setTrainable(true);
        Network trained = train(network, optimizer, rate);
        Map<String, Boolean> kept = new HashMap<>();
        network.weights()
                .forEach((weight, before) ->
                        kept.put(weight, trained.weight(weight).sameBits(before)));
        assertThat(kept).allSatisfy((weight, same) -> assertThat(same).isEqualTo(!weight.startsWith("fc.")));
    }

    private static Network train(Network network, Algorithm algorithm, double rate) {
        try (var loaded = new LoadedNetwork(network);
                var optimizer = TorchOptimizer.of(
                        algorithm, List.of(new TorchOptimizer.Group(loaded.parameters(), rate, 1e-4)))) {
            float first = step(loaded, optimizer);
            float last = first;
            for (int i = 1; i < STEPS; i++) {
                last = step(loaded, optimizer);
            }
            assertThat(last).isLessThan(first);
            Map<String, HostTensor> weights = new LinkedHashMap<>();
            network.weights().keySet().forEach(name -> weights.put(name, loaded.host(name)));
            Network trained = Network.of(network.model(), 0);
            trained.setWeights(weights);
            return trained;
        }
    }

    private static float step(LoadedNetwork loaded, TorchOptimizer optimizer) {
        try (var scope = Scope.open()) {
            Tensor logits = loaded.run(true, Tensor.of(PICTURES, Device.CPU)).get(0);
            Tensor loss = TorchLosses.crossEntropy(logits, Tensor.of(LABELS, Device.CPU), 0, Reduction.MEAN);
            loss.backward();
            optimizer.step();
            return loss.item();
        }
    }

    private static int correct(HostTensor logits) {
        int correct = 0;
        for (int picture = 0; picture < LABELS.elements(); picture++) {
            int best = 0;
            for (int label = 1; label < 3; label++) {
                best = logits.get(picture * 3 + label) > logits.get(picture * 3 + best) ? label : best;
            }
            correct += best == LABELS.get(picture) ? 1 : 0;
        }
        return correct;
    }
}
