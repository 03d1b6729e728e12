package dev.graft.data;

import java.nio.ByteOrder;

/** Reads the headers of a Windows bitmap: the OS/2 one of 12 bytes, or any of the later ones. */
final class BmpHeader {
    private static final int INFO = 14;
    private static final int OS2_INFO_SIZE = 12;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;

    private BmpHeader() {}

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        Bytes bmp = new Bytes(file, ByteOrder.LITTLE_ENDIAN, "BMP");
        long pixels = bmp.u32(10);
        boolean os2 = bmp.u32(INFO) == OS2_INFO_SIZE;
        int width = os2 ? bmp.u16(INFO + 4) : bmp.i32(INFO + 4);
        int signedHeight = os2 ? bmp.u16(INFO + 6) : bmp.i32(INFO + 8);
        int bits = bmp.u16(os2 ? INFO + 10 : INFO + 14);
        int compression = os2 ? 0 : bmp.i32(INFO + 16);
        // rows stored top down carry a negative height
        int height = signedHeight == Integer.MIN_VALUE ? 0 : Math.abs(signedHeight);
        PictureHeader header = new PictureHeader(PictureFormat.BMP, width, height, Orientation.UPRIGHT, file);
        boolean packed = compression == RLE8 || compression == RLE4;
        long rowBytes = ((long) width * bits + 31) / 32 * 4;
        // a huge promise is refused by its size, with a better message than this one
        boolean plausible = (long) width * height <= PictureHeader.MAX_PIXELS;
        if (!packed && plausible && pixels + rowBytes * height > file.length) {
            throw bmp.truncated(file.length + " of " + (pixels + rowBytes * height) + " bytes");
        }
        return header;
    }
}
