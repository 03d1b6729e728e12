package dev.graft.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;

/**
 * Walks the blocks of a GIF file to the end of its first frame (GIF89a), as forgivingly as browsers: a canvas that is
 * smaller than this frame grows with it, and an empty one is the frame.
 */
final class GifHeader {
    private static final int SCREEN = 6;
    private static final int AFTER_SCREEN = 13;
    private static final int EXTENSION = 0x21;
    private static final int CONTROL = 0xF9;
    private static final int FRAME = 0x2C;
    private static final int TRAILER = 0x3B;

    private final PictureBytes gif;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private GifHeader(byte[] file) {
        this.gif = new PictureBytes(file, ByteOrder.LITTLE_ENDIAN, "GIF");
    }

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        return new GifHeader(file).read();
    }

    private PictureHeader read() throws UnreadablePictureException {
        long at = (long) AFTER_SCREEN + paletteBytes(gif.u8(SCREEN + 4));
        copy(0, at);
        while (gif.u8(at) != FRAME) {
            int block = gif.u8(at);
            if (block == EXTENSION) {
                long end = skipSubBlocks(at + 2);
                if (gif.u8(at + 1) == CONTROL) {
                    copy(at, end);
                }
                at = end;
            } else if (block == TRAILER) {
                throw gif.corrupt("it has no frame");
            } else {
                at++;
            }
        }
        int left = gif.u16(at + 1);
        int top = gif.u16(at + 3);
        int across = gif.u16(at + 5);
        int down = gif.u16(at + 7);
        int placed = body.size() + 1;
        copyFrame(at);
        byte[] whole = body.toByteArray();
        put(whole, SCREEN, across);
        put(whole, SCREEN + 2, down);
        put(whole, placed, 0);
        put(whole, placed + 2, 0);
        int width = Math.max(gif.u16(SCREEN), left + across);
        int height = Math.max(gif.u16(SCREEN + 2), top + down);
        PictureHeader frame = new PictureHeader(PictureFormat.GIF, across, down, Orientation.UPRIGHT, whole);
        if (across == width && down == height || across < 1 || down < 1) {
            return frame;
        }
        Decoder decoder =
                (header, reduction) -> new FrameOnCanvas(OpenCv.decode(frame, reduction), left, top, width, height);
        return new PictureHeader(PictureFormat.GIF, width, height, Orientation.UPRIGHT, whole, decoder);
    }

    private static void put(byte[] body, int at, int value) {
        body[at] = (byte) value;
        body[at + 1] = (byte) (value >> 8);
    }

    private void copy(long from, long to) throws UnreadablePictureException {
        body.write(gif.array(), gif.index(from, to - from), (int) (to - from));
    }

    /** Whether the codes of the last blocks suffice is for the decoder to say. */
    private void copyFrame(long frame) throws UnreadablePictureException {
        long data = frame + 10 + paletteBytes(gif.u8(frame + 9)) + 1;
        copy(frame, data);
        long at = data;
        while (at < gif.length() && gif.u8(at) != 0) {
            long next = at + 1L + gif.u8(at);
            copy(at, next);
            at = next;
        }
        body.write(0);
        body.write(TRAILER);
    }

    private static int paletteBytes(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private long skipSubBlocks(long from) throws UnreadablePictureException {
        long at = from;
        for (int size = gif.u8(at); size != 0; size = gif.u8(at)) {
            at += 1L + size;
        }
        return at + 1;
    }
}
