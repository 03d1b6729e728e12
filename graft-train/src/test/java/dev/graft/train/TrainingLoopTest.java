package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.dataset.Batches;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.torch.Scope;
import dev.graft.train.Tiny.Snapshot;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.PhaseDone;
import dev.graft.train.TrainingEvent.PhaseStarted;
import dev.graft.train.TrainingEvent.StepDone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** When a phase ends, with which weights, and what it tells meanwhile. */
class TrainingLoopTest {
    private static final Optimizer FAST = Optimizer.sgd(1, 0);

    private final Network network = Tiny.linear(2, 1);
    private final MemoryBatches training = Tiny.vectors(40, 10, 1);
    private final List<TrainingEvent> events = new ArrayList<>();

    private History fit(Optimizer optimizer, Batches from, Batches validation, Phase phase, BooleanSupplier stop) {
        try (Trainer trainer =
                Trainer.on(Engines.ONE_THREAD).compile(network, optimizer, Loss.crossEntropy(), Metric.accuracy())) {
            trainer.listen(events::add).stopWhen(stop);
            History history = trainer.fit(from, validation, phase);
            assertThat(trainer.evaluate(validation)).as("the trainer's weights").isEqualTo(history.best());
            assertThat(evaluate(validation)).as("the network's weights").isEqualTo(history.best());
            return history;
        }
    }

    private Metrics evaluate(Batches on) {
        try (Trainer fresh =
                Trainer.on(Engines.ONE_THREAD).compile(network, FAST, Loss.crossEntropy(), Metric.accuracy())) {
            return fresh.evaluate(on);
        }
    }

    /** With a fifth of the labels wrong, confidence first helps and then hurts. */
    @Test
    void stopsWhenPatienceIsOutAndGoesBackToTheBest() {
        Batches validation = Tiny.mislabelled(training, 5);
        History history = fit(FAST, training, validation, Phase.of("head", 100).stopAfter(3), () -> false);
        assertThat(history.bestEpoch()).isBetween(1, 50);
        assertThat(history.epochs()).hasSize(history.bestEpoch() + 3);
        assertThat(history.stopped()).isFalse();
        double lowest = history.epochs().stream()
                .mapToDouble(epoch -> epoch.validation().loss())
                .min()
                .orElseThrow();
        assertThat(history.best().loss())
                .isEqualTo(lowest)
                .isLessThan(history.before().loss());
    }

    @Test
    void trainingThatOnlyHurtsLeavesTheNetworkAsItWas() {
        fit(FAST, training, training, Phase.of("head", 20), () -> false);
        Snapshot good = Snapshot.of(network);
        Batches wrong = Tiny.mislabelled(training, 1);
        History history = fit(FAST, wrong, training, Phase.of("worse", 20).stopAfter(4), () -> false);
        assertThat(history.bestEpoch()).isZero();
        assertThat(history.epochs()).hasSize(4);
        assertThat(history.best()).isEqualTo(history.before());
        assertThat(good.moved(network)).isEmpty();
    }

    @Test
    void aStopEndsAfterTheStepWithTheBestWeights() {
        BooleanSupplier afterSevenSteps =
                () -> events.stream().filter(StepDone.class::isInstance).count() >= 7;
        History history = fit(FAST, training, training, Phase.of("head", 50), afterSevenSteps);
        List<StepDone> steps = only(StepDone.class);
        assertThat(steps).hasSize(7);
        assertThat(steps.get(6).epoch()).isEqualTo(2);
        assertThat(steps.get(6).step()).isEqualTo(3);
        assertThat(history.stopped()).isTrue();
        assertThat(history.best().loss()).isLessThan(history.before().loss());
    }

    @Test
    void aStopBeforeTheFirstStepTrainsNothing() {
        Snapshot before = Snapshot.of(network);
        History history = fit(FAST, training, training, Phase.of("head", 5), () -> true);
        assertThat(history.stopped()).isTrue();
        assertThat(history.epochs()).isEmpty();
        assertThat(history.bestEpoch()).isZero();
        assertThat(before.moved(network)).isEmpty();
    }

    /** The stop comes between the question before the epoch and the one before its first step. */
    @Test
    void aStopAtTheBeginningOfAnEpochLeavesNoEmptyEpoch() {
        int[] asked = {0};
        History history = fit(FAST, training, training, Phase.of("head", 5), () -> ++asked[0] > 1);
        assertThat(history.epochs()).isEmpty();
        assertThat(history.stopped()).isTrue();
    }

