package dev.graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Numbers out of a file's bytes; reading past the end is the picture's fault and says so. */
final class PictureBytes {
    private final byte[] file;
    private final ByteBuffer view;
    private final String format;

    /** @param format the name used in messages, as {@code PNG} */
    PictureBytes(byte[] file, ByteOrder order, String format) {
        this.file = file;
        this.view = ByteBuffer.wrap(file).order(order);
        this.format = format;
    }

    int length() {
        return file.length;
    }

    byte[] array() {
        return file;
    }

    String format() {
        return format;
    }

    int u8(long at) throws UnreadablePictureException {
        return view.get(index(at, 1)) & 0xFF;
    }

    int u16(long at) throws UnreadablePictureException {
        return view.getShort(index(at, 2)) & 0xFFFF;
    }

    int i32(long at) throws UnreadablePictureException {
        return view.getInt(index(at, 4));
    }

    long u32(long at) throws UnreadablePictureException {
        return i32(at) & 0xFFFF_FFFFL;
    }

    long i64(long at) throws UnreadablePictureException {
        return view.getLong(index(at, 8));
    }

    /** Four letters, the name of a chunk. */
    String name(long at) throws UnreadablePictureException {
        return new String(file, index(at, 4), 4, StandardCharsets.ISO_8859_1);
    }

    /** A chunk's name for a message: letters as they are, other bytes as hexadecimal numbers. */
    static String quoted(String name) {
        boolean letters = name.chars().allMatch(c -> c >= ' ' && c < 127);
        return letters
                ? "'" + name + "'"
                : HexFormat.ofDelimiter(" ").formatHex(name.getBytes(StandardCharsets.ISO_8859_1));
    }

    public boolean startsWith(long at, String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < expected.length; i++) {
            if (at < 0 || at + i >= file.length || file[(int) at + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where the next marker of a JPEG begins, its last FF, from {@code from} on; negative when there is none. */
    int nextMarker(int from) {
        for (int at = from; at + 1 < file.length; at++) {
            if (file[at] == (byte) 0xFF && file[at + 1] != 0 && file[at + 1] != (byte) 0xFF) {
                return at;
            }
        }
        return -1;
    }

    UnreadablePictureException corrupt(String detail) {
        return new UnreadablePictureException("corrupt " + format + ": " + detail);
    }

    UnreadablePictureException truncated(String detail) {
        return new UnreadablePictureException("truncated " + format + ": " + detail);
    }

    /** Checks that {@code size} bytes are there. */
    int index(long at, long size) throws UnreadablePictureException {
        if (at < 0 || size < 0 || at > file.length - size) {
            throw truncated("the file ends after " + file.length + " bytes");
        }
        return (int) at;
    }
}
