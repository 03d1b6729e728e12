package dev.graft.data;

import dev.graft.GraftException;
import dev.graft.OpenFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads picture files whole, within a limit. */
public final class PictureFiles {
    /** The largest file that is read, in bytes. */
    public static final int MAX_BYTES = 256 << 20;

    private PictureFiles() {}

    /**
     * The bytes of a file.
     *
     * @throws UnreadablePictureException when it cannot be read or is larger than {@link #MAX_BYTES}
     * @throws GraftException when the process may not open any more files
     */
    public static byte[] read(Path path) throws UnreadablePictureException {
        try (InputStream in = Files.newInputStream(path)) {
            if (Files.size(path) > MAX_BYTES) {
                throw tooLarge();
            }
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw tooLarge();
            }
            return bytes;
        } catch (NoSuchFileException | FileNotFoundException missing) {
            throw new UnreadablePictureException("no such file", missing);
        } catch (AccessDeniedException denied) {
            throw new UnreadablePictureException("no permission to read it", denied);
        } catch (IOException failure) {
            if (OpenFiles.areExhausted(failure)) {
                // The picture may be sound.
                throw new GraftException(path + ": " + OpenFiles.EXHAUSTED, failure);
            }
            String what = Files.isDirectory(path) ? "a folder, not a file" : "cannot be read: " + failure.getMessage();
            throw new UnreadablePictureException(what, failure);
        }
    }

    /**
     * The files in a folder and all folders below that are pictures by their names, sorted; hidden ones are passed over.
     *
     * @throws dev.graft.GraftException if the folder cannot be listed
     */
    public static List<Path> below(Path folder) {
        FolderScan.requireFolder(folder);
        return new FolderScan().picturesBelow(folder);
    }

    private static UnreadablePictureException tooLarge() {
        return new UnreadablePictureException("larger than " + (MAX_BYTES >> 20) + " MB");
    }
}
