package dev.graft.transfer.features;

import dev.graft.Closing;
import dev.graft.Message;
import dev.graft.WholeFile;
import dev.graft.transfer.config.RunSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Activations of a frozen prefix on disk, by the hash of picture and view. Each process writes segments of its own, and a
 * visible segment is whole and never changes, so several processes may use one store, and any file may be deleted at any
 * moment: what is not there is computed again. Records carry checksums.
 *
 * <p>It may be closed by any thread; later calls throw an {@link IllegalStateException}.
 *
 * <p>Nothing ends a run here: a folder that cannot be written or a disk that is full is told once, what is there can
 * still be read, and nothing more is kept.
 *
 * <p>Above the cap, and on a full disk, the segments that were not used for longest go first; what this run uses stays.
 */
public final class FeatureStore implements AutoCloseable {
    private static final long SEGMENT_BYTES = 64L << 20;

    /** Makes the file of a segment that is being written. */
    interface Creator {
        SeekableByteChannel create(Path half) throws IOException;
    }

    /** What tells this store from others, and its records from those of another network. */
    record Kind(String prefixKey, int recordBytes) {}

    private final CacheRoom room;
    private final Path folder;
    private final int recordBytes;
    private final Consumer<Message> told;
    private final Creator creator;
    private final Map<String, Segment> segments = new HashMap<>();
    private final List<Segment> open = new ArrayList<>();
    private final Set<Segment> used = new HashSet<>();
    private Segment.@Nullable Writer writer;
    private final Closing closing = Closing.of("the store of features", this::free);
    private volatile boolean keeps = true;

    private FeatureStore(CacheRoom room, Kind kind, Consumer<Message> told, Creator creator) {
        this.room = room;
        this.folder = room.root().resolve("features").resolve(kind.prefixKey());
        this.recordBytes = kind.recordBytes();
        this.told = told;
        this.creator = creator;
    }

    /**
     * Opens the store of one prefix.
     *
     * @param room the cache's folder, made where it is missing
     * @param kind a prefix, by hex digits that tell it from all others
     * @param told is given one line when nothing (more) can be kept
     */
    static FeatureStore open(CacheRoom room, Kind kind, Consumer<Message> told) {
        return open(
                room,
                kind,
                told,
                half -> Files.newByteChannel(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    static FeatureStore open(CacheRoom room, Kind kind, Consumer<Message> told, Creator creator) {
        FeatureStore store = new FeatureStore(room, kind, told, creator);
        try {
            Files.createDirectories(store.folder);
            if (!Files.isWritable(store.folder)) {
                throw new AccessDeniedException(store.folder.toString());
            }
        } catch (IOException e) {
            store.lose(e);
        }
        try {
            for (Path file : CacheRoom.files(store.folder, Segment.SUFFIX)) {
                store.load(file);
            }
        } catch (IOException e) {
            // What cannot be listed is as good as not there.
        }
        return store;
    }

    /** A damaged segment is dropped, one that cannot be read is passed over: records are computed again. */
    private void load(Path file) {
        try {
            Segment segment = Segment.open(file, recordBytes);
            open.add(segment);
            segment.keys().forEach(key -> segments.put(key, segment));
        } catch (Segment.Damaged e) {
            delete(file);
        } catch (IOException e) {
            // Gone meanwhile, or too many files are open: as good as not there.
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It cannot be read and cannot be deleted: its records are computed each time.
        }
    }

    /** Whether what is appended is kept. */
    boolean keeps() {
        return keeps;
    }

    /** Whether there is nothing to read, so far. */
    synchronized boolean isEmpty() {
        return segments.isEmpty();
    }

    synchronized boolean contains(String key) {
        closing.check();
        return segments.containsKey(key);
    }

    /** Reads one record; false if it is not there any more or damaged. Damaged segments go, to be computed again. */
    boolean read(String key, ByteBuffer into) {
        Segment segment;
        synchronized (this) {
            closing.check();
            segment = segments.get(key);
            if (segment == null) {
                return false;
            }
            used.add(segment);
        }
        if (segment.read(key, into)) {
            return true;
        }
        closing.check();
        if (segment.isOpen()) {
            drop(segment);
        }
        return false;
    }

    private synchronized void drop(Segment segment) {
        segments.values().removeIf(segment::equals);
        delete(segment.path());
    }

    /** Adds a record, which can be read after {@link #flush}. */
    synchronized void append(String key, ByteBuffer record) {
        closing.check();
        if (!keeps) {
            return;
        }
        try {
            if (writer == null) {
                Files.createDirectories(folder);
                writer = new Segment.Writer(folder, recordBytes, creator);
            }
            append(writer, key, record);
            if (writer.bytes() >= SEGMENT_BYTES) {
                flush();
            }
        } catch (IOException e) {
            lose(e);
        }
    }

    private void append(Segment.Writer current, String key, ByteBuffer record) throws IOException {
        try {
            current.append(key, record.duplicate());
        } catch (IOException e) {
            if (!makesRoom(e)) {
                throw e;
            }
            current.append(key, record.duplicate());
        }
    }

    /** Completes the current segment: what was appended is on disk and can be read, also by a later run. */
    synchronized void flush() {
        try (var current = writer) {
            if (current != null) {
                load(finish(current));
            }
        } catch (NoSuchFileException e) {
            // Somebody emptied the cache meanwhile: what was in this segment is computed when it is needed.
        } catch (IOException e) {
            lose(e);
        } finally {
            writer = null;
        }
    }

    private Path finish(Segment.Writer current) throws IOException {
        try {
            return current.finish();
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            if (!makesRoom(e)) {
                // The index takes the place of the last records.
                current.shorten();
            }
            return current.finish();
        }
    }

    /** What others left unused for long makes room for what this run needs. */
    private boolean makesRoom(IOException e) throws IOException {
        return isFull(e) && room.free(SEGMENT_BYTES, paths(open));
    }

    /** The system's own words may be in any language, so that the free space is asked for too. */
    private boolean isFull(IOException e) throws IOException {
        String reason = String.valueOf(e.getMessage());
        return reason.contains("No space left")
                || reason.contains("quota")
                || Files.getFileStore(folder).getUsableSpace() < recordBytes;
    }

    /** Keeps nothing from now on but what was appended before. */
    private void lose(IOException e) {
        if (!keeps) {
            return;
        }
        keeps = false;
        told.accept(new Message(
                "cache " + room.root() + ": " + reason(e) + "; the run goes on and keeps nothing more there. Make"
                        + " room or allow it, choose another folder with " + RunSettings.CACHE.named() + " DIR, or use "
                        + RunSettings.NO_CACHE.named()));
        flush();
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException denied
                ? "no permission for " + denied.getFile()
                : WholeFile.reason(e);
    }

    private static Set<Path> paths(Collection<Segment> segments) {
        return segments.stream().map(Segment::path).collect(Collectors.toSet());
    }

    /** The bytes of the whole cache on disk. */
    long bytes() {
        return room.bytes();
    }

    @Override
    public void close() {
        closing.close();
    }

    private synchronized void free() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
        try {
            room.tidy(paths(used));
        } catch (IOException e) {
            // Another process tidies up at the same time, or it is not ours to change; the next run goes on from there.
        }
        open.forEach(Segment::close);
        open.clear();
        segments.clear();
    }
}
