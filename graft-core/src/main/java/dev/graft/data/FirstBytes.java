package dev.graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The beginning of a file whose name does not say what it is. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FirstBytes(byte[] bytes) {
    /** How long the headers of BMP files are, in bytes: two letters alone begin many a text. */
    private static final Set<Integer> BMP_HEADERS = Set.of(12, 16, 40, 52, 56, 64, 108, 124);

    private static final int BMP_HEADER_AT = 14;
    private static final int PNM_BEGINNING = 16;

    /** Those of a regular file; none where it cannot be read. */
    static FirstBytes of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new FirstBytes(in.readNBytes(FileKind.ENOUGH));
        } catch (IOException unreadable) {
            return new FirstBytes(new byte[0]);
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

    /** What to count the file as: its extension, with what it is where that is known. */
    String kind(String extension) {
        FileKind kind = FileKind.of(bytes);
        return kind.isKnown() && !kind.isRead()
                ? (extension.isEmpty() ? "without extension" : "." + extension) + " (" + kind.name() + ")"
                : extension;
    }
}
