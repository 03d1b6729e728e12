package dev.graft.data;

import java.nio.ByteOrder;
import java.util.Arrays;

/** Walks the blocks of a GIF file to the end of its first frame (GIF89a). */
final class GifHeader {
    private static final int SCREEN = 6;
    private static final int AFTER_SCREEN = 13;
    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2C;
    private static final byte TRAILER = 0x3B;

    private GifHeader() {}

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        Bytes gif = new Bytes(file, ByteOrder.LITTLE_ENDIAN, "GIF");
        long at = (long) AFTER_SCREEN + paletteBytes(gif.u8(SCREEN + 4));
        while (true) {
            int block = gif.u8(at);
            if (block == EXTENSION) {
                at = skipSubBlocks(gif, at + 2);
            } else if (block == FRAME) {
                at = skipSubBlocks(gif, at + 10 + paletteBytes(gif.u8(at + 9)) + 1);
                break;
            } else {
                throw gif.corrupt(block == TRAILER ? "it has no frame" : "unknown block at byte " + at);
            }
        }
        byte[] body = Arrays.copyOf(file, (int) at + 1);
        body[body.length - 1] = TRAILER;
        return new PictureHeader(PictureFormat.GIF, gif.u16(SCREEN), gif.u16(SCREEN + 2), Orientation.UPRIGHT, body);
    }

    private static int paletteBytes(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static long skipSubBlocks(Bytes gif, long from) throws UnreadablePictureException {
        long at = from;
        for (int size = gif.u8(at); size != 0; size = gif.u8(at)) {
            at += 1L + size;
        }
        return at + 1;
    }
}
