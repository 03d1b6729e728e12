package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class CacheTest {
    private static final int EXAMPLES = 40;
    private static final int COMPARED_ON_OPENING = 8;

    @TempDir
    private Path folder;

    private final AtomicInteger made = new AtomicInteger();

    /** Examples of which it is known how many were made: after the function, in front of the cache. */
    private Dataset counted(Dataset dataset) {
        return dataset.mapInputs(input -> {
            made.incrementAndGet();
            return input;
        });
    }

    private Dataset numbered() {
        return counted(Numbered.of(EXAMPLES, 3).weighted(example -> 0.5));
    }

    private int madeFor(Runnable work) {
        made.set(0);
        work.run();
        return made.get();
    }

    private static void assertSame(Dataset one, Dataset other) {
        assertThat(one.size()).isEqualTo(other.size());
        for (int i = 0; i < one.size(); i++) {
            assertThat(HostTensors.sameBits(one.get(i), other.get(i))).isTrue();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void memoryMakesEachExampleOnce() {
        Batched batches = numbered().cache().shuffle(1).batch(7);
        assertThat(madeFor(() -> Numbered.inputs(batches, 0))).isEqualTo(EXAMPLES);
        assertThat(madeFor(() -> Numbered.inputs(batches, 1))).isZero();
        assertSame(numbered().cache(), numbered());
    }

    @Test
    void whatWouldNotFitIsRefusedAtOnce() {
        HostTensor big = HostTensor.of(Shape.of(1 << 20), new float[1 << 20]);
        Dataset huge = Dataset.of(1_000_000, i -> Example.labelled(big, 0)).cache();
        assertThatThrownBy(() -> huge.get(0))
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll("1,000,000 examples", "3906.3 GB", "cache(file)", "-Xmx");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void randomMapsBeforeTheCacheAreFrozenAndStayRandomBehindIt(boolean onDisk) {
        RandomFunction<HostTensor> noise =
                (input, random) -> HostTensor.of(Shape.of(1), (float) (input.get(0) + random.nextDouble()));
        UnaryOperator<Dataset> cache = plain -> onDisk ? plain.cache(folder.resolve("cache")) : plain.cache();
        Dataset frozen = cache.apply(Numbered.of(5, 1).mapInputs(noise));
        float asked = frozen.get(3, 2).input().get(0);
        assertThat(asked).isEqualTo(frozen.get(3, 0).input().get(0));
        assertThat(asked)
                .isEqualTo(Numbered.of(5, 1).mapInputs(noise).get(3, 0).input().get(0));
        Dataset after = cache.apply(Numbered.of(5, 1)).mapInputs(noise);
        assertThat(after.get(3, 2).input().get(0))
                .isNotEqualTo(after.get(3, 0).input().get(0));
    }

    @Test
    void cachedExamplesCannotBeWrittenThrough() {
        for (Dataset cached : List.of(numbered().cache(), numbered().cache(folder.resolve("cache")))) {
            HostTensor input = cached.get(0).input();
            assertThatThrownBy(() -> input.put(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void aFileIsMadeWholeAndUsedAgain() throws IOException {
        Path file = folder.resolve("flowers.cache");
        Dataset cached = numbered().cache(file);
        assertThat(file).doesNotExist();
        assertThat(madeFor(() -> cached.get(5, 3))).isEqualTo(EXAMPLES);
        assertThat(madeFor(() -> assertSame(cached, Numbered.of(EXAMPLES, 3).weighted(example -> 0.5))))
                .isZero();
        assertThat(files()).containsExactly(file);
        Dataset later = numbered().cache(file);
        assertThat(madeFor(() -> Numbered.inputs(later.batch(8), 0))).isEqualTo(COMPARED_ON_OPENING);
    }

    @Test
    void examplesOfSeveralShapesAreKept() {
        Dataset mixed = Dataset.of(
                3,
                i -> new Example(
                        List.of(HostTensor.of(Shape.of(1, i + 1), new float[i + 1]), HostTensor.of(Shape.of(), i)),
                        List.of(),
                        i));
        assertSame(mixed.cache(folder.resolve("mixed")), mixed);
    }

    @Test
    void aStaleFileIsMadeAgain() {
        Path file = folder.resolve("cache");
        numbered().cache(file).get(0);
        // other examples
        assertThat(madeFor(() -> counted(Numbered.of(EXAMPLES, 2)).cache(file).get(0)))
                .isEqualTo(EXAMPLES);
        assertThat(madeFor(() ->
                        counted(Numbered.of(EXAMPLES, 2).take(9)).cache(file).get(0)))
                .isEqualTo(9);
        // the same chain with another function in it, which only the comparison shows
        Dataset doubled = counted(Numbered.of(EXAMPLES, 2).take(9))
                .mapInputs(input -> HostTensor.of(Shape.of(1), 2 * input.get(0)));
        Dataset tripled = counted(Numbered.of(EXAMPLES, 2).take(9))
                .mapInputs(input -> HostTensor.of(Shape.of(1), 3 * input.get(0)));
        assertThat(doubled.cache(file).get(8).input().get(0)).isEqualTo(16);
        assertThat(tripled.cache(file).get(8).input().get(0)).isEqualTo(24);
    }

    /** Any byte of the file, and any length of it. */
    @Test
    void aDamagedFileIsMadeAgain() throws IOException {
        Path file = folder.resolve("cache");
        Dataset small = counted(Numbered.of(3, 3));
        small.cache(file).get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 8; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            assertSame(small.cache(file), Numbered.of(3, 3));
            assertThat(file).hasBinaryContent(whole);
        }
        for (int length = 8; length < whole.length; length += 5) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertSame(small.cache(file), Numbered.of(3, 3));
            assertThat(file).hasBinaryContent(whole);
        }
    }

    @Test
    void damageAndLossInUseAreMendedOnce() throws IOException {
        Path file = folder.resolve("cache");
        Dataset cached = numbered().cache(file);
        cached.get(0);
        Files.delete(file);
        assertSame(cached, numbered());
        Files.delete(file);
        assertThatThrownBy(() -> cached.get(0))
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll(file.toString(), "changed while in use", "a cache file of its own");
    }

    @Test
    void otherFilesAreNotReplaced() throws IOException {
        Path precious = Files.writeString(folder.resolve("thesis.txt"), "all my work of three years");
        assertThatThrownBy(() -> numbered().cache(precious).get(0))
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll("thesis.txt", "no cache of Graft");
        assertThat(precious).hasContent("all my work of three years");
        assertThatThrownBy(() -> numbered().cache(folder.resolve("none/cache")).get(0))
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll("cache: cannot be written: no such folder");
    }

    @Test
    void aFailureLeavesNoFile() throws IOException {
        Dataset failing = Numbered.of(EXAMPLES, 1).map(example -> {
            if (Numbered.number(example) == 35) {
                throw new GraftException("broken");
            }
            return example;
        });
        Dataset cached = failing.cache(folder.resolve("cache"));
        assertThatThrownBy(() -> cached.get(0)).hasMessage("example 35: broken");
        assertThat(files()).isEmpty();
    }
}
