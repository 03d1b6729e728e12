package dev.graft;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears whole or not at all: it is written under a temporary name beside its place and takes that in one
 * step when it is complete.
 *
 * @param path its place
 * @param option the option of the command line that names the place, for messages; empty where there is none
 * @param verification is given the file under its temporary name before it takes its place
 */
public record WholeFile(Path path, String option, Check verification) {
    private static final int BUFFER = 1 << 16;

    public static WholeFile at(Path path) {
        return new WholeFile(path, "", half -> {});
    }

    /** The same, named by an option of the command line: {@code --out}. */
    public WholeFile namedBy(String option) {
        return new WholeFile(path, option, verification);
    }

    /** The same, looked at before it takes its place. */
    public WholeFile verifiedBy(Check check) {
        return new WholeFile(path, option, check);
    }

    /** Looks at what was written. */
    @FunctionalInterface
    public interface Check {
        /**
         * Reads the file back.
         *
         * @throws GraftException if it is not what it should be
         */
        void check(Path half) throws IOException;
    }

    /** What writes the bytes. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Checks the place, so that what is wrong with it is said before the work and not after it.
     *
     * @throws GraftException if it is a folder or a device, or its folder is missing or must not be written to
     */
    public void check() {
        Path folder = path.toAbsolutePath().getParent();
        if (Files.isDirectory(path) || folder == null) {
            throw new GraftException(path + ": is a folder; give the name of a file" + with());
        }
        if (!Files.exists(folder)) {
            throw new GraftException(path + ": there is no folder " + folder + "; make it, or " + elsewhere());
        }
        if (!Files.isDirectory(folder)) {
            throw new GraftException(path + ": " + folder + " is a file, not a folder; " + elsewhere());
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new GraftException(path + ": is no file that could be replaced; " + elsewhere());
        }
        Path half = half();
        try {
            // By trying: permissions, read-only disks and quotas all count.
            Files.createFile(half);
        } catch (IOException e) {
            throw failure(e);
        } finally {
            delete(half);
        }
    }

    /**
     * Writes the file, in place of one that is there.
     *
     * @throws GraftException if that cannot be done; what was there before is then untouched
     */
    public void write(Content content) {
        write(content, false);
    }

    /**
     * Writes the file so that it is whole on the disk, also after the power fails, before it takes its place.
     *
     * @throws GraftException as {@link #write}
     */
    public void writeThrough(Content content) {
        write(content, true);
    }

    private void write(Content content, boolean through) {
        Path half = half();
        try {
            try (FileChannel file = FileChannel.open(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER)) {
                content.writeTo(out);
                if (through) {
                    out.flush();
                    file.force(true);
                }
            }
            verification.check(half);
            move(half);
        } catch (IOException e) {
            throw failure(e);
        } finally {
            delete(half);
        }
    }

    /** What a user is told when the file cannot be written. */
    public GraftException failure(IOException e) {
        return new GraftException(
                path + ": cannot be written: " + reason(e) + "; make room or allow it, or " + elsewhere(), e);
    }

    /** Why a file could not be written, in a few words. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        if (e instanceof NoSuchFileException) {
            return "no such folder";
        }
        if (e instanceof FileAlreadyExistsException taken) {
            return taken.getFile() + " is a file, not a folder";
        }
        return e instanceof ClosedChannelException ? "it was closed" : String.valueOf(e.getMessage());
    }

    private String elsewhere() {
        return "choose another place" + with();
    }

    private String with() {
        return option.isEmpty() ? "" : " with " + option;
    }

    // Not createTempFile, which lets nobody but the owner read the file.
    private Path half() {
        return path.toAbsolutePath().resolveSibling(".graft-" + UUID.randomUUID() + ".half");
    }

    private void move(Path half) throws IOException {
        try {
            Files.move(half, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(half, path, StandardCopyOption.REPLACE_EXISTING);
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
