package dev.graft.transfer;

import dev.graft.Closing;
import dev.graft.GraftException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Activations of a frozen prefix on disk, by the hash of picture and view. Each process writes segments of its own, and a
 * visible segment is whole and never changes, so several processes may use one store, and any file may be deleted at any
 * moment: what is not there is computed again. Records carry checksums.
 *
 * <p>It may be closed by any thread; later calls throw an {@link IllegalStateException}.
 *
 * <p>Above the cap, the segments that were not used for longest go first; what this run uses stays.
 */
final class FeatureStore implements AutoCloseable {
    private static final long SEGMENT_BYTES = 64L << 20;
    private static final Duration ABANDONED = Duration.ofHours(12);

    private final Path root;
    private final Path folder;
    private final int recordBytes;
    private final long capBytes;
    private final Map<String, Segment> segments = new HashMap<>();
    private final List<Segment> open = new ArrayList<>();
    private final Set<Segment> used = new HashSet<>();
    private Segment.@Nullable Writer writer;
    private final Closing closing = Closing.of("the store of features", this::free);

    private FeatureStore(Path root, Path folder, int recordBytes, long capBytes) {
        this.root = root;
        this.folder = folder;
        this.recordBytes = recordBytes;
        this.capBytes = capBytes;
    }

    /**
     * Opens the store of one prefix.
     *
     * @param root the cache's folder, made where it is missing
     * @param prefixKey hex digits that tell this prefix from all others
     * @param capBytes how much the whole cache may hold
     * @throws GraftException if the folder cannot be made or read
     */
    static FeatureStore open(Path root, String prefixKey, int recordBytes, long capBytes) {
        FeatureStore store = new FeatureStore(root, root.resolve("features").resolve(prefixKey), recordBytes, capBytes);
        try {
            Files.createDirectories(store.folder);
            for (Path file : files(store.folder, Segment.SUFFIX)) {
                store.load(file);
            }
        } catch (IOException e) {
            store.close();
            throw store.failure(e);
        }
        return store;
    }

    /** What is there; a file that another process deletes meanwhile is passed over. */
    private static List<Path> files(Path below, String suffix) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(below, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(suffix)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(found);
        return found;
    }

    /** A damaged segment is dropped, one that cannot be read is passed over: records are computed again. */
    private void load(Path file) throws IOException {
        try {
            Segment segment = Segment.open(file, recordBytes);
            open.add(segment);
            segment.keys().forEach(key -> segments.put(key, segment));
        } catch (Segment.Damaged e) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Gone meanwhile, or too many files are open: as good as not there.
        }
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
        try {
            Files.deleteIfExists(segment.path());
        } catch (IOException e) {
            // It cannot be read and cannot be deleted: its records are computed each time.
        }
    }

    /** Adds a record, which can be read after {@link #flush}. */
    synchronized void append(String key, ByteBuffer record) {
        closing.check();
        try {
            if (writer == null) {
                Files.createDirectories(folder);
                writer = new Segment.Writer(folder, recordBytes);
            }
            writer.append(key, record);
            if (writer.bytes() >= SEGMENT_BYTES) {
                flush();
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Completes the current segment: what was appended is on disk and can be read, also by a later run. */
    synchronized void flush() {
        try (var current = writer) {
            if (current != null) {
                load(current.finish());
            }
        } catch (NoSuchFileException e) {
            // Somebody emptied the cache meanwhile: what was in this segment is computed when it is needed.
        } catch (IOException | UncheckedIOException e) {
            throw failure(e);
        } finally {
            writer = null;
        }
    }

    /** The bytes of the whole cache on disk. */
    long bytes() {
        try {
            long sum = 0;
            for (Path file : files(root, Segment.SUFFIX)) {
                sum += Files.size(file);
            }
            return sum;
        } catch (IOException e) {
            // Somebody deletes files meanwhile: what remains is counted next time.
            return 0;
        }
    }

    /** Marks the segments that this run used and deletes the oldest others while the cache is above its cap. */
    private void evict() throws IOException {
        Set<Path> kept = new HashSet<>();
        for (Segment segment : used) {
            kept.add(segment.path());
            if (Files.exists(segment.path())) {
                Files.setLastModifiedTime(segment.path(), FileTime.from(Instant.now()));
            }
        }
        Map<Path, FileTime> times = new HashMap<>();
        long sum = 0;
        for (Path file : files(root, Segment.SUFFIX)) {
            times.put(file, Files.getLastModifiedTime(file));
            sum += Files.size(file);
        }
        for (Path file :
                times.keySet().stream().sorted(Comparator.comparing(times::get)).toList()) {
            if (sum > capBytes && !kept.contains(file)) {
                sum -= Files.size(file);
                Files.deleteIfExists(file);
            }
        }
        Instant abandoned = Instant.now().minus(ABANDONED);
        for (Path half : files(root, Segment.HALF_SUFFIX)) {
            if (Files.getLastModifiedTime(half).toInstant().isBefore(abandoned)) {
                Files.deleteIfExists(half);
            }
        }
    }

    private GraftException failure(Exception cause) {
        return new GraftException(
                "cache " + root + ": " + reason(cause)
                        + "; free some space, choose another folder with --cache DIR, or use --no-cache",
                cause);
    }

    private static String reason(Exception cause) {
        return cause instanceof AccessDeniedException denied
                ? "no permission for " + denied.getFile()
                : String.valueOf(cause.getMessage());
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
            evict();
        } catch (IOException e) {
            // Another process tidies up at the same time; the next run goes on from there.
        }
        open.forEach(Segment::close);
        open.clear();
        segments.clear();
    }
}
