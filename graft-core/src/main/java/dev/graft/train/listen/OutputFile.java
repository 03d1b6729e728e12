package dev.graft.train.listen;

import dev.graft.GraftException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Where listeners write: what is wrong with a place is said before training, and a file appears whole or not at all. */
final class OutputFile {
    private OutputFile() {}

    interface Content {
        void write(OutputStream out) throws IOException;
    }

    /**
     * Checks a place for a file.
     *
     * @throws GraftException if it is a folder, or its folder is missing or must not be written to
     */
    static void check(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null) {
            throw new GraftException(file + ": expected the name of a file, got a folder; add a name to it");
        }
        if (!Files.exists(folder)) {
            throw new GraftException(
                    file + ": there is no folder " + folder + "; make it before training, or choose another place");
        }
        if (!Files.isDirectory(folder)) {
            throw new GraftException(file + ": " + folder + " is a file, not a folder; choose another place");
        }
        Path half = half(file);
        try {
            // By trying: permissions, read-only disks and quotas all count.
            Files.createFile(half);
        } catch (IOException e) {
            throw failure(file, e);
        } finally {
            delete(half);
        }
    }

    /** Writes a file under another name, which then becomes the one that was there in one step. */
    static void replace(Path file, Content content) {
        Path half = half(file);
        try {
            try (OutputStream out =
                    new BufferedOutputStream(Files.newOutputStream(half, StandardOpenOption.CREATE_NEW))) {
                content.write(out);
            }
            move(half, file);
        } catch (IOException e) {
            throw failure(file, e);
        } finally {
            delete(half);
        }
    }

    static GraftException failure(Path file, IOException e) {
        return new GraftException(
                file + ": cannot be written: " + reason(e) + "; make room or allow it, or choose another place", e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        if (e instanceof FileAlreadyExistsException taken) {
            return taken.getFile() + " is a file, not a folder";
        }
        return e instanceof ClosedChannelException ? "it was closed" : String.valueOf(e.getMessage());
    }

    // Not createTempFile, which lets nobody but the owner read the file.
    private static Path half(Path file) {
        return file.toAbsolutePath().resolveSibling(".graft-" + UUID.randomUUID() + ".half");
    }

    private static void move(Path half, Path file) throws IOException {
        try {
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path half) {
        try {
            Files.deleteIfExists(half);
        } catch (IOException e) {
            // The file itself is whole or was never there; a leftover of this name is harmless.
        }
    }
}
