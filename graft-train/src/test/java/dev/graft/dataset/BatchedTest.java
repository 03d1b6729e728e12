package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BatchedTest {
    private static long liveThreads() throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        long live;
        do {
            live = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("graft-dataset-"))
                    .count();
            Thread.sleep(2);
        } while (live > 0 && System.nanoTime() < end);
        return live;
    }

    private static Batch next(Batches.Reader reader) {
        Batch batch = reader.next();
        assertThat(batch).isNotNull();
        return batch;
    }

    @Test
    void batchesHoldTheExamplesInOrder() throws InterruptedException {
        Batched batches = Numbered.of(7, 3).batch(3);
        assertThat(batches.size()).isEqualTo(7);
        assertThat(batches.count()).isEqualTo(3);
        try (Batches.Reader reader = batches.open(0)) {
            Batch first = next(reader);
            assertThat(first.inputs().get(0).shape()).isEqualTo(Shape.of(3, 2));
            assertThat(first.inputs().get(0).isNative()).isTrue();
            assertThat(first.inputs().get(0).toArray()).containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f);
            assertThat(first.target().shape()).isEqualTo(Shape.of(3));
            assertThat(first.target().toArray()).containsExactly(0, 1, 2);
            assertThat(first.weights()).isNull();
            next(reader);
            Batch last = next(reader);
            assertThat(last.inputs().get(0).shape()).isEqualTo(Shape.of(1, 2));
            assertThat(last.inputs().get(0).toArray()).containsExactly(6, 6.5f);
            assertThat(reader.next()).isNull();
            assertThat(reader.next()).isNull();
            assertThat(liveThreads()).as("the end of a pass ends its threads").isZero();
        }
    }

    @Test
    void targetsAndWeightsAreBatchedToo() {
        Dataset dataset = Numbered.of(4, 2).labels(Labels.ONE_HOT).weighted(example -> 1 + example.label());
        try (Batches.Reader reader = dataset.batch(4).open(0)) {
            Batch batch = next(reader);
            assertThat(batch.target().shape()).isEqualTo(Shape.of(4, 2));
            assertThat(batch.target().toArray()).containsExactly(1, 0, 0, 1, 1, 0, 0, 1);
            assertThat(batch.weights()).isNotNull();
            assertThat(batch.weights().shape()).isEqualTo(Shape.of(4));
            assertThat(batch.weights().toArray()).containsExactly(1, 2, 1, 2);
        }
    }

    @Test
    void severalInputsAndTargets() {
        HostTensor other = HostTensor.of(Shape.of(2, 1, 2), 5, 6, 7, 8);
        Dataset dataset = Dataset.ofArrays(List.of(Numbered.inputs(2), other), List.of(other, Numbered.inputs(2)));
        try (Batches.Reader reader = dataset.batch(2).open(0)) {
            Batch batch = next(reader);
            assertThat(batch.inputs().get(0).sameBits(Numbered.inputs(2))).isTrue();
            assertThat(batch.inputs().get(1).sameBits(other)).isTrue();
            assertThat(batch.targets().get(0).sameBits(other)).isTrue();
            assertThat(batch.targets().get(1).sameBits(Numbered.inputs(2))).isTrue();
        }
    }

    @Test
    void theRemainderMayBeDropped() {
        Batched batches = Numbered.of(7, 1).batch(3).dropRemainder();
        assertThat(batches.size()).isEqualTo(6);
        assertThat(batches.count()).isEqualTo(2);
        assertThat(Numbered.inputs(batches, 0)).hasSize(2).allMatch(batch -> batch.size() == 6);
        assertThatThrownBy(() -> Numbered.of(2, 1).batch(3).dropRemainder())
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("2 examples make no whole batch of 3");
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,3", "2,1", "5,2", "9,4"})
    void whatComesDoesNotDependOnThreadsNorPrefetch(int threads, int prefetch) {
        Dataset dataset = Numbered.of(29, 2)
                .shuffle(1)
                .mapInputs((input, random) -> HostTensor.of(Shape.of(2), input.get(0), (float) random.nextDouble()));
        RandomFunction<Batch> shifted = (batch, random) -> {
            HostTensor input = batch.inputs().get(0);
            input.put(0, (float) random.nextDouble());
            return batch;
        };
        Batched alone = dataset.batch(4).threads(1).prefetch(0).map(shifted, 5);
        Batched many = dataset.batch(4).threads(threads).prefetch(prefetch).map(shifted, 5);
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(Numbered.inputs(many, epoch)).isEqualTo(Numbered.inputs(alone, epoch));
        }
        assertThat(Numbered.inputs(alone, 0)).isNotEqualTo(Numbered.inputs(alone, 1));
    }

    /** Also from the middle of a pass on, without making what is passed over. */
    @Test
    void aPassBehindItsFirstBatchesGivesTheOthers() {
        Queue<Integer> made = new ConcurrentLinkedQueue<>();
        Batched batches = Numbered.of(10, 2)
                .shuffle(3)
                .map(example -> {
                    made.add(Numbered.number(example));
                    return example;
                })
                .batch(3)
                .map((batch, random) -> new Batch(
                        List.of(HostTensor.of(Shape.of(1), (float) random.nextDouble())), batch.targets(), null));
        List<List<Float>> whole = Numbered.inputs(batches, 2);
        for (int passed = 0; passed <= 4; passed++) {
            made.clear();
            List<List<Float>> rest = new ArrayList<>();
            try (Batches.Reader reader = batches.open(2, passed)) {
                for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                    rest.add(Numbered.floats(batch.inputs().get(0)));
                }
            }
            assertThat(rest).isEqualTo(whole.subList(passed, 4));
            assertThat(made).hasSize(Math.max(0, 10 - 3 * passed));
        }
    }

    @Test
    void batchMapsDrawByBatchEpochAndSeed() {
        RandomFunction<Batch> noise = (batch, random) -> new Batch(
                List.of(HostTensor.of(Shape.of(1), (float) random.nextDouble())), batch.targets(), batch.weights());
        Batched batches = Numbered.of(8, 1).batch(2).map(noise, 1);
        List<List<Float>> drawn = new ArrayList<>(Numbered.inputs(batches, 0));
        drawn.addAll(Numbered.inputs(batches, 1));
        drawn.addAll(Numbered.inputs(Numbered.of(8, 1).batch(2).map(noise, 2), 0));
        assertThat(drawn).hasSize(12).doesNotHaveDuplicates();
    }

    /** A slow consumer must not make the workers run away with memory. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void noMoreThanPrefetchIsMadeAhead(int prefetch) throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        Dataset dataset = Numbered.of(60, 1).map(example -> {
            made.incrementAndGet();
            return example;
        });
        try (Batches.Reader reader =
                dataset.batch(5).threads(4).prefetch(prefetch).open(0)) {
            for (int taken = 0; taken < 6; taken++) {
                int expected = 5 * (prefetch + taken);
                long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
                while (made.get() < expected && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                Thread.sleep(5);
                assertThat(made).hasValue(expected);
                next(reader);
            }
        }
    }

    @Test
    void memoryIsTakenOnceForAllPasses() {
        Batched batches = Numbered.of(6, 1).batch(2).prefetch(0);
        HostTensor lent;
        try (Batches.Reader reader = batches.open(0)) {
            lent = next(reader).inputs().get(0);
        }
        try (Batches.Reader reader = batches.open(0)) {
            next(reader);
            Batch second = next(reader);
            assertThat(lent.toArray()).containsExactly(2, 2.5f, 3, 3.5f);
            assertThat(second.inputs().get(0).toArray()).containsExactly(2, 2.5f, 3, 3.5f);
        }
    }

    @Test
    void twoPassesAtOnceDoNotDisturbEachOther() {
        Batched batches = Numbered.of(6, 1).batch(2);
        try (Batches.Reader one = batches.open(0);
                Batches.Reader other = batches.open(0)) {
            Batch first = next(one);
            next(other);
            next(other);
            next(other);
            assertThat(first.inputs().get(0).toArray()).containsExactly(0, 0.5f, 1, 1.5f);
        }
    }

    @Test
    void closingEarlyStopsTheThreads() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        Dataset dataset = Numbered.of(1000, 1).map(example -> {
            made.incrementAndGet();
            return example;
        });
        Batches.Reader reader = dataset.batch(10).threads(3).prefetch(5).open(0);
        next(reader);
        reader.close();
        assertThat(liveThreads()).isZero();
        int before = made.get();
        Thread.sleep(10);
        assertThat(made).hasValue(before);
        assertThat(before).isLessThanOrEqualTo(70);
        assertThatThrownBy(reader::next).isInstanceOf(CancellationException.class);
        reader.close();
    }

    @Test
    void aFailureReachesTheConsumerInItsTurn() throws InterruptedException {
        Dataset dataset = Numbered.of(12, 1).map(example -> {
            int number = Numbered.number(example);
            if (number == 7 || number == 8) {
                throw new GraftException("cannot be read");
            }
            return example;
        });
        try (Batches.Reader reader = dataset.batch(3).threads(4).prefetch(4).open(0)) {
            assertThat(next(reader).size()).isEqualTo(3);
            assertThat(next(reader).size()).isEqualTo(3);
            assertThatThrownBy(reader::next).isInstanceOf(GraftException.class).hasMessage("example 7: cannot be read");
            assertThat(liveThreads()).isZero();
            assertThatThrownBy(reader::next).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void unexpectedFailuresSayWhere() {
        Batched failing = Numbered.of(4, 1).batch(2).map((batch, random) -> {
            throw new IllegalArgumentException("no mixing");
        });
        try (Batches.Reader reader = failing.open(3)) {
            assertThatThrownBy(reader::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("epoch 3, batch 0", "no mixing")
                    .hasCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void examplesOfOneBatchHaveOneForm() {
        Dataset shapes =
                Dataset.of(4, i -> Example.labelled(HostTensor.of(Shape.of(1 + i / 3), new float[1 + i / 3]), 0));
        try (Batches.Reader reader = shapes.batch(4).open(0)) {
            assertThatThrownBy(reader::next)
                    .isInstanceOf(GraftException.class)
                    .hasMessageContainingAll("example 3: input 0 is [2]", "has [1]", "map");
        }
        HostTensor one = HostTensor.of(Shape.of(1), 0);
        Dataset counts = Dataset.of(2, i -> new Example(i == 0 ? List.of(one) : List.of(one, one), List.of(one), 1));
        try (Batches.Reader reader = counts.batch(2).open(0)) {
            assertThatThrownBy(reader::next)
                    .isInstanceOf(GraftException.class)
                    .hasMessageContainingAll("example 1: has 2 inputs and 1 targets", "1 and 1");
        }
    }

    @Test
    void anInterruptEndsTheWait() {
        try (Batches.Reader reader = Numbered.of(4, 1).batch(2).open(0)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(reader::next).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void badOptions() {
        Dataset dataset = Numbered.of(4, 1);
        assertThatThrownBy(() -> dataset.batch(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dataset.batch(1).threads(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dataset.batch(1).prefetch(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(IntStream.of(1, 2, 3, 4, 5).map(size -> dataset.batch(size).count()))
                .containsExactly(4, 2, 2, 1, 1);
    }
}
