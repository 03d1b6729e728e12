package dev.graft.cli;

import dev.graft.GraftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a file that a command is to write at its end can be written: asked before the work begins. */
final class OutputFile {
    private OutputFile() {}

    /**
     * Checks a place for a file.
     *
     * @param option what to change if it is no good
     * @throws GraftException if it is a folder, or its folder is missing or must not be written to
     */
    static void check(Path file, String option) {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (Files.isDirectory(absolute) || folder == null) {
            throw new GraftException(file + ": is a folder; give the name of a file with " + option);
        }
        if (!Files.exists(folder)) {
            throw new GraftException(
                    file + ": there is no folder " + folder + "; make it, or choose another place with " + option);
        }
        if (!Files.isDirectory(folder)) {
            throw new GraftException(file + ": " + folder + " is a file; choose another place with " + option);
        }
        boolean replaceable = !Files.exists(absolute) || Files.isRegularFile(absolute);
        if (!replaceable || !isWritable(folder)) {
            throw new GraftException(
                    file + ": no permission to write it; allow it, or choose another place with " + option);
        }
    }

    /** By trying: permissions, read-only disks and quotas all count. */
    private static boolean isWritable(Path folder) {
        try {
            Files.delete(Files.createTempFile(folder, ".graft-", ".tmp"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // A leftover harms nobody, and what went wrong before matters more.
        }
    }
}
