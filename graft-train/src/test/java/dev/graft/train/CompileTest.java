package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.dataset.ClassWeights;
import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.torch.GradientScope;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.train.Tiny.Snapshot;
import dev.graft.train.TrainingEvent.Warned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What compiling fixes and refuses, several outputs, weights of examples, and loops of one's own. */
class CompileTest {
    /** One batch, again and again. */
    private record One(Batch batch) implements Batches {
        @Override
        public int size() {
            return batch.size();
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public Reader open(int epoch) {
            return new Reader() {
                private @Nullable Batch next = batch;

                @Override
                public @Nullable Batch next() {
                    Batch given = next;
                    next = null;
                    return given;
                }

                @Override
                public void close() {}
            };
        }
    }

    private static Network zero(int units) {
        Network network = Tiny.linear(units, 1);
        network.setWeights(Map.of(
                "head.weight", HostTensor.of(Shape.of(units, 4), new float[4 * units]),
                "head.bias", HostTensor.of(Shape.of(units), new float[units])));
        return network;
    }

    private static final HostTensor TWO = HostTensor.of(Shape.of(2, 4), 1, 0, 0, 0, 0, 1, 0, 0);

    @Test
    void recompilingKeepsTheWeightsAndForgetsTheOptimizersState() {
        Batches examples = Tiny.vectors(16, 16, 1);
        Network once = Tiny.linear(2, 1);
        Network twice = Tiny.linear(2, 1);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD).compile(once, Optimizer.adam(0.1), Loss.crossEntropy())) {
            trainer.fit(examples, Phase.of(1));
            trainer.fit(examples, Phase.of(1));
        }
        for (int i = 0; i < 2; i++) {
            Snapshot before = Snapshot.of(twice);
            try (Trainer trainer =
                    Trainer.on(Engines.ONE_THREAD).compile(twice, Optimizer.adam(0.1), Loss.crossEntropy())) {
                assertThat(before.moved(twice))
                        .as("compiling changes no weight")
                        .isEmpty();
                trainer.fit(examples, Phase.of(1));
            }
            // Adam's first step has the length of the rate, whatever the gradient: its state is new.
            float[] was = before.get("head.bias");
            assertThat(Math.abs(twice.weight("head.bias").get(0) - was[0])).isCloseTo(0.1f, within(1e-4f));
        }
        assertThat(twice.weight("head.weight").sameBits(once.weight("head.weight")))
                .isFalse();
    }

    @Test
    void withoutValidationTheLastEpochIsKept() {
        Network network = Tiny.linear(2, 1);
        Batches examples = Tiny.vectors(16, 4, 1);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(network, Optimizer.sgd(0.5), Loss.crossEntropy(), Metric.accuracy())) {
            History history = trainer.fit(examples, Phase.of(10));
            assertThat(history.bestEpoch()).isEqualTo(10);
            assertThat(history.before().isNone()).isTrue();
            assertThat(history.best()).isEqualTo(history.epochs().get(9).training());
            assertThat(history.get("loss")).hasSize(10).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            assertThat(trainer.evaluate(examples).accuracy()).isEqualTo(1);
            assertThat(trainer.predict(examples).shape()).isEqualTo(Shape.of(16, 2));
        }
    }

    /** The step that destroys the weights is the last of its epoch: its loss was still a number. */
    @Test
    void weightsThatAreNoNumbersAreNeverKept() {
        Network network = zero(2);
        Batches examples = Tiny.vectors(4, 4, 1);
        Snapshot before = Snapshot.of(network);
        try (Trainer trainer =
                Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.sgd(3e38), Loss.crossEntropy())) {
            trainer.classWeights(ClassWeights.of(100, 100));
            assertThatThrownBy(() -> trainer.fit(examples, Phase.of(1)))
                    .isInstanceOf(GraftException.class)
                    .hasMessage(
                            "network 'linear': weight 'head.weight' is no finite number any more; the best weights so"
                                    + " far are kept. Lower the learning rate");
        }
        assertThat(before.moved(network)).isEmpty();
    }

    /** Two outputs of one trunk: their losses add up, and each metric has its layer's name before it. */
    @Test
    void severalOutputsHaveALossAndATargetEach() {
        Node input = Node.input(4);
        Network network = Network.of(
                Model.of(
                        "m", List.of(input), List.of(input.then("kind", Dense.of(2)), input.then("size", Dense.of(1)))),
                1);
        network.setWeights(Map.of(
                "kind.weight", HostTensor.of(Shape.of(2, 4), new float[8]),
                "kind.bias", HostTensor.of(Shape.of(2), 0, 0),
                "size.weight", HostTensor.of(Shape.of(1, 4), new float[4]),
                "size.bias", HostTensor.of(Shape.of(1), 0)));
        HostTensor kinds = HostTensor.of(Shape.of(2), 0, 1);
        HostTensor sizes = HostTensor.of(Shape.of(2, 1), 3, 1);
        Batches batches = new One(new Batch(List.of(TWO), List.of(kinds, sizes), null));
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(
                        network,
                        network.program(),
                        Optimizer.sgd(0.01),
                        Objective.of(Loss.crossEntropy(), Metric.accuracy()),
                        Objective.of(Loss.meanSquaredError()).weight(0.5))) {
            Metrics metrics = trainer.evaluate(batches);
            assertThat(metrics.loss()).isCloseTo(Math.log(2) + 0.5 * (9 + 1) / 2, within(1e-5));
            assertThat(metrics.values()).containsOnlyKeys("kind_accuracy");
            trainer.fit(batches, Phase.of(1));
            // d/db of 0.5 · mean((b - size)²) is mean(b - size) = -2.
            assertThat(network.weight("size.bias").get(0)).isCloseTo(0.02f, within(1e-6f));
            assertThat(trainer.predictAll(batches)).hasSize(2);
        }
    }

    @Test
    void examplesAndClassesCountByTheirWeights() {
        HostTensor labels = HostTensor.of(Shape.of(2), 0, 1);
        Network plain = zero(2);
        Batches weighted = new One(new Batch(List.of(TWO), List.of(labels), HostTensor.of(Shape.of(2), 3, 0)));
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD).compile(plain, Optimizer.sgd(1), Loss.crossEntropy())) {
            assertThat(trainer.evaluate(weighted).loss()).isCloseTo(3 * Math.log(2) / 2, within(1e-6));
            trainer.fit(weighted, Phase.of(1));
        }
        // Only the first example has a gradient, three times its usual one: 3 / 2 · (0.5, -0.5) on its input.
        assertThat(plain.weight("head.weight").toArray())
                .containsExactly(new float[] {.75f, 0, 0, 0, -.75f, 0, 0, 0}, within(1e-6f));

        Network byClass = zero(2);
        Batches unweighted = new One(new Batch(List.of(TWO), List.of(labels), null));
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD).compile(byClass, Optimizer.sgd(1), Loss.crossEntropy())) {
            trainer.classWeights(ClassWeights.of(3, 0)).fit(unweighted, Phase.of(1));
            assertThat(byClass.weight("head.weight").toArray())
                    .containsExactly(plain.weight("head.weight").toArray(), within(1e-6f));
            assertThatThrownBy(() -> trainer.classWeights(ClassWeights.of(1)).fit(unweighted, Phase.of(1)))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("class weights: expected one for each class, got 1");
        }
    }

    @Test
    void aSoftmaxBeforeALossFromLogitsIsReported() {
        Node input = Node.input(4);
        Network network = Network.of(
                Model.of(
                        "m",
                        input,
                        input.then("fc", Dense.of(2)).then("probabilities", Activation.of(Activation.Kind.SOFTMAX))),
                1);
        assertThatThrownBy(
                        () -> Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.adam(0.1), Loss.crossEntropy()))
                .isInstanceOf(GraftException.class)
                .hasMessage(
                        "Activation 'probabilities': the network ends in probabilities and the loss takes logits; leave"
                                + " this layer out, or use the loss with fromProbabilities()");
        Trainer.on(Engines.ONE_THREAD)
                .compile(network, Optimizer.adam(0.1), Loss.crossEntropy().fromProbabilities())
                .close();
        assertThatThrownBy(() -> Trainer.on(Engines.ONE_THREAD)
                        .compile(
                                Tiny.linear(2, 1),
                                Optimizer.adam(0.1),
                                Loss.crossEntropy().fromProbabilities()))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("Dense 'head': the network ends in logits");
    }

    @Test
    void inputsOfAnotherShapeAreRefusedBeforeTraining() {
        Network network = Network.of(Tiny.convolutions(), 1);
        try (Trainer trainer =
                Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.adam(0.1), Loss.crossEntropy())) {
            HostTensor last = HostTensor.allocate(Shape.of(1, 4, 4, 2));
            assertThatThrownBy(() -> trainer.predict(new One(Batch.labelled(List.of(last), new int[] {0}))))
                    .isInstanceOf(GraftException.class)
                    .hasMessage(
                            "network 'tiny': expected input [N, 2, 4, 4], got [1, 4, 4, 2]; channels come first here:"
                                    + " [N, channels, height, width]");
            HostTensor large = HostTensor.allocate(Shape.of(1, 2, 8, 8));
            assertThatThrownBy(() -> trainer.predict(new One(Batch.labelled(List.of(large), new int[] {0}))))
                    .hasMessageContaining("resize the pictures");
            HostTensor grey = HostTensor.allocate(Shape.of(1, 1, 4, 4));
            assertThatThrownBy(() -> trainer.predict(new One(Batch.labelled(List.of(grey), new int[] {0}))))
                    .hasMessageContaining("give pictures of 2 channels, or draw the network for 1");
            HostTensor alone = HostTensor.allocate(Shape.of(2, 4, 4));
            assertThatThrownBy(() -> trainer.predict(new One(Batch.labelled(List.of(alone), new int[] {0, 0}))))
                    .hasMessageContaining("the first axis is the batch");
        }
    }

    @Test
    void aLabelOutsideTheClassesStopsTheStep() {
        Network network = Tiny.linear(2, 1);
        try (Trainer trainer =
                Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.adam(0.1), Loss.crossEntropy())) {
            assertThatThrownBy(() -> trainer.fit(new One(Batch.labelled(List.of(TWO), new int[] {0, 7})), Phase.of(1)))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("label 7");
        }
    }

    @Test
    void aHighRateOnPretrainedLayersIsWarnedOf() {
        Network fresh = Tiny.linear(2, 1);
        Network pretrained = Network.of(fresh.model(), fresh.weights(), 1);
        assertThat(warnings(fresh, Optimizer.sgd(0.1, 0.9))).isEmpty();
        assertThat(warnings(pretrained, Optimizer.adam(1e-4))).isEmpty();
        assertThat(warnings(pretrained, Optimizer.sgd(0.1, 0.9)))
                .containsExactly(
                        "learning rate 0.1 on 2 unfrozen pretrained weights (head.weight, ...): they will forget"
                                + " what they know; usual for fine-tuning is 1e-4 to 1e-3");
        assertThat(warnings(pretrained, Optimizer.adam(0.1)))
                .singleElement()
                .asString()
                .contains("usual for fine-tuning is 1e-5 to 1e-4");
        assertThat(warnings(pretrained, Optimizer.adam(0.1).group("head", 1e-5)))
                .isEmpty();
    }

    private static List<String> warnings(Network network, Optimizer optimizer) {
        List<String> warnings = new ArrayList<>();
        Batches examples = Tiny.vectors(4, 4, 1);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD).compile(network, optimizer, Loss.crossEntropy())) {
            trainer.listen(event -> {
                if (event instanceof Warned warned) {
                    warnings.add(warned.message());
                }
            });
            trainer.fit(examples, Phase.of(1));
        }
        return warnings;
    }

    @Test
    void groupsOfWeightsHaveTheirOwnRates() {
        Network network = Network.of(Tiny.convolutions(), 1);
        Snapshot before = Snapshot.of(network);
        Batches pictures = Tiny.pictures(8, 8, 2);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(network, Optimizer.adam(1e-2).group("first", 1e-4), Loss.crossEntropy())) {
            trainer.fit(pictures, Phase.of(1));
        }
        // Adam's first step has the length of the rate.
        assertThat(Math.abs(network.weight("first.weight").get(0) - before.get("first.weight")[0]))
                .isCloseTo(1e-4f, within(1e-6f));
        assertThat(Math.abs(network.weight("head.bias").get(0) - before.get("head.bias")[0]))
                .isCloseTo(1e-2f, within(1e-4f));
    }

    @Test
    void aPlateauLowersTheRate() {
        Network network = Tiny.linear(2, 1);
        Batches examples = Tiny.vectors(8, 8, 1);
        Batches wrong = Tiny.mislabelled(Tiny.vectors(8, 8, 1), 1);
        try (Trainer trainer =
                Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.sgd(0.1), Loss.crossEntropy())) {
            History history = trainer.fit(examples, wrong, Phase.of(5).reduceOnPlateau(0.5, 2));
            assertThat(history.epochs().stream().map(History.Epoch::learningRate))
                    .containsExactly(0.1, 0.1, 0.05, 0.05, 0.025);
        }
    }

    @Test
    void theBestEpochIsWhatTheMonitorSays() {
        Network network = Network.of(Tiny.convolutions(), 1);
        Batches pictures = Tiny.pictures(32, 8, 2);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(network, Optimizer.adam(0.01), Loss.crossEntropy(), Metric.accuracy())) {
            History history = trainer.fit(pictures, pictures, Phase.of(8).monitor("val_accuracy"));
            double best = history.before().accuracy();
            int first = 0;
            for (History.Epoch epoch : history.epochs()) {
                if (epoch.get("val_accuracy") > best) {
                    best = epoch.get("val_accuracy");
                    first = epoch.number();
                }
            }
            assertThat(history.bestEpoch()).isEqualTo(first).isPositive();
            assertThatThrownBy(() -> trainer.fit(pictures, pictures, Phase.of(1).monitor("val_acuracy")))
                    .isInstanceOf(GraftException.class)
                    .hasMessage("no metric 'acuracy' was compiled; there are loss, accuracy; did you mean 'accuracy'?");
            assertThatThrownBy(() -> trainer.fit(pictures, Phase.of(1).monitor("val_accuracy")))
                    .isInstanceOf(GraftException.class)
                    .hasMessage("monitor 'val_accuracy': there is no validation data; give some to fit, or monitor"
                            + " 'accuracy'");
        }
    }

    /** Frozen, or called in inference mode and trained: the statistics of a normalisation stay, and dropout is off. */
    @Test
    void aPinnedModelKeepsItsStatisticsAndDropsNothing() {
        Model base = Model.sequential("base", Node.input(4), BatchNormalization.of(1e-3), Dropout.of(0.9));
        Node input = Node.input(4);
        Network network = Network.of(
                Model.of("m", input, input.then(base.inInferenceMode()).then("fc", Dense.of(2))), 1);
        Batches examples = Tiny.vectors(16, 4, 1);
        Snapshot before = Snapshot.of(network);
        try (LiveNetwork live = LiveNetwork.open(network, Engines.ONE_THREAD)) {
            try (var scope = Scope.open()) {
                HostTensor once = live.call(TWO, true).toHost();
                assertThat(live.call(TWO, true).toHost().sameBits(once)).isTrue();
            }
        }
        try (Trainer trainer =
                Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.adam(0.01), Loss.crossEntropy())) {
            trainer.fit(examples, Phase.of(2));
        }
        assertThat(before.moved(network))
                .containsExactly(
                        "base.batch_normalization.weight", "base.batch_normalization.bias", "fc.weight", "fc.bias");
    }

    @Test
    void aLoopOfOnesOwnStepsAsTheTrainerDoes() {
        long tensors = Scope.liveTensors();
        Batches examples = Tiny.vectors(16, 4, 1);
        Network own = Tiny.linear(2, 1);
        Loss loss = Loss.crossEntropy();
        try (LiveNetwork live = LiveNetwork.open(own, Engines.ONE_THREAD);
                var optimizer = live.optimizer(Optimizer.adam(0.01))) {
            for (int epoch = 0; epoch < 3; epoch++) {
                try (var reader = examples.open(epoch)) {
                    for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                        try (var tape = GradientScope.open(Engines.ONE_THREAD)) {
                            Tensor logits = live.call(batch.inputs().get(0), true);
                            tape.backward(loss.of(logits, live.tensor(batch.target()), null));
                            assertThat(tape.gradient(live.weight("head.weight")))
                                    .isNotNull();
                            optimizer.step();
                        }
                    }
                }
            }
            assertThat(own.weight("head.weight").sameBits(Tiny.linear(2, 1).weight("head.weight")))
                    .as("nothing is saved yet")
                    .isTrue();
            live.save();
        }
        Network trained = Tiny.linear(2, 1);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD).compile(trained, Optimizer.adam(0.01), loss)) {
            trainer.fit(examples, Phase.of(3));
        }
        assertThat(own.weight("head.weight").sameBits(trained.weight("head.weight")))
                .isTrue();
        assertThat(Scope.liveTensors()).isEqualTo(tensors);
    }
}
