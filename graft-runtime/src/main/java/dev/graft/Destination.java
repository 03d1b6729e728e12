package dev.graft;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where what is written to a path ends: symbolic links are followed, also to a file that is not there yet.
 *
 * @param path where the last link points to
 * @param stream whether that is an open descriptor, a device or a pipe, which is written to and never replaced
 */
public record Destination(Path path, boolean stream) {
    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;
    /** What lies there looks like links to files, but stands for what is open already. */
    private static final Pattern DESCRIPTORS = Pattern.compile("/proc/\\d+(/task/\\d+)?/fd|/dev/fd");

    /**
     * Follows the links.
     *
     * @throws FileSystemLoopException if they lead in a circle
     */
    public static Destination of(Path path) throws IOException {
        Path place = path.toAbsolutePath();
        for (int links = 0; links <= MOST_LINKS; links++) {
            if (DESCRIPTORS.matcher(realFolder(place)).matches()) {
                return new Destination(place, true);
            }
            if (!Files.isSymbolicLink(place)) {
                return new Destination(place, isStream(place));
            }
            place = place.resolveSibling(Files.readSymbolicLink(place));
        }
        throw new FileSystemLoopException(path.toString());
    }

    /** 1 for this process's standard output, 2 for its standard error, 0 for anything else. */
    public int standard() {
        String name = String.valueOf(path.getFileName());
        boolean own = realFolder(path).equals(realFolder(Path.of("/proc/self/fd/1")))
                || realFolder(path).equals("/dev/fd");
        return stream && own && name.matches("[12]") ? Integer.parseInt(name) : 0;
    }

    private static boolean isStream(Path place) {
        return Files.exists(place) && !Files.isRegularFile(place) && !Files.isDirectory(place);
    }

    private static String realFolder(Path place) {
        Path folder = place.getParent();
        try {
            return folder == null ? "" : folder.toRealPath().toString();
        } catch (IOException e) {
            return "";
        }
    }
}
