package dev.graft.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The picture formats Graft reads. A file's name may decide whether it is looked at, its first bytes what it is. */
public enum PictureFormat {
    JPEG,
    PNG,
    WEBP,
    BMP,
    PNM,
    TIFF,
    GIF;

    /** The format that a file with this name claims to be, by its extension in any case. */
    public static Optional<PictureFormat> ofFileName(String name) {
        return switch (extension(name)) {
            case "jpg", "jpeg", "jpe", "jfif" -> Optional.of(JPEG);
            case "png" -> Optional.of(PNG);
            case "webp" -> Optional.of(WEBP);
            case "bmp", "dib" -> Optional.of(BMP);
            case "pnm", "pgm", "ppm", "pbm" -> Optional.of(PNM);
            case "tif", "tiff" -> Optional.of(TIFF);
            case "gif" -> Optional.of(GIF);
            default -> Optional.empty();
        };
    }

    /** Whether it can hold 16 bits a sample. */
    boolean isDeep() {
        return this == PNG || this == PNM || this == TIFF;
    }

    /** The extension without its dot in lower case, empty when there is none. */
    static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** The format whose signature the file begins with. */
    static Optional<PictureFormat> ofContent(byte[] file) {
        return Arrays.stream(values()).filter(format -> format.signs(file)).findFirst();
    }

    private boolean signs(byte[] file) {
        return switch (this) {
            case JPEG -> begins(file, 0, 0xFF, 0xD8, 0xFF);
            case PNG -> begins(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
            case WEBP -> begins(file, 0, 'R', 'I', 'F', 'F') && begins(file, 8, 'W', 'E', 'B', 'P');
            case BMP -> begins(file, 0, 'B', 'M');
            case PNM ->
                file.length > 2
                        && file[0] == 'P'
                        && file[1] >= '1'
                        && file[1] <= '6'
                        && (Character.isWhitespace(file[2]) || file[2] == '#');
            case TIFF ->
                begins(file, 0, 'I', 'I', 42, 0)
                        || begins(file, 0, 'M', 'M', 0, 42)
                        || begins(file, 0, 'I', 'I', 43, 0)
                        || begins(file, 0, 'M', 'M', 0, 43);
            case GIF -> begins(file, 0, 'G', 'I', 'F', '8', '7', 'a') || begins(file, 0, 'G', 'I', 'F', '8', '9', 'a');
        };
    }

    private static boolean begins(byte[] file, int at, int... expected) {
        if (file.length < at + expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (file[at + i] != (byte) expected[i]) {
                return false;
            }
        }
        return true;
    }
}
