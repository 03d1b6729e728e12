package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.dataset.Batches;
import dev.graft.model.Network;
import dev.graft.testing.Engines;
import dev.graft.testing.NoTensorLeft;
import dev.graft.torch.GradientScope;
import dev.graft.torch.Scope;
import dev.graft.torch.TorchOptimizer;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.StepDone;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainers and their parts that are closed before they are done. */
@Timeout(60)
@ExtendWith(NoTensorLeft.class)
class ClosedTrainerTest {
    private static final Phase ENDLESS = Phase.of("endless", 1_000_000).ema(0.9);

    private final Network network = Network.of(Tiny.convolutions(), 1);
    private final Batches pictures = Tiny.pictures(8, 4, 2);

    private Trainer trainer() {
        return Trainer.on(Engines.ONE_THREAD)
                .compile(network, Optimizer.adam(0.01).clipNorm(1), Loss.crossEntropy(), Metric.accuracy());
    }

    private static void assertClosed(Throwable refused) {
        assertThat(refused)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the trainer of network 'tiny' is closed; open it again to use it");
    }

    @ParameterizedTest
    @ValueSource(longs = 11)
    void anotherThreadMayClose(long seed) throws InterruptedException {
        Random random = new Random(seed);
        for (int round = 0; round < 25; round++) {
            Trainer trainer = trainer();
            CountDownLatch steps = new CountDownLatch(1 + random.nextInt(12));
            AtomicReference<Throwable> end = new AtomicReference<>();
            trainer.listen(event -> {
                if (event instanceof StepDone) {
                    steps.countDown();
                }
            });
            Thread training = new Thread(() -> {
                try {
                    trainer.fit(pictures, pictures, ENDLESS);
                } catch (Throwable failure) {
                    end.set(failure);
                }
            });
            training.start();
            steps.await();
            trainer.close();
            training.join();
            assertThat(end.get()).as("round %d, seed %d", round, seed).satisfies(ClosedTrainerTest::assertClosed);
        }
        assertThat(network.weights().values()).allMatch(weight -> weight.isFinite());
    }

    @Test
    void aListenerMayCloseAfterAStepOrAnEpoch() {
        for (Class<?> when : new Class<?>[] {StepDone.class, EpochDone.class}) {
            Trainer trainer = trainer();
            trainer.listen(event -> {
                if (when.isInstance(event)) {
                    trainer.close();
                }
            });
            assertThatThrownBy(() -> trainer.fit(pictures, pictures, ENDLESS))
                    .satisfies(ClosedTrainerTest::assertClosed);
        }
    }

    @Test
    void afterwardsEveryCallIsRefused() {
        Trainer trainer = trainer();
        trainer.fit(pictures, Phase.of("short", 1));
        trainer.close();
        trainer.close();
        assertThatThrownBy(() -> trainer.fit(pictures, ENDLESS)).satisfies(ClosedTrainerTest::assertClosed);
        assertThatThrownBy(() -> trainer.evaluate(pictures)).satisfies(ClosedTrainerTest::assertClosed);
        assertThatThrownBy(() -> trainer.predict(pictures)).satisfies(ClosedTrainerTest::assertClosed);
        assertThatThrownBy(trainer::weights).satisfies(ClosedTrainerTest::assertClosed);
        assertThatThrownBy(trainer::learningRates).satisfies(ClosedTrainerTest::assertClosed);
    }

    @Test
    void theNetworkInLibtorchSaysSoToo() {
        LiveNetwork live = LiveNetwork.open(network, Engines.ONE_THREAD);
        live.close();
        live.close();
        String message = "network 'tiny' in libtorch is closed; open it again to use it";
        try (var scope = Scope.open();
                var reader = pictures.open(0)) {
            assertThatThrownBy(() ->
                            live.call(Objects.requireNonNull(reader.next()).inputs(), false))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(message);
        }
        assertThatThrownBy(live::save).isInstanceOf(IllegalStateException.class).hasMessage(message);
        assertThatThrownBy(() -> live.weight("head.bias"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(live::trainableWeights)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> live.optimizer(Optimizer.adam(1e-3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }

    /** The optimizer holds what it moves, so that in whichever order they are closed nothing is pulled away. */
    @Test
    void anOptimizerOutlivesItsNetworkAndIsClosedOnItsOwn() {
        LiveNetwork live = LiveNetwork.open(network, Engines.ONE_THREAD);
        TorchOptimizer optimizer = live.optimizer(Optimizer.adam(0.01).clipNorm(1));
        try (var tape = GradientScope.open(Engines.ONE_THREAD);
                var reader = pictures.open(0)) {
            tape.backward(Loss.crossEntropy()
                    .of(
                            live.call(Objects.requireNonNull(reader.next()).inputs(), true)
                                    .get(0),
                            live.tensor(Objects.requireNonNull(reader.next())
                                    .targets()
                                    .get(0)),
                            null));
        }
        live.close();
        optimizer.step();
        assertThat(optimizer.state()).allMatch(state -> state.steps() == 1);
        optimizer.close();
        optimizer.close();
        for (Runnable use : new Runnable[] {
            optimizer::step,
            optimizer::state,
            optimizer::forgetGradients,
            optimizer::groups,
            () -> optimizer.scaleGradients(2),
            () -> optimizer.learningRate(0),
            () -> optimizer.setLearningRate(0, 1)
        }) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the optimizer is closed; open it again to use it");
        }
    }
}
