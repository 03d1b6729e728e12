package dev.graft.data;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Knows photos as cameras store them (CR2, NEF, ARW, PEF, DNG): TIFF files whose first picture is a small preview, or
 * the sensor's bare values. Read as a TIFF they would show the preview or nothing.
 */
final class RawPhotos {
    private static final int SUBFILE = 0x00FE;
    private static final int PHOTOMETRIC = 0x0106;
    private static final int MAKE = 0x010F;
    private static final int SUB_DIRECTORIES = 0x014A;
    private static final int DNG_VERSION = 0xC612;
    private static final int COLOUR_FILTER_ARRAY = 32803;
    private static final int LINEAR_RAW = 34892;
    private static final int MAX_ENTRIES = 200;

    private final PictureBytes tiff;
    private boolean preview;
    private boolean others;
    private boolean bare;
    private boolean dng;
    private String make = "";

    private RawPhotos(PictureBytes tiff) {
        this.tiff = tiff;
    }

    /** What kind of camera file begins so, if any does; a directory that lies further behind is not seen. */
    static Optional<FileKind> of(byte[] beginning) {
        boolean little = beginning.length > 8 && beginning[0] == 'I' && beginning[1] == 'I' && beginning[2] == 42;
        boolean big = beginning.length > 8 && beginning[0] == 'M' && beginning[1] == 'M' && beginning[3] == 42;
        if (!little && !big) {
            return Optional.empty();
        }
        PictureBytes tiff =
                new PictureBytes(beginning, little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN, "TIFF");
        if (tiff.startsWith(8, "CR\2")) {
            return Optional.of(named("a CR2 raw photo"));
        }
        RawPhotos raw = new RawPhotos(tiff);
        try {
            raw.readDirectory(tiff.u32(4));
        } catch (UnreadablePictureException cutOff) {
            return raw.kind();
        }
        return raw.kind();
    }

    private void readDirectory(long directory) throws UnreadablePictureException {
        int entries = Math.min(tiff.u16(directory), MAX_ENTRIES);
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + 12L * i;
            int value = tiff.u16(entry + 8);
            switch (tiff.u16(entry)) {
                case SUBFILE -> preview = (tiff.i32(entry + 8) & 1) == 1;
                case PHOTOMETRIC -> bare = value == COLOUR_FILTER_ARRAY || value == LINEAR_RAW;
                case MAKE -> make = text(tiff.u32(entry + 8), tiff.u32(entry + 4));
                case SUB_DIRECTORIES -> others = true;
                case DNG_VERSION -> dng = true;
                default -> {}
            }
        }
    }

    private String text(long at, long length) {
        byte[] file = tiff.array();
        int end = (int) Math.min(file.length, at + Math.min(length, 32));
        return at >= end ? "" : new String(file, (int) at, end - (int) at, StandardCharsets.ISO_8859_1);
    }

    private Optional<FileKind> kind() {
        if (dng) {
            return Optional.of(named("a DNG raw photo"));
        }
        if (!bare && !(preview && others)) {
            return Optional.empty();
        }
        String maker = make.toUpperCase(Locale.ROOT);
        String kind = maker.startsWith("NIKON")
                ? "an NEF"
                : maker.startsWith("SONY") ? "an ARW" : maker.startsWith("PENTAX") ? "a PEF" : "a";
        return Optional.of(named(kind + " raw photo"));
    }

    private static FileKind named(String name) {
        return FileKind.other(name, "convert it to JPEG");
    }
}
