package dev.graft.train;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.dataset.Batches;
import dev.graft.dataset.ClassWeights;
import dev.graft.layers.Activation;
import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.NoTensorLeft;
import dev.graft.testing.Reference;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.StepDone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps from several batches, and means of weights over steps. */
@ExtendWith(NoTensorLeft.class)
class SteppingTest {
    /** Without batch statistics, so that a batch in parts gives what the whole gives. */
    private static Network perceptron() {
        Node input = Node.input(4);
        Node output = input.then("hidden", Dense.of(6))
                .then("tanh", Activation.of(Activation.Kind.TANH))
                .then("head", Dense.of(2));
        return Network.of(Model.of("perceptron", input, output), 3);
    }

    private static Network trained(Batches training, Phase phase, Optimizer optimizer) {
        Network network = perceptron();
        try (var trainer =
                Trainer.on(Engines.ONE_THREAD).compile(network, optimizer, Loss.crossEntropy(), Metric.accuracy())) {
            trainer.classWeights(ClassWeights.of(1, 2.5)).fit(training, phase);
        }
        return network;
    }

    /** Also where the last step has fewer batches, the last batch fewer examples, and a schedule counts the steps. */
    @ParameterizedTest
    @CsvSource({"16, 4, 2", "14, 3, 2", "14, 4, 2", "13, 2, 3", "5, 2, 8"})
    void batchesAddUpToTheBatchOfAllTheirExamples(int examples, int size, int batches) {
        for (Optimizer optimizer : List.of(
                Optimizer.sgd(0.1, 0.9).weightDecay(0.01), Optimizer.sgd(0.5).clipNorm(0.1))) {
            Phase phase = Phase.of(3).schedule(Schedule.linear().warmUp(2));
            Network whole = trained(Tiny.vectors(examples, size * batches, 1), phase, optimizer);
            Network parts = trained(Tiny.vectors(examples, size, 1), phase.accumulate(batches), optimizer);
            Network each = trained(Tiny.vectors(examples, size, 1), phase, optimizer);
            for (String weight : whole.weights().keySet()) {
                Close.within(1e-6).check(weight, parts.weight(weight), whole.weight(weight));
            }
            assertThat(each.weight("head.weight").get(0))
                    .isNotCloseTo(whole.weight("head.weight").get(0), within(1e-4f));
        }
    }

    @Test
    void schedulesCountStepsAndEventsCountBatches() {
        List<Double> rates = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        try (var trainer =
                Trainer.on(Engines.ONE_THREAD).compile(perceptron(), Optimizer.sgd(1), Loss.crossEntropy())) {
            trainer.listen(event -> {
                if (event instanceof StepDone done) {
                    steps.add(done.step());
                    rates.add(trainer.learningRates().get("head.weight"));
                }
            });
            History history = trainer.fit(
                    Tiny.vectors(10, 2, 1),
                    Phase.of(2).schedule(Schedule.linear()).accumulate(2));
            assertThat(history.epochs().get(1).learningRate()).isCloseTo(1 / 6.0, within(1e-12));
        }
        assertThat(steps).containsExactly(1, 2, 3, 4, 5, 1, 2, 3, 4, 5);
        // The fifth batch makes a step of its own at the end of the epoch, which shows from the next event on.
        assertThat(rates.stream().mapToDouble(rate -> rate).toArray())
                .containsExactly(
                        new double[] {1, 1, 1, 5 / 6.0, 5 / 6.0, 4 / 6.0, 3 / 6.0, 3 / 6.0, 2 / 6.0, 2 / 6.0},
                        within(1e-12));
    }

    static Stream<JsonNode> averages() {
        return Reference.each(at(Reference.read("rates.json"), "averages"));
    }

    @ParameterizedTest
    @MethodSource("averages")
    void everyMeanIsTorchs(JsonNode each) {
        Node input = Node.input(3);
        Network network =
                Network.of(Model.of("m", input, input.then("d", Dense.of(2).noBias())), 1);
        network.setWeights(Map.of("d.weight", Reference.tensor(at(each, "initial"))));
        List<HostTensor> weights = Reference.tensors(at(each, "weights"));
        List<HostTensor> means = Reference.tensors(at(each, "means"));
        try (var live = LiveNetwork.open(network, Engines.ONE_THREAD);
                var average = new WeightAverage(live, at(each, "decay").doubleValue())) {
            for (int step = 0; step < weights.size(); step++) {
                live.weight("d.weight").assign(weights.get(step));
                average.add();
                average.swap();
                Close.toScale(1e-6)
                        .check("mean " + step, live.weight("d.weight").toHost(), means.get(step));
                average.swap();
                assertThat(live.weight("d.weight").toHost().sameBits(weights.get(step)))
                        .isTrue();
            }
        }
    }