    @Test
    void eventsComeInOrder() {
        Phase phase = Phase.of("head", 3);
        History history = fit(Optimizer.sgd(0.1, 0), training, training, phase, () -> false);
        assertThat(events).hasSize(1 + 3 * (4 + 1) + 1);
        assertThat(events.get(0)).isEqualTo(new PhaseStarted(phase, 40, 4));
        for (int epoch = 1; epoch <= 3; epoch++) {
            for (int step = 1; step <= 4; step++) {
                StepDone done = (StepDone) events.get((epoch - 1) * 5 + step);
                assertThat(List.of(done.epoch(), done.step(), done.steps())).containsExactly(epoch, step, 4);
            }
            assertThat(events.get(epoch * 5))
                    .isEqualTo(new EpochDone(history.epochs().get(epoch - 1), true));
            StepDone last = (StepDone) events.get(epoch * 5 - 1);
            assertThat(last.running()).isEqualTo(history.epochs().get(epoch - 1).training());
        }
        assertThat(events.get(16)).isEqualTo(new PhaseDone(history));
    }

    @Test
    void aRateThatIsFarTooHighFailsByPhaseEpochAndStep() {
        Snapshot before = Snapshot.of(network);
        Batches wrong = Tiny.mislabelled(training, 1);
        long live = Scope.liveTensors();
        assertThatThrownBy(() -> fit(Optimizer.sgd(1e38, 0.9), training, wrong, Phase.of("head", 5), () -> false))
                .isInstanceOf(GraftException.class)
                .hasMessageMatching("head, epoch [12], step \\d: the loss is .*")
                .hasMessageContaining("Lower the learning rate");
        assertThat(before.moved(network)).isEmpty();
        assertThat(Scope.liveTensors()).isEqualTo(live);
    }

    @Test
    void whatWasLearntBeforeTheLossWasLostIsKept() {
        assertThatThrownBy(() -> fit(FAST, infiniteFrom(2), training, Phase.of("fine-tune", 5), () -> false))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(
                        "fine-tune, epoch 3, step 1: the loss is NaN; the best weights so far are kept");
        List<EpochDone> epochs = only(EpochDone.class);
        assertThat(epochs).hasSize(2);
        assertThat(epochs.get(1).best()).isTrue();
        assertThat(evaluate(training)).isEqualTo(epochs.get(1).epoch().validation());
    }

    /** Nothing is lower than a loss that is no number, so the best weights would never be found. */
    @Test
    void aValidationLossThatIsNoNumberFromTheBeginningFails() {
        assertThatThrownBy(() -> fit(FAST, training, infiniteFrom(0), Phase.of("head", 5), () -> false))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("head: the validation loss is NaN before training");
    }

    private Batches infiniteFrom(int firstEpoch) {
        float[][] infinite = {{Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1, 1}};
        MemoryBatches broken = new MemoryBatches(infinite, new int[] {0}, Shape.of(4), 1);
        return new Batches() {
            @Override
            public int size() {
                return training.size();
            }

            @Override
            public int count() {
                return training.count();
            }

            @Override
            public Reader open(int epoch) {
                return epoch < firstEpoch ? training.open(epoch) : broken.open(epoch);
            }
        };
    }

    /** With a constant gradient the weights move by the sum of the rates. */
    @Test
    void theRateFollowsTheScheduleStepByStep() {
        double constant = moved(Phase.of("head", 2));
        double cosine = moved(Phase.of("head", 2).cosine());
        assertThat(cosine / constant).isCloseTo((1 + 0.853553 + 0.5 + 0.146447) / 4, within(1e-3));
    }

    /** How far two epochs of two steps go, so slowly that the gradient stays what it is. */
    private double moved(Phase phase) {
        float[][] same = {{1, 0, 0, 0}, {1, 0, 0, 0}};
        Batches two = new MemoryBatches(same, new int[] {0, 0}, Shape.of(4), 1);
        network.setWeights(Map.of(
                "head.weight", HostTensor.of(Shape.of(2, 4), new float[8]),
                "head.bias", HostTensor.of(Shape.of(2), 0, 0)));
        fit(Optimizer.sgd(1e-3, 0), two, two, phase, () -> false);
        return network.weight("head.weight").get(0);
    }

    private <E> List<E> only(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
