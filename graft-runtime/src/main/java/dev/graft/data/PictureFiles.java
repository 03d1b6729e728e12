package dev.graft.data;

import dev.graft.FileName;
import dev.graft.GraftException;
import dev.graft.OpenFiles;
import dev.graft.RegularFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
        String obstacle = RegularFile.obstacle(path).orElse(null);
        if (obstacle != null) {
            throw new UnreadablePictureException(obstacle);
        }
        try (InputStream in = Files.newInputStream(path)) {
            if (Files.size(path) > MAX_BYTES) {
                throw tooLarge();
            }
            return read(in);
        } catch (NoSuchFileException | FileNotFoundException missing) {
            throw new UnreadablePictureException("no such file", missing);
        } catch (AccessDeniedException denied) {
            throw new UnreadablePictureException("no permission to read it", denied);
        } catch (IOException failure) {
            if (OpenFiles.areExhausted(failure)) {
                // The picture may be sound.
                throw new GraftException(FileName.shown(path) + ": " + OpenFiles.EXHAUSTED, failure);
            }
            throw new UnreadablePictureException("cannot be read: " + failure.getMessage(), failure);
        }
    }

    /**
     * What a stream gives to its end; it is not closed.
     *
     * @throws UnreadablePictureException when that is more than {@link #MAX_BYTES}
     * @throws IOException when it cannot be read
     */
    public static byte[] read(InputStream in) throws UnreadablePictureException, IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw tooLarge();
        }
        return bytes;
    }

    /**
     * The files in a folder and all folders below that are pictures by their names, or by their first bytes where the name
     * does not say for certain that they are something else, sorted; hidden ones are passed over.
     *
     * @throws GraftException if the folder cannot be listed
     */
    public static List<Path> below(Path folder) {
        FolderScan.requireFolder(folder);
        BroadFolder.refuseSystem(folder);
        return new FolderScan().picturesBelow(folder);
    }

    /**
     * The same for a folder that must hold some, with what was passed over.
     *
     * @throws GraftException also if there are none, saying what there is
     */
    public static FoundPictures requireBelow(Path folder) {
        FolderScan.requireFolder(folder);
        BroadFolder.refuseSystem(folder);
        FolderScan scan = new FolderScan();
        List<Path> found = scan.picturesBelow(folder);
        if (found.isEmpty()) {
            Map<String, Integer> others = scan.ignored();
            throw new GraftException(FileName.shown(folder) + ": no pictures in this folder"
                    + (others.isEmpty() ? "" : " (" + OtherFiles.text(others) + ")") + "; name another");
        }
        List<String> remarks = new ArrayList<>(scan.passed().filesByName(folder));
        remarks.addAll(scan.remarks());
        return new FoundPictures(found, scan.passed().all(), remarks);
    }

    private static UnreadablePictureException tooLarge() {
        return new UnreadablePictureException("larger than " + (MAX_BYTES >> 20) + " MB");
    }
}
