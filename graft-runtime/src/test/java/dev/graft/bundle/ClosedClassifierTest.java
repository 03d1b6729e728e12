package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GeneratedPictures;
import dev.graft.data.ImageFolder;
import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.data.UnreadablePictureException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A classifier that is closed while others ask it: each has its answer, or is told. */
@Tag("slow")
class ClosedClassifierTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 200;

    @TempDir
    Path folder;

    private final Bundle bundle = TinyBundles.bundle(1);
    private PictureSet pictures;
    private List<Path> paths;

    @BeforeEach
    void draw() {
        pictures = ImageFolder.readAs(GeneratedPictures.folder(folder, 2, 4), TinyBundles.LABELS);
        paths = pictures.pictures().stream().map(Picture::path).toList();
    }

    private Classifier open(int threads) {
        return Classifier.open(bundle, "tiny", threads);
    }

    private static void assertClosed(Throwable refused) {
        assertThat(refused)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the classifier tiny is closed; open it again to use it");
    }

    /** Without a guard the virtual machine crashes here. */
    @ParameterizedTest
    @ValueSource(longs = 5)
    @Timeout(60)
    void whoeverAsksMeanwhileHasAnAnswerOrIsTold(long seed) throws Exception {
        Random random = new Random(seed);
        List<Prediction> expected = new ArrayList<>();
        try (Classifier classifier = open(1)) {
            for (Path path : paths) {
                expected.add(classifier.predict(path));
            }
        }
        int answers = 0;
        for (int round = 0; round < ROUNDS; round++) {
            answers += round(open(1), expected, random.nextInt(40));
        }
        assertThat(answers).as("answers, seed %d", seed).isGreaterThan(ROUNDS);
    }

    private int round(Classifier classifier, List<Prediction> expected, int closedAfter) throws InterruptedException {
        AtomicInteger answers = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1 + closedAfter);
        ConcurrentLinkedQueue<Throwable> ends = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int first = i;
            Thread thread = new Thread(() -> {
                try {
                    for (int next = first; ; next++) {
                        begun.countDown();
                        assertThat(classifier.predict(paths.get(next % paths.size())))
                                .isEqualTo(expected.get(next % paths.size()));
                        answers.incrementAndGet();
                    }
                } catch (Throwable end) {
                    ends.add(end);
                }
            });
            thread.start();
            threads.add(thread);
        }
        begun.await();
        classifier.close();
        classifier.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(ends).hasSize(THREADS).allSatisfy(ClosedClassifierTest::assertClosed);
        return answers.get();
    }

    @Test
    void afterwardsEveryCallIsRefused() throws UnreadablePictureException {
        Classifier classifier = open(2);
        classifier.predict(paths.get(0));
        classifier.close();
        classifier.close();
        assertThatThrownBy(() -> classifier.predict(paths.get(0))).satisfies(ClosedClassifierTest::assertClosed);
        assertThatThrownBy(() -> classifier.predictAll(paths, done -> {}))
                .satisfies(ClosedClassifierTest::assertClosed);
        assertThatThrownBy(() -> classifier.evaluate(pictures, done -> {}))
                .satisfies(ClosedClassifierTest::assertClosed);
        assertThat(classifier.bundle()).isEqualTo(bundle);
    }

    @Test
    @Timeout(60)
    void whoIsToldOfProgressMayClose() {
        for (int threads : new int[] {1, 4}) {
            Classifier classifier = open(threads);
            assertThatThrownBy(() -> classifier.predictAll(paths, done -> {
                        if (done == 2) {
                            classifier.close();
                        }
                    }))
                    .satisfies(ClosedClassifierTest::assertClosed);
        }
        Classifier last = open(1);
        assertThat(last.predictAll(paths, done -> {
                    if (done == paths.size()) {
                        last.close();
                    }
                }))
                .hasSize(paths.size());
    }

    @Test
    void anInterruptedThreadCloses() throws UnreadablePictureException {
        Classifier classifier = open(1);
        Thread.currentThread().interrupt();
        classifier.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(() -> classifier.predict(paths.get(0))).satisfies(ClosedClassifierTest::assertClosed);
    }
}
