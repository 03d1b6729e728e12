package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkersTest {
    @Test
    void everyTaskRunsOnce() {
        AtomicIntegerArray runs = new AtomicIntegerArray(1000);
        try (Workers workers = new Workers(3)) {
            workers.forEach(1000, runs::incrementAndGet);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
    }

    @Test
    void theFirstFailureReachesTheCallerWhenAllHaveEnded() {
        AtomicInteger running = new AtomicInteger();
        try (Workers workers = new Workers(3)) {
            assertThatThrownBy(() -> workers.forEach(1000, i -> {
                        running.incrementAndGet();
                        try {
                            if (i == 5) {
                                throw new AssertionError("five");
                            }
                            Thread.sleep(20);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        } finally {
                            running.decrementAndGet();
                        }
                    }))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("five");
            assertThat(running).hasValue(0);
        }
    }

    @Test
    @Timeout(60)
    void aTaskOrAnotherThreadMayClose() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            Workers workers = new Workers(3);
            AtomicInteger running = new AtomicInteger();
            AtomicInteger runs = new AtomicInteger();
            boolean inside = round % 2 == 0;
            CountDownLatch begun = new CountDownLatch(5);
            Thread other = new Thread(() -> {
                try {
                    begun.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                workers.close();
            });
            other.start();
            assertThatThrownBy(() -> workers.forEach(Integer.MAX_VALUE, i -> {
                        running.incrementAndGet();
                        runs.incrementAndGet();
                        begun.countDown();
                        if (inside && i == 3) {
                            workers.close();
                        }
                        running.decrementAndGet();
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the workers are closed; open others");
            assertThat(running).hasValue(0);
            while (begun.getCount() > 0) {
                begun.countDown();
            }
            other.join();
            workers.close();
            assertThatThrownBy(() -> workers.forEach(1, i -> {})).isInstanceOf(IllegalStateException.class);
        }
    }

    /** The caller frees native memory next that the tasks still use. */
    @Test
    void anInterruptedCallerStillWaitsForTheTasksThatRun() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            try {
                started.await();
            } catch (InterruptedException e) {
                return;
            }
            caller.interrupt();
        });
        interrupter.start();
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.forEach(1000, i -> {
                        running.incrementAndGet();
                        runs.incrementAndGet();
                        started.countDown();
                        long end = System.nanoTime() + 100_000_000;
                        while (System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                        running.decrementAndGet();
                    }))
                    .isInstanceOf(GraftException.class)
                    .hasMessage("interrupted");
            assertThat(running).hasValue(0);
            assertThat(runs.get()).isLessThan(100);
            assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
        }
    }
}
