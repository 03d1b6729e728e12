package dev.graft.transfer.features;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a cache takes of its disk, and which segments go when that is too much: those that were not used for longest.
 *
 * @param root the folder of the whole cache
 * @param capBytes how much it may hold
 */
record CacheRoom(Path root, long capBytes) {
    private static final Duration ABANDONED = Duration.ofHours(12);

    /** What was made or used in this time may belong to this run's next phase, or to another process. */
    private static final Duration RECENT = Duration.ofHours(1);

    /** Segments by their age, the oldest first. */
    private static final Comparator<Map.Entry<Path, FileTime>> OLDEST_FIRST = Map.Entry.comparingByValue();

    /** The bytes of the whole cache. */
    long bytes() {
        try {
            return size(files(root, Segment.SUFFIX));
        } catch (IOException e) {
            // Somebody deletes files meanwhile: what remains is counted next time.
            return 0;
        }
    }

    /** Marks the segments that a run used, deletes others while the cache is above its cap, and what was never finished. */
    void tidy(Set<Path> used) throws IOException {
        for (Path file : used) {
            if (Files.exists(file)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            }
        }
        free(size(files(root, Segment.SUFFIX)) - capBytes, used, Instant.MAX);
        Instant abandoned = Instant.now().minus(ABANDONED);
        for (Path half : files(root, Segment.HALF_SUFFIX)) {
            if (Files.getLastModifiedTime(half).toInstant().isBefore(abandoned)) {
                Files.deleteIfExists(half);
            }
        }
    }

    /**
     * Makes room on a full disk: deletes segments that nobody used for some time, until so many bytes are free.
     *
     * @param kept stay in any case
     * @return whether anything was deleted
     */
    boolean free(long bytes, Set<Path> kept) throws IOException {
        return free(bytes, kept, Instant.now().minus(RECENT)) > 0;
    }

    /** Deletes segments but for some, the oldest first; gives the bytes that became free. */
    private long free(long bytes, Set<Path> kept, Instant before) throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        for (Path file : files(root, Segment.SUFFIX)) {
            times.put(file, Files.getLastModifiedTime(file));
        }
        long freed = 0;
        for (Map.Entry<Path, FileTime> entry :
                times.entrySet().stream().sorted(OLDEST_FIRST).toList()) {
            Path file = entry.getKey();
            if (freed < bytes
                    && !kept.contains(file)
                    && entry.getValue().toInstant().isBefore(before)) {
                long size = Files.size(file);
                Files.deleteIfExists(file);
                freed += size;
            }
        }
        return freed;
    }

    private static long size(List<Path> files) throws IOException {
        long sum = 0;
        for (Path file : files) {
            sum += Files.size(file);
        }
        return sum;
    }

    /** What is there; a file that another process deletes meanwhile is passed over. */
    static List<Path> files(Path below, String suffix) throws IOException {
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
}
