package dev.graft.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A picture file of a kind that is seldom seen, and what is right for it.
 *
 * @param name says what is odd, ends with an extension
 * @param width of the picture upright, pixels; 0 when it is to be refused
 * @param rgb its pixels, row by row, three bytes each; none when it is to be refused
 * @param tolerance how far levels may be off on average
 * @param reason a part of the reason when it is to be refused; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OddPicture(
        String name, byte[] bytes, int width, int height, byte[] rgb, double tolerance, String reason) {
    static OddPicture read(String name, byte[] bytes, Scene seen) {
        return new OddPicture(name, bytes, seen.width, seen.height, seen.bytes(), 0.75, "");
    }

    static OddPicture refused(String name, byte[] bytes, String reason) {
        return new OddPicture(name, bytes, 0, 0, new byte[0], 0, reason);
    }

    OddPicture within(double other) {
        return new OddPicture(name, bytes, width, height, rgb, other, reason);
    }

    public boolean isRefused() {
        return !reason.isEmpty();
    }

    /** The right pixels as a plain portable pixmap. */
    public byte[] reference() {
        byte[] header = ("P6 " + width + " " + height + " 255\n").getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(header, header.length + rgb.length);
        System.arraycopy(rgb, 0, file, header.length, rgb.length);
        return file;
    }

    @Override
    public String toString() {
        return name;
    }
}
