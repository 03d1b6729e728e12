package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A store that is closed while others read: what is on disk stays. */
class ClosedFeatureStoreTest extends FeatureStoreFixture {
    private static void assertClosed(Throwable refused) {
        assertThat(refused)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the store of features is closed; open it again to use it");
    }

    @Test
    void afterwardsEveryCallIsRefusedAndNothingIsWritten() throws IOException {
        FeatureStore store = open();
        fill(store, 0, 3);
        store.append(key(3), ByteBuffer.wrap(record(3)));
        store.close();
        store.close();
        assertThatThrownBy(() -> store.contains(key(0))).satisfies(ClosedFeatureStoreTest::assertClosed);
        assertThatThrownBy(() -> gives(store, 0)).satisfies(ClosedFeatureStoreTest::assertClosed);
        assertThatThrownBy(() -> store.append(key(4), ByteBuffer.wrap(record(4))))
                .satisfies(ClosedFeatureStoreTest::assertClosed);
        store.flush();
        assertThat(files(Segment.HALF_SUFFIX)).isEmpty();
        assertThat(onlySegment()).exists();
    }

    @Test
    void aReaderIsToldAndItsSegmentIsNotTakenForDamaged() throws Exception {
        try (FeatureStore filled = open()) {
            fill(filled, 0, 50);
        }
        for (int round = 0; round < 100; round++) {
            FeatureStore store = open();
            CountDownLatch reading = new CountDownLatch(1);
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                try {
                    for (int i = 0; ; i++) {
                        assertThat(gives(store, i % 50)).isTrue();
                        reading.countDown();
                    }
                } catch (Throwable failure) {
                    end.set(failure);
                }
            });
            reader.start();
            reading.await();
            store.close();
            reader.join();
            assertThat(end.get()).satisfies(ClosedFeatureStoreTest::assertClosed);
            assertThat(onlySegment()).as("round %d", round).exists();
        }
    }

    /** An interrupt closes the file that is being read; its records are computed again, by this process only. */
    @Test
    void anInterruptedReadLeavesTheSegment() throws IOException {
        try (FeatureStore store = open()) {
            fill(store, 0, 3);
            Thread.currentThread().interrupt();
            assertThat(gives(store, 1)).isFalse();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(onlySegment()).exists();
        }
        try (FeatureStore store = open()) {
            assertThat(gives(store, 1)).isTrue();
        }
    }
}
