package dev.graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** The beginning of a file whose name does not say what it is. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FirstBytes(byte[] bytes) {
    private static final int LENGTH = 512;
    /** How long the headers of BMP files are, in bytes: two letters alone begin many a text. */
    private static final Set<Integer> BMP_HEADERS = Set.of(12, 16, 40, 52, 56, 64, 108, 124);

    private static final int BMP_HEADER_AT = 14;

    /** Those of a regular file; none where it cannot be read. */
    static FirstBytes of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new FirstBytes(in.readNBytes(LENGTH));
        } catch (IOException unreadable) {
            return new FirstBytes(new byte[0]);
        }
    }

    /** Whether they are those of a picture that is read. */
    boolean isPicture() {
        return PictureFormat.ofContent(bytes)
                .filter(format -> format != PictureFormat.BMP || isBitmap())
                .isPresent();
    }

    private boolean isBitmap() {
        return bytes.length > BMP_HEADER_AT + 3
                && bytes[BMP_HEADER_AT + 1] == 0
                && BMP_HEADERS.contains(bytes[BMP_HEADER_AT] & 0xFF);
    }

    /** What to count the file as: what it is, or else its extension. */
    String kind(String extension) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (text.startsWith("version https://git-lfs")) {
            return "Git LFS pointers, whose pictures are not here (git lfs pull fetches them)";
        }
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
            return "HTML pages";
        }
        if (text.startsWith("\0\0\0\fJXL ") || text.startsWith("\u00FF\n")) {
            return "JPEG XL, which is not read";
        }
        if (text.length() > 12 && text.startsWith("ftyp", 4)) {
            String brand = text.substring(8, 12);
            boolean avif = brand.startsWith("avi");
            boolean heic = brand.startsWith("he") || brand.equals("mif1") || brand.equals("msf1");
            return avif ? "AVIF, which is not read" : heic ? "HEIC, which is not read" : extension;
        }
        return extension;
    }
}
