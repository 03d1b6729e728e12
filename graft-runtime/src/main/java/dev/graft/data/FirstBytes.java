package dev.graft.data;

import dev.graft.FileName;
import dev.graft.GraftException;
import dev.graft.OpenFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The beginning of a file whose name does not say for certain what it is. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FirstBytes(byte[] bytes) {
    /** How long the headers of BMP files are, in bytes: two letters alone begin many a text. */
    private static final Set<Integer> BMP_HEADERS = Set.of(12, 16, 40, 52, 56, 64, 108, 124);

    private static final int BMP_HEADER_AT = 14;
    private static final int PNM_BEGINNING = 16;

    /**
     * Those of a regular file, if it can be read. One without a size is not opened: to read what systems keep under such
     * names may wait for ever.
     *
     * @throws GraftException when the process may not open any more files
     */
    static Optional<FirstBytes> of(Path file) {
        try {
            return Optional.of(new FirstBytes(Files.size(file) == 0 ? new byte[0] : read(file)));
        } catch (IOException unreadable) {
            if (OpenFiles.areExhausted(unreadable)) {
                throw new GraftException(FileName.shown(file) + ": " + OpenFiles.EXHAUSTED, unreadable);
            }
            return Optional.empty();
        }
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(FileKind.ENOUGH);
        }
    }

    /** Whether they are those of a picture that is read. */
    boolean isPicture() {
        return FileKind.of(bytes)
                .format()
                .filter(format -> format != PictureFormat.BMP || isBitmap())
                .filter(format -> format != PictureFormat.PNM || isPixmap())
                .isPresent();
    }

    private boolean isBitmap() {
        return bytes.length > BMP_HEADER_AT + 1
                && bytes[BMP_HEADER_AT + 1] == 0
                && BMP_HEADERS.contains(bytes[BMP_HEADER_AT] & 0xFF);
    }

    /** A number or a comment comes first. */
    private boolean isPixmap() {
        String text = new String(bytes, 0, Math.min(PNM_BEGINNING, bytes.length), StandardCharsets.ISO_8859_1);
        return text.matches("(?s)P[1-6]\\s+[#\\d].*");
    }
}
