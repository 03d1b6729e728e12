package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pass over a data set that is closed on the way. */
@Timeout(30)
class ClosedPassTest {
    private static Dataset numbers() {
        return Dataset.of(1000, i -> Example.labelled(HostTensor.of(Shape.of(2), i, 1), i % 2));
    }

    @ParameterizedTest
    @ValueSource(longs = 9)
    void anotherThreadMayCloseAtAnyMoment(long seed) throws InterruptedException {
        Random random = new Random(seed);
        Batched batches = numbers().batch(4).threads(3);
        for (int round = 0; round < 100; round++) {
            Batches.Reader reader = batches.open(0);
            CountDownLatch taken = new CountDownLatch(random.nextInt(8));
            Thread closing = new Thread(() -> {
                try {
                    taken.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                reader.close();
            });
            closing.start();
            int got = 0;
            try {
                for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                    got += batch.size();
                    taken.countDown();
                }
            } catch (CancellationException closed) {
                assertThat(closed).hasMessageContaining("closed");
                got = 1000;
            }
            closing.join();
            assertThat(got).as("round %d, seed %d", round, seed).isEqualTo(1000);
            reader.close();
        }
    }

    /** It would wait for itself for a minute. */
    @Test
    @Timeout(20)
    void whatMakesExamplesMayClose() {
        AtomicReference<Batches.Reader> reader = new AtomicReference<>();
        CountDownLatch opened = new CountDownLatch(1);
        Dataset closing = numbers().map((example, random) -> {
            try {
                opened.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Objects.requireNonNull(reader.get()).close();
            return example;
        });
        reader.set(closing.batch(4).threads(2).open(0));
        opened.countDown();
        assertThatThrownBy(() -> Objects.requireNonNull(reader.get()).next())
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("closed");
    }
}
