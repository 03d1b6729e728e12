package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class EngineTest {
    private static final Engine THREE = Engine.cpu(3);

    @Test
    void aUseHasTheThreadsOfItsEngineAndThenThoseOfBefore() {
        int before = Torch.threads();
        try (var three = THREE.use()) {
            assertThreads(3);
            try (var two = THREE.withThreads(2).use()) {
                assertThreads(2);
            }
            assertThreads(3);
        }
        assertThat(Torch.threads()).isEqualTo(before);
    }

    private static void assertThreads(int threads) {
        assertThat(Torch.threads()).isEqualTo(threads);
        assertThat(Torch.blasThreads()).isEqualTo(threads);
    }

    /** OpenBLAS has one number for all threads: the first to end must leave it to the other. */
    @Test
    void aUseThatEndsLeavesAnotherThreadsAsItIs() throws InterruptedException, ExecutionException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch alone = new CountDownLatch(1);
        FutureTask<Integer> other = new FutureTask<>(() -> {
            try (var two = THREE.withThreads(2).use()) {
                begun.countDown();
                alone.await();
                assertThat(Torch.blasThreads()).isEqualTo(2);
                return Torch.threads();
            }
        });
        try (var three = THREE.use()) {
            new Thread(other).start();
            begun.await();
            assertThat(Torch.threads()).isEqualTo(3);
        }
        alone.countDown();
        assertThat(other.get()).isEqualTo(2);
    }

    @Test
    void aUseClosesOnItsOwnThreadOnly() throws InterruptedException, ExecutionException {
        try (var use = THREE.use()) {
            FutureTask<Void> close = new FutureTask<>(use::close, null);
            new Thread(close).start();
            assertThatThrownBy(close::get)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("on the thread that opened it");
        }
    }

    @Test
    void threadsAreAtLeastOne() {
        assertThatThrownBy(() -> Engine.cpu(0))
                .isInstanceOf(GraftException.class)
                .hasMessage("threads: expected at least 1, got 0");
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        assumeFalse(Torch.cudaAvailable(), "there is a GPU");
        assertThat(Engine.best(2)).isEqualTo(Engine.cpu(2));
        assertThatThrownBy(() -> THREE.onDevice(Device.CUDA))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("device: expected one that is there, got CUDA");
    }

    /** A third is another number in each; what is taken back to the host is rounded. */
    @Test
    void tensorsHaveItsPrecision() {
        assertThat(third(THREE)).isEqualTo(1 / 3f);
        assertThat(third(THREE.withPrecision(Precision.FLOAT64))).isEqualTo(1 / 3.0);
    }

    private static double third(Engine engine) {
        try (var scope = Scope.open()) {
            Tensor mean = TorchLosses.mean(engine.tensor(HostTensor.of(Shape.of(3), 0, 0, 1)));
            assertThat(mean.toHost().get(0)).isEqualTo(1 / 3f);
            return Probe.numbers(mean).values()[0];
        }
    }
}
