package dev.graft.transfer.features;

import dev.graft.FileBlocks;
import dev.graft.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One file of the feature store: records of equal size, then their index, then a trailer. Written once under a temporary
 * name and renamed when complete, so a segment that can be seen is whole; never changed afterwards. Little-endian:
 *
 * <pre>
 * record 0 … record n-1                  recordBytes each
 * n × (key 32 bytes, crc32c 4 bytes)     the index
 * n, recordBytes, crc32c of the index, version, "GRFT"   five ints
 * </pre>
 */
final class Segment implements AutoCloseable {
    static final String SUFFIX = ".features";
    static final String HALF_SUFFIX = ".half";

    private static final int VERSION = 1;
    private static final int MAGIC = 0x54465247;
    private static final int ENTRY_BYTES = Sha256.BYTES + Integer.BYTES;
    private static final int TRAILER_BYTES = 5 * Integer.BYTES;

    private record Entry(long position, int crc) {}

    /** A file that is not what it should be, as against one that cannot be read just now. */
    static final class Damaged extends IOException {
        private static final long serialVersionUID = 1L;

        Damaged(String what) {
            super(what);
        }
    }

    private final Path path;
    private final FileChannel channel;
    private final Map<String, Entry> entries;
    private final int recordBytes;

    private Segment(Path path, FileChannel channel, Map<String, Entry> entries, int recordBytes) {
        this.path = path;
        this.channel = channel;
        this.entries = entries;
        this.recordBytes = recordBytes;
    }

    /**
     * Opens a complete segment.
     *
     * @throws Damaged if it is no whole segment of such records
     * @throws IOException if it cannot be read
     */
    static Segment open(Path path, int recordBytes) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new Segment(path, channel, readIndex(path, channel, recordBytes), recordBytes);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Map<String, Entry> readIndex(Path path, FileChannel channel, int recordBytes) throws IOException {
        long size = channel.size();
        if (size < TRAILER_BYTES) {
            throw new Damaged(path + ": too short");
        }
        ByteBuffer trailer = FileBlocks.read(channel, size - TRAILER_BYTES, TRAILER_BYTES);
        int count = trailer.getInt();
        int bytes = trailer.getInt();
        int crc = trailer.getInt();
        long expected = (long) count * (recordBytes + ENTRY_BYTES) + TRAILER_BYTES;
        if (trailer.getInt() != VERSION || trailer.getInt() != MAGIC || bytes != recordBytes || size != expected) {
            throw new Damaged(path + ": no segment of this store");
        }
        ByteBuffer index = FileBlocks.read(channel, (long) count * recordBytes, count * ENTRY_BYTES);
        if (FileBlocks.crc32c(index) != crc) {
            throw new Damaged(path + ": damaged index");
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        byte[] key = new byte[Sha256.BYTES];
        for (int i = 0; i < count; i++) {
            index.get(key);
            entries.put(HexFormat.of().formatHex(key), new Entry((long) i * recordBytes, index.getInt()));
        }
        return entries;
    }

    Iterable<String> keys() {
        return entries.keySet();
    }

    Path path() {
        return path;
    }

    /** Reads one record; false if it is damaged or gone. */
    boolean read(String key, ByteBuffer into) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return false;
        }
        try {
            ByteBuffer record = FileBlocks.read(channel, entry.position(), recordBytes);
            if (FileBlocks.crc32c(record) != entry.crc()) {
                return false;
            }
            into.put(record);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it can be read: closing it, or an interrupt while it is read, says nothing of its records. */
    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It was only read.
        }
    }

    /** Writes a segment, one record after the other. Not for several threads at once. */
    static final class Writer implements AutoCloseable {
        private final Path half;
        private final Path path;
        private final SeekableByteChannel channel;
        private final int recordBytes;
        private final List<String> keys = new ArrayList<>();
        private final List<Integer> crcs = new ArrayList<>();

        Writer(Path folder, int recordBytes, FeatureStore.Creator creator) throws IOException {
            String name = UUID.randomUUID().toString();
            this.half = folder.resolve(name + HALF_SUFFIX);
            this.path = folder.resolve(name + SUFFIX);
            this.channel = creator.create(half);
            this.recordBytes = recordBytes;
        }

        /** Adds a record; one that cannot be written leaves those before it as they were. */
        void append(String key, ByteBuffer record) throws IOException {
            if (record.remaining() != recordBytes) {
                throw new IllegalArgumentException("a record has " + recordBytes + " bytes, got " + record.remaining());
            }
            int crc = FileBlocks.crc32c(record);
            write(record);
            crcs.add(crc);
            keys.add(key);
        }

        long bytes() {
            return (long) keys.size() * recordBytes;
        }

        /** Gives up as many records as the index needs of their place, where the disk is full. */
        void shorten() throws IOException {
            int given = (keys.size() * ENTRY_BYTES + TRAILER_BYTES) / recordBytes + 1;
            int left = Math.max(0, keys.size() - given);
            keys.subList(left, keys.size()).clear();
            crcs.subList(left, crcs.size()).clear();
            channel.truncate(bytes()).position(bytes());
        }

        /** Completes the segment and makes it visible; where that fails it can be tried again. */
        Path finish() throws IOException {
            ByteBuffer index = ByteBuffer.allocate(keys.size() * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < keys.size(); i++) {
                index.put(HexFormat.of().parseHex(keys.get(i))).putInt(crcs.get(i));
            }
            index.flip();
            ByteBuffer end = ByteBuffer.allocate(index.remaining() + TRAILER_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(index.duplicate());
            end.putInt(keys.size()).putInt(recordBytes).putInt(FileBlocks.crc32c(index));
            end.putInt(VERSION).putInt(MAGIC).flip();
            write(end);
            channel.close();
            Files.move(half, path, StandardCopyOption.ATOMIC_MOVE);
            return path;
        }

        /** All of it after the records that are whole, or nothing. */
        private void write(ByteBuffer bytes) throws IOException {
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                channel.truncate(bytes()).position(bytes());
                throw e;
            }
        }

        /** Drops what was not finished. */
        @Override
        public void close() {
            try {
                channel.close();
                Files.deleteIfExists(half);
            } catch (IOException e) {
                // It goes when it is old.
            }
        }
    }
}
