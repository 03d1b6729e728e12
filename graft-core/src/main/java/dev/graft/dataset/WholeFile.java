package dev.graft.dataset;

import dev.graft.GraftException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file under a temporary name beside its place and renames it when it is whole. */
final class WholeFile {
    private static final int BUFFER = 1 << 16;

    private WholeFile() {}

    /** What writes the bytes. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** @throws GraftException if it cannot be written; a file that was there before is then untouched */
    static void write(Path file, Content content) {
        Path half = file.toAbsolutePath().resolveSibling(".graft-" + UUID.randomUUID() + ".half");
        try {
            try (OutputStream out =
                    new BufferedOutputStream(Files.newOutputStream(half, StandardOpenOption.CREATE_NEW), BUFFER)) {
                content.writeTo(out);
            }
            move(half, file);
        } catch (IOException e) {
            throw new GraftException(
                    file + ": cannot be written: " + reason(e) + "; choose another place, or make room", e);
        } finally {
            delete(half);
        }
    }

    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        return e instanceof NoSuchFileException ? "no such folder" : String.valueOf(e.getMessage());
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
