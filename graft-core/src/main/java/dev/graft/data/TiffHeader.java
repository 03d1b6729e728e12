package dev.graft.data;

import java.nio.ByteOrder;

/** Reads the first directory of a TIFF or BigTIFF file (TIFF 6.0). */
final class TiffHeader {
    private static final int WIDTH = 0x0100;
    private static final int HEIGHT = 0x0101;
    private static final int ORIENTATION = 0x0112;
    private static final int BIG = 43;
    private static final int SHORT = 3;
    private static final long MANY = Integer.MAX_VALUE;
    /** The size of one value of each type; types 14 and 15 do not exist. */
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

    private TiffHeader() {}

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        ByteOrder order = file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        Bytes tiff = new Bytes(file, order, "TIFF");
        boolean big = tiff.u16(2) == BIG;
        long directory = big ? tiff.i64(8) : tiff.u32(4);
        long entries = big ? tiff.i64(directory) : tiff.u16(directory);
        long first = directory + (big ? 8 : 2);
        int entrySize = big ? 20 : 12;
        tiff.index(first, Math.min(Math.max(entries, 0), file.length) * entrySize);
        int width = 0;
        int height = 0;
        byte[] body = file;
        Orientation orientation = Orientation.UPRIGHT;
        for (long i = 0; i < entries; i++) {
            long entry = first + i * entrySize;
            long value = entry + (big ? 12 : 8);
            requireValues(tiff, entry, value, big);
            switch (tiff.u16(entry)) {
                case WIDTH -> width = number(tiff, entry, value);
                case HEIGHT -> height = number(tiff, entry, value);
                case ORIENTATION -> {
                    orientation = Orientation.ofTag(tiff.u16(value));
                    body = file.clone();
                    markUpright(body, (int) value, order);
                }
                default -> {}
            }
        }
        return new PictureHeader(PictureFormat.TIFF, width, height, orientation, body);
    }

    /** What does not fit into the entry lies elsewhere in the file, a colour map for one, and must be there. */
    private static void requireValues(Bytes tiff, long entry, long value, boolean big)
            throws UnreadablePictureException {
        int type = tiff.u16(entry + 2);
        int each = type < TYPE_BYTES.length ? TYPE_BYTES[type] : 0;
        long bytes = each * (big ? Math.min(Math.max(tiff.i64(entry + 4), 0), MANY) : tiff.u32(entry + 4));
        if (bytes > (big ? 8 : 4)) {
            tiff.index(big ? tiff.i64(value) : tiff.u32(value), bytes);
        }
    }

    private static int number(Bytes tiff, long entry, long value) throws UnreadablePictureException {
        return tiff.u16(entry + 2) == SHORT ? tiff.u16(value) : tiff.i32(value);
    }

    /** OpenCV turns TIFFs by itself, whatever it is told; one turn is enough. */
    private static void markUpright(byte[] body, int value, ByteOrder order) {
        body[value] = (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 0);
        body[value + 1] = (byte) (order == ByteOrder.LITTLE_ENDIAN ? 0 : 1);
    }
}
