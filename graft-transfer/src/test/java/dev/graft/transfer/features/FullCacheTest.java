package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache that cannot be written, or no more: the store tells it once, gives what it has and keeps nothing. */
class FullCacheTest extends FeatureStoreFixture {
    /** So many bytes are left; what is deleted or cut off is not given back. */
    private long free;

    private FeatureStore onDisk(long bytes) {
        free = bytes;
        return FeatureStore.open(
                new CacheRoom(root, ROOMY),
                new FeatureStore.Kind(PREFIX, RECORD),
                message -> told.add(message.toString()),
                half -> new Limited(
                        Files.newByteChannel(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)));
    }

    /** A file on a disk that fills: it writes what there is room for, then fails as Linux does. */
    private class Limited implements SeekableByteChannel {
        private final SeekableByteChannel file;

        Limited(SeekableByteChannel file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (free <= 0) {
                throw new IOException("No space left on device");
            }
            int length = (int) Math.min(free, bytes.remaining());
            ByteBuffer part = bytes.slice(bytes.position(), length);
            free -= length;
            bytes.position(bytes.position() + length);
            return file.write(part);
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            free += Math.max(0, file.size() - size);
            file.truncate(size);
            return this;
        }

        @Override
        public int read(ByteBuffer bytes) throws IOException {
            return file.read(bytes);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            file.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private void assertToldOnce(String what) {
        assertThat(told).singleElement().satisfies(line -> assertThat(line)
                .contains("cache " + root, what, "keeps nothing more", "cache DIR", "no-cache")
                .doesNotContain("\n"));
    }

    /** The records before the full disk, less those whose place the index takes; whatever room there is for half a record. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, RECORD - 1})
    void whatWasKeptUntilTheDiskWasFullStays(int more) throws IOException {
        try (FeatureStore store = onDisk(10 * RECORD + more)) {
            fill(store, 0, 20);
            assertThat(store.keeps()).isFalse();
            assertThat(gives(store, 0) && gives(store, 2)).isTrue();
            assertThat(gives(store, 10)).isFalse();
            fill(store, 20, 22);
            assertThat(gives(store, 20)).isFalse();
        }
        assertToldOnce("No space left on device");
        assertThat(files(Segment.HALF_SUFFIX)).isEmpty();
        try (FeatureStore later = open()) {
            // 10 records of 64 bytes; 10 entries of 36 and a trailer of 20 are 380, the place of 6.
            assertThat(gives(later, 3)).isTrue();
            assertThat(gives(later, 4)).isFalse();
        }
    }

    @Test
    void aDiskThatIsFullForTheIndexOnlyLosesNoMoreThanThat() throws IOException {
        try (FeatureStore store = onDisk(12 * RECORD)) {
            fill(store, 0, 12);
        }
        // 12 entries of 36 and a trailer of 20 are 452 bytes, the place of 8 records.
        try (FeatureStore later = open()) {
            assertThat(gives(later, 3)).isTrue();
            assertThat(gives(later, 4)).isFalse();
        }
        assertThat(files(Segment.HALF_SUFFIX)).isEmpty();
    }

    @Test
    void whereNotEvenTheIndexOfOneFitsNothingIsLeftBehind() throws IOException {
        try (FeatureStore store = onDisk(10)) {
            fill(store, 0, 2);
            assertThat(gives(store, 0)).isFalse();
        }
        assertToldOnce("No space left on device");
        assertThat(files(Segment.HALF_SUFFIX)).isEmpty();
        assertThat(files(Segment.SUFFIX)).isEmpty();
    }

    /** What nobody used for long goes before anything new is given up. */
    @Test
    void aFullDiskTakesTheRoomOfOldSegments() throws IOException {
        try (FeatureStore old = open("cd".repeat(32), ROOMY)) {
            fill(old, 0, 5);
        }
        Path segment = onlySegment();
        Files.setLastModifiedTime(segment, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        try (FeatureStore store = FeatureStore.open(
                new CacheRoom(root, ROOMY),
                new FeatureStore.Kind(PREFIX, RECORD),
                message -> told.add(message.toString()),
                half ->
                        new Limited(
                                Files.newByteChannel(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                            @Override
                            public int write(ByteBuffer bytes) throws IOException {
                                free = Files.exists(segment) ? 0 : ROOMY;
                                return super.write(bytes);
                            }
                        })) {
            fill(store, 0, 5);
            assertThat(store.keeps()).isTrue();
            assertThat(gives(store, 4)).isTrue();
        }
        assertThat(told).isEmpty();
        assertThat(segment).doesNotExist();
    }

    @Test
    void aFileInPlaceOfTheFolderIsTold() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "in the way");
        try (FeatureStore store = open(file, PREFIX, ROOMY)) {
            assertThat(store.keeps()).isFalse();
            fill(store, 0, 2);
            assertThat(gives(store, 0)).isFalse();
            assertThat(store.bytes()).isZero();
        }
        assertToldOnce("file");
        assertThat(file).hasContent("in the way");
    }

    @Test
    void aFolderThatMayOnlyBeReadGivesWhatItHas() throws IOException {
        try (FeatureStore store = open()) {
            fill(store, 0, 5);
        }
        Path folder = onlySegment().getParent();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        Assumptions.assumeFalse(Files.isWritable(folder), "SKIPPED: this user (root?) may write everywhere");
        try (FeatureStore store = open()) {
            assertThat(gives(store, 4)).isTrue();
            fill(store, 5, 7);
            assertThat(gives(store, 5)).isFalse();
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        assertToldOnce("no permission for " + folder);
        assertThat(files(".features")).isEqualTo(List.of(onlySegment()));
    }
}
