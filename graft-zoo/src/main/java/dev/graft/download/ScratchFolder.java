package dev.graft.download;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder to make something in that is then moved out of it; deleted when it is closed. What a process left that was
 * killed goes when the next one comes an hour later.
 */
public record ScratchFolder(Path path) implements AutoCloseable {
    private static final String PREFIX = ".making-";
    private static final Duration ABANDONED = Duration.ofHours(1);

    /** An empty one in a folder, on the same disk therefore. */
    public static ScratchFolder in(Path home) throws IOException {
        Files.createDirectories(home);
        Instant old = Instant.now().minus(ABANDONED);
        for (Path path : list(home)) {
            if (path.getFileName().toString().startsWith(PREFIX)
                    && Files.getLastModifiedTime(path).toInstant().isBefore(old)) {
                delete(path);
            }
        }
        return new ScratchFolder(Files.createTempDirectory(home, PREFIX));
    }

    @Override
    public void close() throws IOException {
        delete(path);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
