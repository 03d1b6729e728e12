package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.layers.Add;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.Rescaling;
import dev.graft.model.Cut;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.torch.Device;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import dev.graft.train.Tiny.Snapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What training moves, and what it must not. */
@Tag("slow")
class TrainerTest {
    private static final Phase THREE = Phase.of("head", 3);

    static Stream<Optimizer> optimizers() {
        return Stream.of(
                Optimizer.adam(0.01),
                Optimizer.sgd(0.1, 0.9),
                Optimizer.rmsProp(0.01),
                Optimizer.adam(0.01).weightDecay(0.1),
                Optimizer.adamW(0.01).weightDecay(0.1),
                Optimizer.sgd(0.1, 0.9).nesterov().weightDecay(0.1));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void theLossFallsAndEightPicturesAreLearntByHeart(Optimizer optimizer) {
        Network network = Network.of(Tiny.convolutions(), 1);
        Batches eight = Tiny.pictures(8, 4, 2);
        History history = fit(network, optimizer, eight, eight, Phase.of("head", 40));
        assertThat(history.best().loss()).isLessThan(history.before().loss() / 2);
        assertThat(history.best().accuracy()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void everyTrainableWeightMovesAndNoFrozenOneDoes(Optimizer optimizer) {
        Network network = Network.of(Tiny.convolutions(), 1);
        network.layer("first").setTrainable(false);
        network.layer("first_norm").setTrainable(false);
        Snapshot before = Snapshot.of(network);
        Set<String> frozen = network.frozenWeights();
        assertThat(frozen)
                .containsExactly(
                        "first.weight",
                        "first_norm.weight",
                        "first_norm.bias",
                        "first_norm.running_mean",
                        "first_norm.running_var");
        History history = fit(network, optimizer, Tiny.pictures(16, 4, 2), Tiny.pictures(16, 4, 3), THREE);
        assertThat(history.bestEpoch()).isPositive();
        Set<String> moving = new HashSet<>(network.weights().keySet());
        moving.removeAll(frozen);
        assertThat(before.moved(network)).isEqualTo(moving);
    }

    @Test
    void batchStatisticsMoveUnlessTheModelIsPinned() {
        Network free = Network.of(Tiny.convolutions(), 1);
        Snapshot before = Snapshot.of(free);
        fit(free, Optimizer.adam(0.01), Tiny.pictures(16, 4, 2), Tiny.pictures(16, 4, 3), THREE);
        assertThat(before.moved(free))
                .contains("second_norm.running_mean", "second_norm.running_var")
                .isEqualTo(free.weights().keySet());

        Node input = Node.input(2, 4, 4);
        Model pinned =
                Model.of("pinned", input, input.then("body", Tiny.convolutions().inInferenceMode()));
        Network kept = Network.of(pinned, 1);
        Snapshot start = Snapshot.of(kept);
        fit(kept, Optimizer.adam(0.01), Tiny.pictures(16, 4, 2), Tiny.pictures(16, 4, 3), THREE);
        assertThat(start.moved(kept))
                .noneMatch(name -> name.contains("running_"))
                .isEqualTo(kept.trainableWeights());
    }

    /** A branch that counts for nothing: its gradient is 0, so that only weight decay could move it. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void weightDecayShrinksMatricesButNotBiases(Optimizer optimizer) {
        Node input = Node.input(4);
        Node idle = input.then("idle", Dense.of(2)).then("nothing", new Rescaling(0, 0));
        Network network =
                Network.of(Model.of("m", input, Node.of("sum", new Add(), idle, input.then("head", Dense.of(2)))), 1);
        Snapshot before = Snapshot.of(network);
        Batches examples = Tiny.vectors(8, 8, 1);
        fit(network, optimizer, examples, examples, Phase.of("head", 1));
        assertThat(before.moved(network)).doesNotContain("idle.bias");
        for (int i = 0; i < 8; i++) {
            float was = before.get("idle.weight")[i];
            float is = network.weight("idle.weight").get(i);
            if (optimizer.weightDecay() == 0) {
                assertThat(is).isEqualTo(was);
            } else {
                assertThat(Math.abs(is)).isLessThan(Math.abs(was));
            }
        }
    }

    @Test
    void plainGradientDescentStepsAsComputedByHand() {
        Network network = Tiny.linear(2, 1);
        network.setWeights(Map.of(
                "head.weight", HostTensor.of(Shape.of(2, 4), new float[8]),
                "head.bias", HostTensor.of(Shape.of(2), 0, 0)));
        float[][] one = {{1, 2, 3, 4}};
        Batches example = new MemoryBatches(one, new int[] {1}, Shape.of(4), 1);
        History history = fit(network, Optimizer.sgd(0.1, 0), example, example, Phase.of("head", 1));
        assertThat(history.before().loss()).isCloseTo(Math.log(2), within(1e-6));
        // The gradient of cross-entropy at equal logits is (0.5, -0.5) times the input.
        assertThat(network.weight("head.weight").toArray())
                .containsExactly(new float[] {-.05f, -.1f, -.15f, -.2f, .05f, .1f, .15f, .2f}, within(1e-6f));
        assertThat(network.weight("head.bias").toArray()).containsExactly(new float[] {-.05f, .05f}, within(1e-6f));
    }

    @Test
    void binaryCrossEntropyLearnsFromOneLogit() {
        Network network = Tiny.linear(1, 1);
        network.setWeights(Map.of(
                "head.weight", HostTensor.of(Shape.of(1, 4), new float[4]),
                "head.bias", HostTensor.of(Shape.of(1), 0)));
        Batches examples = Tiny.vectors(16, 4, 1);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(network, Optimizer.sgd(0.5, 0.9), Loss.binaryCrossEntropy(), Metric.accuracy())) {
            History history = trainer.fit(examples, examples, Phase.of("head", 20));
            assertThat(history.before().loss()).isCloseTo(Math.log(2), within(1e-6));
            assertThat(history.best().accuracy()).isEqualTo(1);
            assertThat(history.best().loss()).isLessThan(0.1);
        }
    }

    @Test
    void trainingBehindTheCutIsTrainingTheWhole() {
        Batches pictures = Tiny.pictures(16, 4, 2);
        Network whole = Network.of(Tiny.convolutions(), 1);
        whole.setTrainable(false);
        whole.layer("head").setTrainable(true);
        Network parted = Network.of(Tiny.convolutions(), 1);
        parted.setTrainable(false);
        parted.layer("head").setTrainable(true);
        Cut cut = parted.cut();
        fit(whole, Optimizer.adam(0.01), pictures, pictures, THREE);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(parted, cut.suffix(), Optimizer.adam(0.01), Objective.of(Loss.crossEntropy()))) {
            Batches features = features(parted, cut, pictures);
            trainer.fit(features, features, THREE);
        }
        assertThat(parted.weight("head.weight").toArray())
                .containsExactly(whole.weight("head.weight").toArray(), within(1e-6f));
    }

    private static Batches features(Network network, Cut cut, Batches pictures) {
        float[][] rows = new float[pictures.size()][4];
        int[] labels = new int[pictures.size()];
        int at = 0;
        var reader = pictures.open(0);
        for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
            try (var scope = Scope.open()) {
                List<Tensor> inputs = List.of(Tensor.of(batch.inputs().get(0), Device.CPU));
                HostTensor values = cut.prefix()
                        .infer(new TorchOps(), name -> Tensor.of(network.weight(name), Device.CPU), inputs)
                        .get(0)
                        .toHost();
                for (int i = 0; i < batch.size(); i++) {
                    values.values().position(4 * i).get(rows[at]);
                    labels[at++] = (int) batch.target().get(i);
                }
            }
        }
        return new MemoryBatches(rows, labels, Shape.of(4), 4);
    }

    @Test
    void theSameSeedGivesTheSameBitsAndAnotherDoesNot() {
        HostTensor first = withDropout(5);
        assertThat(withDropout(5).sameBits(first)).isTrue();
        assertThat(withDropout(6).sameBits(first)).isFalse();
    }

    private static HostTensor withDropout(long seed) {
        Node input = Node.input(4);
        Network network = Network.of(
                Model.of("m", input, input.then("drop", Dropout.of(0.5)).then("head", Dense.of(2))), 1);
        Batches examples = Tiny.vectors(16, 4, 1);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(network, Optimizer.adam(0.01), Loss.crossEntropy(), Metric.accuracy())) {
            trainer.seed(seed).fit(examples, examples, THREE);
        }
        return network.weight("head.weight");
    }

    @Test
    void changingTrainableAfterCompilingIsRefused() {
        Network network = Network.of(Tiny.convolutions(), 1);
        Batches pictures = Tiny.pictures(8, 4, 2);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(network, Optimizer.adam(0.01), Loss.crossEntropy(), Metric.accuracy())) {
            network.layer("first").setTrainable(false);
            assertThatThrownBy(() -> trainer.fit(pictures, pictures, THREE))
                    .isInstanceOf(GraftException.class)
                    .hasMessage(
                            "network 'tiny': trainable was changed after compiling, which has no effect; compile again");
        }
    }

    @Test
    void nothingTrainableIsRefused() {
        long live = Scope.liveTensors();
        Network network = Network.of(Tiny.convolutions(), 1);
        network.setTrainable(false);
        assertThatThrownBy(() -> Trainer.on(Engines.ONE_THREAD)
                        .compile(network, Optimizer.adam(0.01), Loss.crossEntropy(), Metric.accuracy()))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("'tiny': nothing is trainable");
        assertThat(Scope.liveTensors()).isEqualTo(live);
    }

    private static History fit(
            Network network, Optimizer optimizer, Batches training, Batches validation, Phase phase) {
        try (Trainer trainer =
                Trainer.on(Engines.ONE_THREAD).compile(network, optimizer, Loss.crossEntropy(), Metric.accuracy())) {
            return trainer.fit(training, validation, phase);
        }
    }
}
