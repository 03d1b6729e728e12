package dev.graft.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that tests fill, look into and empty. */
public final class Folders {
    private Folders() {}

    /** Whether files can have such a name in this locale. */
    public static boolean canName(String name) {
        try {
            return Path.of(name).toString().equals(name);
        } catch (InvalidPathException unmappable) {
            return false;
        }
    }

    /** Makes files with something in them that is nothing in particular. */
    public static void fill(Path folder, String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
    }

    /** The files below a folder whose names end so, sorted. */
    public static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /** Deletes a folder with all that is in it, as far as others who write to it meanwhile let it. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
