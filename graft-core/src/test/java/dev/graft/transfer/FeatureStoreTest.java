package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.graft.GraftException;
import dev.graft.Workers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The store gives back what was put in, or nothing: whatever happens to its files. */
class FeatureStoreTest {
    private static final int RECORD = 64;
    private static final long ROOMY = 1 << 20;
    private static final String PREFIX = "ab".repeat(32);

    @TempDir
    Path root;

    private FeatureStore open() {
        return open(PREFIX, ROOMY);
    }

    private FeatureStore open(String prefix, long cap) {
        return FeatureStore.open(root, prefix, RECORD, cap);
    }

    private static String key(int number) {
        return Sha256.of(Integer.toString(number));
    }

    private static byte[] record(int number) {
        byte[] bytes = new byte[RECORD];
        for (int i = 0; i < RECORD; i++) {
            bytes[i] = (byte) (number * 31 + i);
        }
        return bytes;
    }

    private static void fill(FeatureStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.append(key(i), ByteBuffer.wrap(record(i)));
        }
        store.flush();
    }

    /** True if the store gives the record, which must then be the one that was put in. */
    private static boolean gives(FeatureStore store, int number) {
        ByteBuffer into = ByteBuffer.allocate(RECORD);
        boolean found = store.read(key(number), into);
        if (found) {
            assertThat(into.array()).isEqualTo(record(number));
        } else {
            assertThat(into.position())
                    .as("nothing is written where nothing is found")
                    .isZero();
        }
        return found;
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> path.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private Path onlySegment() throws IOException {
        assertThat(files(Segment.SUFFIX)).hasSize(1);
        return files(Segment.SUFFIX).get(0);
    }

    @Test
    void whatWasPutInComesOutAlsoOfALaterStore() {
        try (FeatureStore store = open()) {
            store.append(key(0), ByteBuffer.wrap(record(0)));
            assertThat(store.contains(key(0))).as("before the flush").isFalse();
            fill(store, 1, 5);
            assertThat(gives(store, 0) && gives(store, 4)).isTrue();
        }
        try (FeatureStore later = open();
                FeatureStore other = open("cd".repeat(32), ROOMY)) {
            assertThat(gives(later, 3)).isTrue();
            assertThat(gives(later, 9)).isFalse();
            assertThat(other.contains(key(3)))
                    .as("in the store of another prefix")
                    .isFalse();
        }
    }

    enum Damage {
        TRUNCATED {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.setLength(file.length() - 7);
            }
        },
        EMPTY {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.setLength(0);
            }
        },
        INDEX {
            @Override
            void to(RandomAccessFile file) throws IOException {
                flip(file, 5 * RECORD + 40);
            }
        },
        MAGIC {
            @Override
            void to(RandomAccessFile file) throws IOException {
                flip(file, file.length() - 1);
            }
        },
        COUNT {
            @Override
            void to(RandomAccessFile file) throws IOException {
                flip(file, file.length() - 17);
            }
        },
        GARBAGE {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.write("this was no segment, ever".repeat(30).getBytes(Sha256.CHARSET));
            }
        };

        abstract void to(RandomAccessFile file) throws IOException;

        static void flip(RandomAccessFile file, long at) throws IOException {
            file.seek(at);
            int was = file.read();
            file.seek(at);
            file.write(was ^ 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedSegmentIsDroppedAndMayBeWrittenAgain(Damage damage) throws IOException {
        try (FeatureStore store = open()) {
            fill(store, 0, 5);
        }
        Path segment = onlySegment();
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            damage.to(file);
        }
        try (FeatureStore store = open()) {
            for (int i = 0; i < 5; i++) {
                assertThat(store.contains(key(i))).isFalse();
            }
            assertThat(segment).doesNotExist();
            fill(store, 0, 5);
            assertThat(gives(store, 2)).isTrue();
        }
    }

    @Test
    void aDamagedRecordIsNotGivenAndItsSegmentIsComputedAgainByTheNextRun() throws IOException {
        try (FeatureStore store = open()) {
            fill(store, 0, 5);
        }
        try (RandomAccessFile file = new RandomAccessFile(onlySegment().toFile(), "rw")) {
            Damage.flip(file, 2 * RECORD + 3);
        }
        try (FeatureStore store = open()) {
            assertThat(gives(store, 1)).isTrue();
            assertThat(gives(store, 2)).isFalse();
        }
        try (FeatureStore next = open()) {
            assertThat(next.contains(key(2))).isFalse();
            fill(next, 0, 5);
            assertThat(gives(next, 2)).isTrue();
        }
    }

    @Test
    void filesMayBeDeletedWhileTheStoreIsOpen() throws IOException {
        try (FeatureStore store = open()) {
            fill(store, 0, 5);
            Files.delete(onlySegment());
            gives(store, 1);
            fill(store, 5, 9);
            assertThat(gives(store, 6)).isTrue();
        }
    }

    @Test
    void theWholeFolderMayBeDeletedAtAnyMoment() throws IOException {
        try (FeatureStore store = open()) {
            store.append(key(0), ByteBuffer.wrap(record(0)));
            deleteAll();
            store.append(key(1), ByteBuffer.wrap(record(1)));
            store.flush();
            assertThat(gives(store, 0)).isFalse();
            deleteAll();
            fill(store, 2, 4);
            assertThat(gives(store, 3)).isTrue();
            deleteAll();
            assertThat(store.bytes()).isZero();
        }
        try (FeatureStore next = open()) {
            assertThat(gives(next, 3)).isFalse();
        }
    }

    private void deleteAll() throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void twoStoresOfOneFolderDoNotDisturbEachOther() {
        try (FeatureStore one = open();
                FeatureStore two = open()) {
            fill(one, 0, 5);
            fill(two, 0, 7);
            assertThat(gives(one, 4) && gives(two, 6)).isTrue();
        }
        try (FeatureStore both = open()) {
            assertThat(gives(both, 0) && gives(both, 6)).isTrue();
        }
    }

    /** Each opens, fills, reads and evicts what the others just made. */
    @Test
    void manyStoresMayTidyUpAtTheSameTime() {
        try (Workers workers = new Workers(4)) {
            workers.forEach(80, i -> {
                try (FeatureStore store = open(i % 2 == 0 ? PREFIX : "cd".repeat(32), 4 * (RECORD + 56))) {
                    fill(store, i, i + 2);
                    // Another one may have evicted it already; if it is there it is right.
                    gives(store, i);
                    gives(store, i - 1);
                    store.bytes();
                }
            });
        }
    }

    @Test
    void aboveTheCapTheSegmentsUnusedForLongestGoFirst() throws IOException {
        try (FeatureStore store = open()) {
            fill(store, 0, 5);
        }
        long one = Files.size(onlySegment());
        Files.setLastModifiedTime(onlySegment(), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        try (FeatureStore store = open()) {
            fill(store, 5, 10);
        }
        for (Path file : files(Segment.SUFFIX)) {
            if (Files.getLastModifiedTime(file)
                    .toInstant()
                    .isAfter(Instant.now().minus(Duration.ofDays(1)))) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
            }
        }
        // This run uses the oldest, so that the other goes.
        try (FeatureStore store = open(PREFIX, 2 * one)) {
            assertThat(gives(store, 0)).isTrue();
            fill(store, 10, 15);
            assertThat(gives(store, 10)).isTrue();
            assertThat(store.bytes()).isEqualTo(3 * one);
        }
        try (FeatureStore store = open()) {
            assertThat(store.bytes()).isEqualTo(2 * one);
            assertThat(gives(store, 0) && gives(store, 10)).isTrue();
            assertThat(gives(store, 5)).isFalse();
        }
    }

    @Test
    void whatThisRunUsesStaysAlsoAboveTheCap() {
        try (FeatureStore store = open(PREFIX, 10)) {
            fill(store, 0, 5);
            assertThat(gives(store, 0)).isTrue();
        }
        try (FeatureStore store = open()) {
            assertThat(gives(store, 0)).isTrue();
        }
    }

    @Test
    void halvesOfKilledProcessesGoWhenTheyAreOld() throws IOException {
        open().close();
        Path folder = root.resolve("features").resolve(PREFIX);
        Path old = Files.writeString(folder.resolve("old" + Segment.HALF_SUFFIX), "half");
        Path young = Files.writeString(folder.resolve("young" + Segment.HALF_SUFFIX), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        open().close();
        assertThat(old).doesNotExist();
        assertThat(young).as("perhaps another process is writing it").exists();
    }

    @Test
    void whatIsNotFlushedLeavesNothingBehind() throws IOException {
        try (FeatureStore store = open()) {
            store.append(key(0), ByteBuffer.wrap(record(0)));
            assertThat(files(Segment.HALF_SUFFIX)).hasSize(1);
        }
        assertThat(files(Segment.HALF_SUFFIX)).isEmpty();
        assertThat(files(Segment.SUFFIX)).isEmpty();
    }

    @Test
    void aFileInPlaceOfTheFolderIsToldWithTheRemedy() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "in the way");
        assertThatThrownBy(() -> FeatureStore.open(file, PREFIX, RECORD, ROOMY))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("cache " + file + ": " + file + "/features: Not a directory; ")
                .hasMessageContaining("--cache DIR")
                .hasMessageContaining("--no-cache");
    }

    /** Two processes may have computed the same: the second segment then covers the first one whole. */
    @Test
    void closingFreesEverySegmentAlsoThoseThatAreCovered() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        Assumptions.assumeTrue(system instanceof UnixOperatingSystemMXBean, "SKIPPED: cannot count open files here");
        UnixOperatingSystemMXBean unix = (UnixOperatingSystemMXBean) system;
        try (FeatureStore one = open();
                FeatureStore two = open()) {
            fill(one, 0, 5);
            fill(two, 0, 5);
        }
        long before = unix.getOpenFileDescriptorCount();
        for (int i = 0; i < 50; i++) {
            open().close();
        }
        assertThat(unix.getOpenFileDescriptorCount()).isLessThan(before + 25);
    }

    @Test
    void recordsOfAnotherSizeAreRefused() {
        try (FeatureStore store = open()) {
            assertThatThrownBy(() -> store.append(key(0), ByteBuffer.allocate(RECORD - 1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatCode(() -> fill(store, 0, 1)).doesNotThrowAnyException();
        }
    }
}
