package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PictureLoaderTest {
    private static final int SIZE = 16;
    private static final int COUNT = 23;
    private static final PictureReader READER =
            PictureReader.of(InputGeometry.stretch(SIZE)).augment(dev.graft.preprocessing.Augmentation.standard());

    @TempDir
    private Path folder;

    private final List<PictureItem> items = new ArrayList<>();

    @BeforeEach
    void pictures() throws IOException {
        List<String> names = List.of("rgb.png", "baseline.jpg", "alpha.webp", "exif6.jpg");
        for (int i = 0; i < COUNT; i++) {
            Path path = TestPictures.folder().resolve(names.get(i % names.size()));
            items.add(new PictureItem(new Picture(path, i % 3), new View(i, 5)));
        }
    }

    private static float[] one(PictureItem item) throws Exception {
        return TestPictures.read(READER, Files.readAllBytes(item.picture().path()), item.view());
    }

    private static float[] pixels(PictureBatch batch) {
        float[] pixels = new float[batch.pixels().remaining()];
        batch.pixels().duplicate().get(pixels);
        return pixels;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void everyPictureComesInOrderWhateverTheThreads(int threads) throws Exception {
        try (PictureLoader loader = PictureLoader.of(READER, 4, threads)) {
            for (int epoch = 0; epoch < 3; epoch++) {
                int next = 0;
                for (PictureBatches batches = loader.load(items); batches.hasNext(); ) {
                    PictureBatch batch = batches.next();
                    assertThat(batch.size()).isEqualTo(Math.min(4, COUNT - next));
                    assertThat(batch.pixels().isDirect()).isTrue();
                    float[] pixels = pixels(batch);
                    for (int i = 0; i < batch.size(); i++, next++) {
                        assertThat(batch.indices()[i]).isEqualTo(next);
                        assertThat(batch.labels()[i]).isEqualTo(next % 3);
                        int elements = READER.geometry().elements();
                        assertThat(Arrays.copyOfRange(pixels, i * elements, (i + 1) * elements))
                                .containsExactly(one(items.get(next)));
                    }
                }
                assertThat(next).isEqualTo(COUNT);
            }
        }
    }

    @Test
    void unreadablePicturesAreLeftOutAndListed() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.jpg"));
        Path text = Files.writeString(folder.resolve("text.jpg"), "hello world");
        items.set(0, new PictureItem(new Picture(empty, 0), View.plain()));
        items.set(2, new PictureItem(new Picture(text, 0), View.plain()));
        items.set(3, new PictureItem(new Picture(folder.resolve("gone.jpg"), 0), View.plain()));
        try (PictureLoader loader = PictureLoader.of(READER, 5, 2)) {
            PictureBatch batch = loader.load(items).next();
            assertThat(batch.indices()).containsExactly(1, 4);
            assertThat(batch.labels()).containsExactly(1, 1);
            assertThat(batch.skipped())
                    .containsExactly(
                            new Skipped(empty, "empty file"),
                            new Skipped(text, "not a picture (starts with 'hello wo')"),
                            new Skipped(folder.resolve("gone.jpg"), "no such file"));
            float[] expected =
                    Arrays.copyOf(one(items.get(1)), 2 * READER.geometry().elements());
            System.arraycopy(one(items.get(4)), 0, expected, expected.length / 2, expected.length / 2);
            assertThat(pixels(batch)).containsExactly(expected);
        }
    }

    @Test
    void aBatchOfNothingReadableIsEmpty() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.jpg"));
        PictureItem item = new PictureItem(new Picture(empty, 0), View.plain());
        try (PictureLoader loader = PictureLoader.of(READER, 2, 1)) {
            PictureBatches batches = loader.load(List.of(item, item, items.get(0)));
            assertThat(batches.next().size()).isZero();
            assertThat(batches.next().indices()).containsExactly(2);
            assertThat(batches.hasNext()).isFalse();
            assertThat(loader.load(List.of()).hasNext()).isFalse();
        }
    }

    @Test
    void theMemoryIsUsedAgain() {
        try (PictureLoader loader = PictureLoader.of(READER, 1, 1)) {
            PictureBatches batches = loader.load(items);
            var first = batches.next().pixels();
            batches.next();
            batches.next();
            float[] fourth = pixels(batches.next());
            float[] throughTheFirst = new float[fourth.length];
            first.duplicate().get(throughTheFirst);
            assertThat(throughTheFirst).containsExactly(fourth);
        }
    }

    @Test
    void closingMidwayEndsTheThreads() throws Exception {
        PictureLoader loader = PictureLoader.of(READER, 2, 3);
        PictureBatches batches = loader.load(items);
        batches.next();
        loader.close();
        assertThat(liveDecoders()).isZero();
        assertThatThrownBy(batches::next).isInstanceOf(CancellationException.class);
    }

    @Test
    void aClosedLoaderIsRefusedAndClosesAgain() {
        PictureLoader loader = PictureLoader.of(READER, 2, 3);
        PictureBatches batches = loader.load(items);
        loader.close();
        loader.close();
        assertThatThrownBy(batches::next).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> loader.load(items))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the loader of pictures is closed; open it again to use it");
    }

    /** Whatever the moment: all batches that come are whole, then one exception says that it was closed. */
    @ParameterizedTest
    @ValueSource(longs = 3)
    void anotherThreadMayCloseAtAnyMoment(long seed) throws Exception {
        Random random = new Random(seed);
        float[] first = one(items.get(0));
        for (int round = 0; round < 60; round++) {
            PictureLoader loader = PictureLoader.of(READER, 2, 3);
            CountDownLatch taken = new CountDownLatch(random.nextInt(12));
            Thread closing = new Thread(() -> {
                try {
                    taken.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                loader.close();
            });
            closing.start();
            assertThatThrownBy(() -> {
                        while (true) {
                            PictureBatches pass = loader.load(items);
                            while (pass.hasNext()) {
                                PictureBatch batch = pass.next();
                                if (batch.indices()[0] == 0) {
                                    assertThat(Arrays.copyOf(pixels(batch), first.length))
                                            .containsExactly(first);
                                }
                                taken.countDown();
                            }
                        }
                    })
                    .as("round %d, seed %d", round, seed)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            closing.join();
        }
    }

    private static long liveDecoders() throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        long live;
        do {
            live = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("graft-decoder-"))
                    .count();
            Thread.sleep(5);
        } while (live > 0 && System.nanoTime() < end);
        return live;
    }

    @Test
    void aNewPassEndsTheOneBefore() {
        try (PictureLoader loader = PictureLoader.of(READER, 2, 2)) {
            PictureBatches abandoned = loader.load(items);
            abandoned.next();
            PictureBatches batches = loader.load(items);
            assertThat(IntStream.range(0, 12).map(i -> batches.next().size()).sum())
                    .isEqualTo(COUNT);
            assertThatThrownBy(abandoned::next).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void anInterruptEndsTheWait() {
        try (PictureLoader loader = PictureLoader.of(READER, 2, 1)) {
            PictureBatches batches = loader.load(items);
            Thread.currentThread().interrupt();
            assertThatThrownBy(batches::next).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // a broken caller is the point
    void anUnexpectedFailureReachesTheConsumer() {
        items.set(3, new PictureItem(new Picture(null, 0), View.plain()));
        try (PictureLoader loader = PictureLoader.of(READER, 2, 2)) {
            PictureBatches batches = loader.load(items);
            batches.next();
            assertThatThrownBy(batches::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasCauseInstanceOf(NullPointerException.class);
        }
    }
}
