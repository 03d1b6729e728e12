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
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file that appears whole or not at all: it is written under a temporary name beside its place and takes that in one
 * step when it is complete.
 *
 * <p>Where the path is a symbolic link, the file behind it is meant and the link stays. A file that is replaced hands on
 * its permissions, and its owner and group where the system allows; other hard links to it keep the old content. Devices,
 * pipes and descriptors such as {@code /dev/stdout} are never replaced.
 *
 * @param path its place
 * @param option the option of the command line that names the place, for messages; empty where there is none
 * @param streams whether a device or a pipe may be written to instead
 * @param verification is given the complete file before it takes its place
 */
public record WholeFile(Path path, String option, boolean streams, Consumer<Path> verification) {
    private static final int BUFFER = 1 << 16;

    public static WholeFile at(Path path) {
        return new WholeFile(path, "", false, written -> {});
    }

    /** The same, named by an option of the command line: {@code --out}. */
    public WholeFile namedBy(String option) {
        return new WholeFile(path, option, streams, verification);
    }

    /** The same, and where the path is a device, a pipe or a descriptor the content goes straight into that. */
    public WholeFile orStream() {
        return new WholeFile(path, option, true, verification);
    }

    /**
     * The same, read back before it is called done.
     *
     * @param check is given the complete file under its temporary name and throws a {@link GraftException} if it is not
     *     what it should be; the temporary file is then deleted and what was there before untouched
     */
    public WholeFile verifiedBy(Consumer<Path> check) {
        return new WholeFile(path, option, streams, check);
    }

    /** What writes the bytes. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Checks the place, so that what is wrong with it is said before the work and not after it.
     *
     * @throws GraftException if it is a folder, a device or read-only, or its folder is missing or must not be written to
     */
    public void check() {
        FilePlace place = place();
        if (place.isStream()) {
            return;
        }
        checkFolder(place.path().toAbsolutePath().getParent(), lead(place));
        Path half = half(place);
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
        FilePlace place = place();
        if (place.isStream()) {
            pour(content, place);
            return;
        }
        Path half = half(place);
        try {
            try (FileChannel file = FileChannel.open(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER)) {
                if (place.isFile()) {
                    // Before the content, which may be nobody else's business.
                    FileRights.copy(place.path(), half);
                }
                content.writeTo(out);
                if (through) {
                    out.flush();
                    file.force(true);
                }
            }
            verification.accept(half);
            move(half, place);
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
        if (e instanceof FileSystemException failed && failed.getReason() != null) {
            return failed.getReason();
        }
        return e instanceof ClosedChannelException ? "it was closed" : String.valueOf(e.getMessage());
    }

    private String elsewhere() {
        return "choose another place" + with();
    }

    private String with() {
        return option.isEmpty() ? "" : " with " + option;
    }

    /** Where the links lead; what can be told to be no good is refused. */
    private FilePlace place() {
        if (!option.isEmpty() && path.toString().equals("-")) {
            throw new GraftException("-: " + option + " needs a file, not standard output; a file of that name is ./-");
        }
        FilePlace place = followed();
        if (place.isFolder() || place.path().getParent() == null) {
            throw new GraftException(path + ": is a folder; give the name of a file" + with());
        }
        if (place.isStream() && !streams) {
            throw new GraftException(path + ": is no file that could be replaced; " + elsewhere());
        }
        if (place.isFile() && !Files.isWritable(place.path())) {
            throw new GraftException(lead(place) + ": is read-only; allow writing to it, or " + elsewhere());
        }
        return place;
    }

    /** The path, and where it leads if it is a link: that is not what the user has typed. */
    private String lead(FilePlace place) {
        return place.path().equals(path.toAbsolutePath()) ? path.toString() : path + ": links to " + place.path();
    }

    private FilePlace followed() {
        try {
            return FilePlace.of(path);
        } catch (FileSystemLoopException e) {
            throw new GraftException(path + ": is a link that leads back to itself; remove it, or " + elsewhere(), e);
        } catch (AccessDeniedException e) {
            throw failure(e);
        } catch (FileSystemException e) {
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null && Files.exists(parent) && !Files.isDirectory(parent)) {
                throw notFolder(parent);
            }
            throw failure(e);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void checkFolder(@Nullable Path folder, String lead) {
        if (folder == null || !Files.exists(folder)) {
            throw new GraftException(lead + ": there is no folder " + folder + "; make it, or " + elsewhere());
        }
        if (!Files.isDirectory(folder)) {
            throw notFolder(folder);
        }
    }

    private GraftException notFolder(Path folder) {
        return new GraftException(path + ": " + folder + " is a file, not a folder; " + elsewhere());
    }

    private void pour(Content content, FilePlace place) {
        // Behind what is there already, where the descriptor is of a file: a new one would begin at its start.
        StandardOpenOption[] append = {StandardOpenOption.WRITE, StandardOpenOption.APPEND};
        StandardOpenOption[] plain = {StandardOpenOption.WRITE};
        try (OutputStream out = new BufferedOutputStream(
                Files.newOutputStream(place.path(), Files.isRegularFile(place.path()) ? append : plain), BUFFER)) {
            content.writeTo(out);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    // Not createTempFile, which lets nobody but the owner read the file.
    private static Path half(FilePlace place) {
        return place.path().resolveSibling(".graft-" + UUID.randomUUID() + ".half");
    }

    private void move(Path half, FilePlace place) throws IOException {
        try {
            Files.move(half, place.path(), StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(half, place.path(), StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            if (!place.isFile()) {
                throw e;
            }
            overwrite(half, place.path());
        }
    }

    /** For a file that is mounted by itself into a container, or is another's in a sticky folder: nothing replaces it. */
    private void overwrite(Path half, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.TRUNCATE_EXISTING)) {
            Files.copy(half, out);
        } catch (IOException e) {
            Path kept = file.resolveSibling(file.getFileName() + ".new");
            Files.move(half, kept);
            throw new GraftException(
                    path + ": cannot be written: " + reason(e) + "; what it should hold is kept as " + kept, e);
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
