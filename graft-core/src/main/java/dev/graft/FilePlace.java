package dev.graft;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a path leads when its links are followed by hand, as the system does not tell a file from a descriptor that is
 * open on it.
 *
 * @param path where the last link points to, absolute; there may be nothing yet
 * @param attributes of what is there; null where nothing is
 * @param descriptor the number of this process's descriptor that it names, such as 1 for {@code /dev/stdout}; -1 for
 *     none
 */
record FilePlace(Path path, @Nullable BasicFileAttributes attributes, int descriptor) {
    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private static final Pattern DESCRIPTORS = Pattern.compile("/proc/(\\d+)(/task/\\d+)?/fd|/dev/fd");
    private static final int NONE = -1;
    /** A descriptor of another process, which is a stream all the same. */
    private static final int FOREIGN = Integer.MAX_VALUE;

    /**
     * Follows all links.
     *
     * @throws IOException if they lead in a circle, or the system refuses the name
     */
    static FilePlace of(Path named) throws IOException {
        Path path = named.toAbsolutePath();
        for (int links = 0; links <= MOST_LINKS; links++) {
            int descriptor = descriptorAt(path);
            BasicFileAttributes found = attributes(path);
            if (descriptor != NONE || found == null || !found.isSymbolicLink()) {
                return new FilePlace(path, found, descriptor);
            }
            path = path.resolveSibling(Files.readSymbolicLink(path));
        }
        throw new FileSystemLoopException(named.toString());
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static int descriptorAt(Path path) {
        Path folder = path.getParent();
        Path name = path.getFileName();
        if (folder == null || name == null || !name.toString().matches("\\d{1,9}")) {
            return NONE;
        }
        try {
            Matcher matcher = DESCRIPTORS.matcher(folder.toRealPath().toString());
            if (!matcher.matches()) {
                return NONE;
            }
            String process = matcher.group(1);
            boolean own = process == null
                    || process.equals(Long.toString(ProcessHandle.current().pid()));
            return own ? Integer.parseInt(name.toString()) : FOREIGN;
        } catch (IOException e) {
            return NONE;
        }
    }

    /** Whether bytes can only flow into it: a descriptor, a pipe, a device. */
    boolean isStream() {
        return descriptor != NONE || (attributes != null && attributes.isOther());
    }

    boolean isFolder() {
        return attributes != null && attributes.isDirectory() && !isStream();
    }

    /** Whether a file is there, which a new one would replace. */
    boolean isFile() {
        return attributes != null && attributes.isRegularFile() && !isStream();
    }
}
