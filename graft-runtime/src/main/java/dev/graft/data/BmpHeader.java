package dev.graft.data;

import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads the headers of a Windows bitmap: the OS/2 one of 12 bytes, or any of the later ones. */
final class BmpHeader {
    private static final int INFO = 14;
    private static final int OS2_INFO_SIZE = 12;
    /** With masks and a transparency in the header itself. */
    private static final int WITH_MASKS = 56;

    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int MASKS = 3;
    private static final int JPEG = 4;
    private static final int PNG = 5;
    private static final int MASKS_WITH_ALPHA = 6;

    private BmpHeader() {}

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        PictureBytes bmp = new PictureBytes(file, ByteOrder.LITTLE_ENDIAN, "BMP");
        long pixels = bmp.u32(10);
        long info = bmp.u32(INFO);
        boolean os2 = info == OS2_INFO_SIZE;
        int width = os2 ? bmp.u16(INFO + 4) : bmp.i32(INFO + 4);
        int signedHeight = os2 ? bmp.u16(INFO + 6) : bmp.i32(INFO + 8);
        int bits = bmp.u16(os2 ? INFO + 10 : INFO + 14);
        int compression = os2 ? 0 : bmp.i32(INFO + 16);
        if (compression == JPEG || compression == PNG) {
            String inside = compression == JPEG ? "JPEG" : "PNG";
            throw new UnreadablePictureException(
                    "a BMP with " + inside + " data inside, which is not read; save it again");
        }
        // rows stored top down carry a negative height
        int height = signedHeight == Integer.MIN_VALUE ? 0 : Math.abs(signedHeight);
        boolean packed = compression == RLE8 || compression == RLE4;
        long rowBytes = ((long) width * bits + 31) / 32 * 4;
        long end = pixels + rowBytes * (height - 1L) + ((long) width * bits + 7) / 8;
        byte[] body = file;
        // a huge promise is refused by its size, with a better message than this one
        if (!packed && width > 0 && height > 0 && (long) width * height <= PictureHeader.MAX_PIXELS) {
            if (end > file.length) {
                throw bmp.truncated(file.length + " of " + end + " bytes");
            }
            // the last row may lack the zeros that fill it up
            body = pixels + rowBytes * height > file.length
                    ? Arrays.copyOf(file, Math.toIntExact(pixels + rowBytes * height))
                    : file;
        }
        boolean masked = compression == MASKS || compression == MASKS_WITH_ALPHA;
        if ((masked && (bits == 16 || bits == 32)) || (bits == 16 && compression == 0)) {
            long[] masks = new long[4];
            for (int c = 0; c < 4 && masked; c++) {
                boolean there = c < 3 || info >= WITH_MASKS || compression == MASKS_WITH_ALPHA;
                masks[c] = there ? bmp.u32(54 + 4L * c) : 0;
            }
            long[] used = masked ? masks : new long[] {0x7C00, 0x3E0, 0x1F, 0};
            BmpMasks picture = new BmpMasks(width, height, signedHeight < 0, (int) pixels, bits / 8, used);
            return new PictureHeader(
                    PictureFormat.BMP,
                    width,
                    height,
                    Orientation.UPRIGHT,
                    body,
                    (header, one) -> picture.of(header.body()));
        }
        return new PictureHeader(PictureFormat.BMP, width, height, Orientation.UPRIGHT, body);
    }
}
