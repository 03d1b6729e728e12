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
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A file that appears whole or not at all: it is written under a temporary name beside its place and takes that in one
 * step when it is complete. Where the place is a symbolic link, the file behind it is meant and the link stays. A file
 * that is replaced hands on its permissions, and its owner and group where that is allowed.
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
         * Reads the file back; what it throws, the writer's caller gets, and the old file stays.
         *
         * @param half the file under its temporary name
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
     * @throws GraftException if it is a folder, a device or a pipe, or its folder is missing or must not be written to
     */
    public void check() {
        Path place = place();
        Path folder = place.getParent();
        String linked = place.equals(path.toAbsolutePath()) ? "" : "is a link to " + place + ", but ";
        if (folder == null || !Files.exists(folder)) {
            throw new GraftException(
                    path + ": " + linked + "there is no folder " + folder + "; make it, or " + elsewhere());
        }
        if (!Files.isDirectory(folder)) {
            throw new GraftException(path + ": " + linked + folder + " is a file, not a folder; " + elsewhere());
        }
        Path half = half(place);
        try {
            lookFor(place);
            // By trying: permissions, read-only disks and quotas all count.
            Files.createFile(half);
        } catch (IOException e) {
            throw failure(e);
        } finally {
            delete(half);
        }
    }

    /** The temporary name is short, so that only this tells of a name that is too long. */
    private static void lookFor(Path place) throws IOException {
        try {
            Files.readAttributes(place, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            // It will be made.
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
        Path place = place();
        Path half = half(place);
        try {
            try (FileChannel file = FileChannel.open(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER)) {
                // At once: what only its owner may read must not be open to others for a moment.
                FileRights.copy(place, half);
                content.writeTo(out);
                if (through) {
                    out.flush();
                    file.force(true);
                }
            }
            verification.check(half);
            move(half, place);
        } catch (IOException e) {
            throw failure(e);
        } finally {
            delete(half);
        }
    }

    /** Links are followed: the file behind them is meant. */
    private Path place() {
        if (path.toString().equals("-")) {
            throw new GraftException("-: standard output cannot take this, which needs a file; give its name" + with());
        }
        Destination destination;
        try {
            destination = Destination.of(path);
        } catch (IOException e) {
            throw failure(e);
        }
        if (destination.stream()) {
            throw new GraftException(path + ": is no file that could be replaced; " + elsewhere());
        }
        if (Files.isDirectory(destination.path())) {
            throw new GraftException(path + ": is a folder; give the name of a file" + with());
        }
        return destination.path();
    }

    /** What a user is told when the file cannot be written. */
    public GraftException failure(IOException e) {
        return new GraftException(
                path + ": cannot be written: " + fileOnTheWay().orElse(reason(e)) + "; " + remedy(e), e);
    }

    /** What stands where a folder should be; each system has its own words for that. */
    private Optional<String> fileOnTheWay() {
        return Stream.iterate(path.toAbsolutePath().getParent(), Objects::nonNull, Path::getParent)
                .filter(folder -> Files.exists(folder) && !Files.isDirectory(folder))
                .findFirst()
                .map(file -> file + " is a file, not a folder");
    }

    private String remedy(IOException e) {
        String reason = reason(e).toLowerCase(Locale.ROOT);
        if (reason.contains("too long")) {
            return "give a shorter name" + with();
        }
        if (reason.contains("too many open files")) {
            return "allow more (ulimit -n 4096) and run the command again";
        }
        if (reason.contains("read-only") || e instanceof FileSystemLoopException) {
            return elsewhere();
        }
        return (e instanceof AccessDeniedException ? "allow it, or " : "make room or allow it, or ") + elsewhere();
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
        if (e instanceof FileSystemLoopException) {
            return "its links lead in a circle";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            // Without the temporary name, which nobody knows.
            return system.getReason();
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
    private static Path half(Path place) {
        return place.resolveSibling(".graft-" + UUID.randomUUID() + ".half");
    }

    private static void move(Path half, Path place) throws IOException {
        try {
            Files.move(half, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(half, place, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            if (!Files.isRegularFile(half) || !Files.isRegularFile(place) || !Files.isWritable(place)) {
                throw e;
            }
            // A single file that is mounted cannot be replaced, only filled.
            try (OutputStream out = Files.newOutputStream(place)) {
                Files.copy(half, out);
            }
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
