package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is used is not freed, what is closed is not used. */
@Tag("slow")
class ClosingTest {
    private final AtomicInteger freed = new AtomicInteger();
    private final Closing closing = Closing.of("the thing", freed::incrementAndGet);

    private void refused() {
        String message = "the thing is closed; open it again to use it";
        assertThatThrownBy(closing::use)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(closing::check)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThat(closing.isClosed()).isTrue();
    }

    @Test
    void closingFreesOnceAndRefusesFromThenOn() {
        try (var use = closing.use()) {
            closing.check();
        }
        assertThat(freed).hasValue(0);
        closing.close();
        closing.close();
        assertThat(freed).hasValue(1);
        refused();
        assertThat(freed).hasValue(1);
    }

    @Test
    void theLastUseFreesWhatWasClosedInside() {
        try (var outer = closing.use()) {
            try (var inner = closing.use()) {
                closing.close();
                refused();
            }
            closing.close();
            assertThat(freed).hasValue(0);
        }
        assertThat(freed).hasValue(1);
    }

    @Test
    void anInterruptChangesNothing() {
        Thread.currentThread().interrupt();
        try (var use = closing.use()) {
            closing.close();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(freed).hasValue(1);
    }

    @Test
    void aUseThatFailsIsOver() {
        assertThatThrownBy(() -> {
                    try (var use = closing.use()) {
                        throw new GraftException("failed");
                    }
                })
                .hasMessage("failed");
        closing.close();
        assertThat(freed).hasValue(1);
    }

    @Test
    void nothingIsFreedWhileThreadsUseItAndAllAreRefusedAfterwards() throws InterruptedException {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            AtomicBoolean gone = new AtomicBoolean();
            AtomicInteger wrong = new AtomicInteger();
            AtomicInteger uses = new AtomicInteger();
            Closing shared = Closing.of("it", () -> wrong.addAndGet(gone.getAndSet(true) ? 1 : 0));
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        while (true) {
                            try (var use = shared.use()) {
                                wrong.addAndGet(gone.get() ? 1 : 0);
                                uses.incrementAndGet();
                                Thread.onSpinWait();
                                wrong.addAndGet(gone.get() ? 1 : 0);
                            }
                        }
                    } catch (IllegalStateException closed) {
                        // As it should end.
                    }
                });
                thread.start();
                threads.add(thread);
            }
            int until = random.nextInt(200);
            while (uses.get() < until) {
                Thread.onSpinWait();
            }
            shared.close();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(wrong).as("round %d of seed 7", round).hasValue(0);
            assertThat(gone).isTrue();
        }
    }
}
