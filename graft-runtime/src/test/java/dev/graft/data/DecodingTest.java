package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DecodingTest {
    private static final int SIDE = 3000;

    private static PictureHeader large(Decoder decoder) {
        return new PictureHeader(PictureFormat.PNG, SIDE, SIDE, Orientation.UPRIGHT, new byte[100], decoder);
    }

    private record Blank(AtomicInteger open) implements DecodedPicture {
        @Override
        public int width() {
            return SIDE;
        }

        @Override
        public int height() {
            return SIDE;
        }

        @Override
        public void readRow(int y, int x, int count, byte[] out) {}

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }

    @Test
    void largePicturesWaitForEachOther() throws Exception {
        // 54 MB each: two fit
        DecodingMemory memory = new DecodingMemory(120L << 20);
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        PictureHeader header = large((picture, reduction) -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            return new Blank(open);
        });
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<Integer>> work = new ArrayList<>();
        AtomicInteger used = new AtomicInteger();
        for (int i = 0; i < 40; i++) {
            work.add(() -> {
                Decoding.decode(memory, header, 1, picture -> used.incrementAndGet());
                return 0;
            });
        }
        try {
            for (Future<Integer> each : threads.invokeAll(work, 60, TimeUnit.SECONDS)) {
                assertThat(each.get()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(used).hasValue(40);
        assertThat(open).hasValue(0);
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void aPictureLargerThanAllTakesAll() throws UnreadablePictureException {
        DecodingMemory memory = new DecodingMemory(0);
        AtomicInteger used = new AtomicInteger();
        PictureHeader header = large((picture, reduction) -> new Blank(new AtomicInteger()));
        Decoding.decode(memory, header, 1, picture -> used.incrementAndGet());
        Decoding.decode(memory, header, 1, picture -> used.incrementAndGet());
        assertThat(used).hasValue(2);
    }

    @Test
    void lackOfMemoryIsNotCalledDamage() {
        DecodingMemory memory = new DecodingMemory(1L << 30);
        AtomicInteger tries = new AtomicInteger();
        PictureHeader heap = large((picture, reduction) -> {
            tries.incrementAndGet();
            throw new OutOfMemoryError("Java heap space");
        });
        assertThatThrownBy(() -> Decoding.decode(memory, heap, 1, picture -> {}))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessage(
                        "not enough memory: 3000 x 3000 pixels need some 51 MB; use fewer threads or make it smaller");
        assertThat(tries).hasValue(2);
        PictureHeader opencv = large((picture, reduction) -> {
            RuntimeException cause =
                    new RuntimeException("OpenCV(4.13.0) alloc.cpp: error: (-4:Insufficient memory) Failed");
            throw new UnreadablePictureException("corrupt PNG: it cannot be decoded", cause);
        });
        assertThatThrownBy(() -> Decoding.decode(memory, opencv, 1, picture -> {}))
                .hasMessageStartingWith("not enough memory: 3000 x 3000 pixels");
        PictureHeader damaged = large((picture, reduction) -> {
            throw new UnreadablePictureException("corrupt PNG");
        });
        assertThatThrownBy(() -> Decoding.decode(memory, damaged, 1, picture -> {}))
                .hasMessage("corrupt PNG");
    }

    /** What failed beside others is read once they are done. */
    @Test
    void aSecondTryIsMadeAlone() throws UnreadablePictureException {
        DecodingMemory memory = new DecodingMemory(1L << 30);
        AtomicInteger tries = new AtomicInteger();
        AtomicInteger used = new AtomicInteger();
        PictureHeader header = large((picture, reduction) -> {
            if (tries.incrementAndGet() == 1) {
                throw new UnreadablePictureException("corrupt PNG");
            }
            return new Blank(new AtomicInteger());
        });
        Decoding.decode(memory, header, 1, picture -> used.incrementAndGet());
        assertThat(used).hasValue(1);
    }

    @Test
    void aReducedJpegCountsAsReduced() {
        PictureHeader jpeg = new PictureHeader(PictureFormat.JPEG, 4000, 3000, Orientation.UPRIGHT, new byte[0]);
        assertThat(Decoding.bytes(jpeg, 1)).isEqualTo(36_000_000);
        assertThat(Decoding.bytes(jpeg, 4)).isEqualTo(2_250_000);
        assertThat(Arrays.asList(PhysicalMemory.total() > 0)).containsExactly(true);
    }
}