    /** Training goes on from the weights; what is validated, told and kept is their mean, with the last statistics. */
    @Test
    void theMeanIsValidatedAndKeptAndTrainingGoesItsWay() {
        Network plain = Network.of(Tiny.convolutions(), 1);
        Network averaged = Network.of(Tiny.convolutions(), 1);
        List<Map<String, HostTensor>> way = new ArrayList<>();
        List<Map<String, HostTensor>> wayAveraged = new ArrayList<>();
        List<Map<String, HostTensor>> told = new ArrayList<>();
        plain.layer("first").setTrainable(false);
        averaged.layer("first").setTrainable(false);
        fit(plain, Phase.of(3), way, new ArrayList<>());
        History history = fit(averaged, Phase.of(3).ema(0.9), wayAveraged, told);

        Map<String, float[]> means =
                Tiny.Snapshot.of(Network.of(Tiny.convolutions(), 1)).weights();
        for (int step = 1; step <= way.size(); step++) {
            Map<String, HostTensor> now = way.get(step - 1);
            double kept = Math.min(0.9, (1.0 + step) / (10 + step));
            for (String weight : averaged.trainableWeights()) {
                HostTensor value = Objects.requireNonNull(now.get(weight));
                float[] mean = Objects.requireNonNull(means.get(weight));
                assertThat(value.sameBits(
                                Objects.requireNonNull(wayAveraged.get(step - 1).get(weight))))
                        .as(weight)
                        .isTrue();
                for (int i = 0; i < mean.length; i++) {
                    mean[i] = (float) (kept * mean[i] + (1 - kept) * value.get(i));
                }
            }
        }
        Map<String, HostTensor> last = way.get(way.size() - 1);
        averaged.weights().forEach((name, weight) -> {
            boolean trains = averaged.trainableWeights().contains(name);
            float[] expected = trains
                    ? means.get(name)
                    : Objects.requireNonNull(last.get(name)).toArray();
            assertThat(weight.toArray()).as(name).containsExactly(expected, within(trains ? 1e-6f : 0));
            assertThat(weight.sameBits(Objects.requireNonNull(told.get(2).get(name))))
                    .as(name)
                    .isTrue();
        });
        assertThat(averaged.weight("head.weight").get(0))
                .isNotCloseTo(plain.weight("head.weight").get(0), within(1e-3f));
        assertThat(history.epochs()).hasSize(3);
    }

    private static History fit(
            Network network, Phase phase, List<Map<String, HostTensor>> steps, List<Map<String, HostTensor>> epochs) {
        try (var trainer = Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.adam(0.05), Loss.crossEntropy())) {
            trainer.listen(event -> {
                if (event instanceof StepDone) {
                    steps.add(trainer.weights());
                } else if (event instanceof EpochDone) {
                    epochs.add(trainer.weights());
                }
            });
            return trainer.fit(Tiny.pictures(16, 4, 2), phase);
        }
    }

    @Test
    void theBestEpochIsThatOfTheMean() {
        Network network = perceptron();
        Batches validation = Tiny.vectors(20, 20, 5);
        History history;
        try (var trainer = Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.sgd(0.5), Loss.crossEntropy())) {
            history =
                    trainer.fit(Tiny.vectors(20, 5, 1), validation, Phase.of(4).ema(0.95));
            assertThat(history.bestEpoch()).isPositive();
            assertThat(history.best()).isNotEqualTo(history.before());
            assertThat(trainer.evaluate(validation)).isEqualTo(history.best());
        }
        try (var fresh = Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.sgd(0.5), Loss.crossEntropy())) {
            assertThat(fresh.evaluate(validation).loss())
                    .isEqualTo(history.best().loss());
        }
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> Phase.of(3).accumulate(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a step accumulates at least 1 batch, got 0");
        for (double decay : new double[] {0, 1, -0.1, Double.NaN}) {
            assertThatThrownBy(() -> Phase.of(3).ema(decay))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a mean of weights keeps a share above 0 and below 1, got " + decay);
        }
        Phase both = Phase.of(3).ema(0.9).accumulate(4).cosine().stopAfter(2).monitor("val_accuracy");
        assertThat(both.leastGain(0.1).reduceOnPlateau(0.5, 2).stepping()).isEqualTo(new Phase.Stepping(4, 0.9));
        assertThat(Phase.of(3).accumulate(4).ema(0.9).stepping()).isEqualTo(new Phase.Stepping(4, 0.9));
    }

    /** A failure in the middle of a step leaves no gradient for the next phase, and no mean. */
    @Test
    void aPhaseAfterOneThatFailedBeginsAfresh() {
        Network network = perceptron();
        Batches good = Tiny.vectors(8, 4, 1);
        float[][] bad = {{1, 1, 1, 1}, {Float.NaN, 0, 0, 0}};
        Batches failing = new MemoryBatches(bad, new int[] {0, 1}, Shape.of(4), 1);
        Network expected = trainedOnce(perceptron(), good);
        try (var trainer = Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.sgd(0.5), Loss.crossEntropy())) {
            assertThatThrownBy(
                            () -> trainer.fit(failing, Phase.of(1).accumulate(2).ema(0.9)))
                    .hasMessageContaining("step 2: the loss is NaN");
            trainer.fit(good, Phase.of(1));
        }
        assertThat(network.weight("head.weight").sameBits(expected.weight("head.weight")))
                .isTrue();
    }

    private static Network trainedOnce(Network network, Batches batches) {
        try (var trainer = Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.sgd(0.5), Loss.crossEntropy())) {
            trainer.fit(batches, Phase.of(1));
        }
        return network;
    }
}
