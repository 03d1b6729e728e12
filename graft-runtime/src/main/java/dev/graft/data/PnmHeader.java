package dev.graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads the text header of a portable bitmap, greymap or pixmap (P1 to P6). */
final class PnmHeader {
    private static final int LARGEST_VALUE = 65535;
    private static final long MAX_TEXT_PIXELS = 1 << 27;

    private final PictureBytes pnm;
    private int at = 2;

    private PnmHeader(byte[] file) {
        this.pnm = new PictureBytes(file, ByteOrder.BIG_ENDIAN, "PNM");
    }

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        return new PnmHeader(file).read();
    }

    private PictureHeader read() throws UnreadablePictureException {
        char kind = (char) pnm.u8(1);
        boolean bitmap = kind == '1' || kind == '4';
        boolean colour = kind == '3' || kind == '6';
        int width = number();
        int height = number();
        int largest = bitmap ? 1 : number();
        if (largest < 1 || largest > LARGEST_VALUE) {
            throw pnm.corrupt("its largest value is " + largest);
        }
        byte[] body = pnm.array();
        if (kind >= '4' && (long) width * height <= PictureHeader.MAX_PIXELS) {
            long samples = (long) width * (colour ? 3 : 1);
            int pixels = at + 1;
            long end = pixels + height * (bitmap ? (samples + 7) / 8 : samples * (largest > 255 ? 2 : 1));
            if (pnm.length() < end) {
                throw pnm.truncated(pnm.length() + " of " + end + " bytes");
            }
            if (!bitmap && largest != 255 && largest != LARGEST_VALUE) {
                byte[] header = header(kind, width, height, largest > 255 ? LARGEST_VALUE : 255);
                body = stretched(header, pixels, (int) end, largest);
            }
        }
        if (kind < '4' && largest > 255 && (long) width * height <= MAX_TEXT_PIXELS) {
            body = ofText(colour, width, height, largest);
        }
        return new PictureHeader(PictureFormat.PNM, width, height, Orientation.UPRIGHT, body);
    }

    /** The same picture in bytes; OpenCV takes numbers above 255 in text for something else. */
    private byte[] ofText(boolean colour, int width, int height, int largest) throws UnreadablePictureException {
        byte[] header = header(colour ? '6' : '5', width, height, LARGEST_VALUE);
        int samples = width * height * (colour ? 3 : 1);
        // each number takes a digit and what parts it from the next
        if (pnm.length() - at < 2L * samples - 1) {
            throw pnm.truncated("too few numbers");
        }
        ByteBuffer body = ByteBuffer.allocate(header.length + 2 * samples).put(header);
        for (int i = 0; i < samples; i++) {
            body.putShort((short) rescale(number(), largest, LARGEST_VALUE));
        }
        return body.array();
    }

    private static byte[] header(char kind, int width, int height, int largest) {
        return ("P" + kind + " " + width + " " + height + " " + largest + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The same picture with samples that use the whole range of 8 or 16 bits; OpenCV takes them as they are. */
    private byte[] stretched(byte[] header, int from, int to, int largest) throws UnreadablePictureException {
        ByteBuffer body = ByteBuffer.allocate(header.length + to - from).put(header);
        for (int i = from; i < to; i += largest > 255 ? 2 : 1) {
            if (largest > 255) {
                body.putShort((short) rescale(pnm.u16(i), largest, LARGEST_VALUE));
            } else {
                body.put((byte) rescale(pnm.u8(i), largest, 255));
            }
        }
        return body.array();
    }

    private static int rescale(int sample, int largest, int range) {
        return (int) ((2L * Math.min(sample, largest) * range + largest) / (2L * largest));
    }

    /** The next number; what stands between is white space and comments. */
    private int number() throws UnreadablePictureException {
        while (!isDigit(pnm.u8(at))) {
            if (pnm.u8(at) == '#') {
                while (pnm.u8(at) != '\n') {
                    at++;
                }
            } else if (!Character.isWhitespace(pnm.u8(at))) {
                throw pnm.corrupt("no number at byte " + at);
            }
            at++;
        }
        long number = 0;
        while (at < pnm.length() && isDigit(pnm.u8(at))) {
            number = Math.min(Integer.MAX_VALUE, number * 10 + pnm.u8(at) - '0');
            at++;
        }
        return (int) number;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
