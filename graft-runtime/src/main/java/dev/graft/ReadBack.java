package dev.graft;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Files that are read again and compared before they take their place. */
public final class ReadBack {
    private static final int CHUNK = 1 << 16;

    private ReadBack() {}

    /**
     * Writes these bytes.
     *
     * @throws GraftException as {@link WholeFile#write}, and if other bytes come back
     */
    public static void write(WholeFile place, byte[] content) {
        place.verifiedBy(half -> check(place.path(), half, content)).write(out -> out.write(content));
    }

    static void check(Path path, Path half, byte[] content) {
        try (InputStream in = Files.newInputStream(half)) {
            int at = 0;
            byte[] chunk = in.readNBytes(CHUNK);
            for (; chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
                boolean within = at + chunk.length <= content.length;
                if (!within || !Arrays.equals(chunk, 0, chunk.length, content, at, at + chunk.length)) {
                    throw other(path);
                }
                at += chunk.length;
            }
            if (at != content.length) {
                throw other(path);
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** What a user is told where what was just written cannot be read. */
    public static GraftException unreadable(Path path, IOException e) {
        return new GraftException(
                path + ": what was written cannot be read back: " + WholeFile.reason(e) + "; choose another place", e);
    }

    private static GraftException other(Path path) {
        return new GraftException(path + ": other bytes came back than were written; is the disk sound?");
    }
}
