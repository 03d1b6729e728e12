package dev.graft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Tells files that can be read to their end from what else a path may lead to. To open a named pipe already waits until
 * somebody writes into it, so whatever is read from is looked at here before.
 */
public final class RegularFile {
    private static final int KIND = 0170000;

    private RegularFile() {}

    /**
     * What is in the way of reading a file, in a few words: {@code a folder, not a file}; empty for a regular file, also
     * behind links.
     */
    public static Optional<String> obstacle(Path path) {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return found.isRegularFile()
                    ? Optional.empty()
                    : Optional.of(found.isDirectory() ? "a folder, not a file" : special(path));
        } catch (IOException unreachable) {
            return Optional.of(brokenLink(path).orElseGet(() -> missing(path)));
        }
    }

    /**
     * Refuses what is there and is no regular file. A file that is missing or must not be read is left to whoever opens it,
     * who has more to say of it.
     *
     * @param remedy what to do, for the message
     * @throws GraftException naming the path and what it is
     */
    public static void require(Path path, String remedy) {
        boolean there = Files.exists(path) || Files.isSymbolicLink(path);
        if (there && !Files.isRegularFile(path)) {
            obstacle(path).ifPresent(what -> {
                throw new GraftException(FileName.shown(path) + ": is " + what + "; " + remedy);
            });
        }
    }

    /** What is wrong with a link that leads to nothing; empty where there is none. */
    public static Optional<String> brokenLink(Path path) {
        if (!Files.isSymbolicLink(path) || Files.exists(path)) {
            return Optional.empty();
        }
        try {
            Path target = Files.readSymbolicLink(path);
            return Optional.of(
                    isCircular(path) ? "a circular link" : "a link to nowhere (" + FileName.shown(target) + ")");
        } catch (IOException unreadable) {
            return Optional.of("a broken link");
        }
    }

    /** Whether links lead back to one of themselves: more of them than any system follows. */
    private static boolean isCircular(Path path) throws IOException {
        Path at = path;
        for (int step = 0; step < 64; step++) {
            if (!Files.isSymbolicLink(at)) {
                return false;
            }
            at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
        }
        return true;
    }

    private static String missing(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? "out of reach" : "no such file";
    }

    private static String special(Path path) {
        try {
            int mode = (Integer) Files.getAttribute(path, "unix:mode");
            return switch (mode & KIND) {
                case 0010000 -> "a pipe, not a file";
                case 0020000, 0060000 -> "a device, not a file";
                case 0140000 -> "a socket, not a file";
                default -> "no regular file";
            };
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException elsewhere) {
            return "no regular file";
        }
    }
}
