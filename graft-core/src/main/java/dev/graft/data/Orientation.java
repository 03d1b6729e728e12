package dev.graft.data;

import java.nio.ByteOrder;

/**
 * How the stored picture lies, the EXIF tag 0x0112: the upright picture's pixel (x, y) is the stored picture's
 * (x, y), or (y, x) when transposed, counted from the far edge on a mirrored axis.
 */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    UPSIDE_DOWN(false, true, true),
    MIRRORED_UPSIDE_DOWN(false, false, true),
    TRANSPOSED(true, false, false),
    TURN_RIGHT(true, false, true),
    TRANSVERSED(true, true, true),
    TURN_LEFT(true, true, false);

    private static final int TAG = 0x0112;
    private static final int MAX_ENTRIES = 1000;

    final boolean transposed;
    /** Whether the stored picture's columns are counted from the right. */
    final boolean mirrorX;
    /** Whether the stored picture's rows are counted from the bottom. */
    final boolean mirrorY;

    Orientation(boolean transposed, boolean mirrorX, boolean mirrorY) {
        this.transposed = transposed;
        this.mirrorX = mirrorX;
        this.mirrorY = mirrorY;
    }

    /** The tag's value 1 to 8; anything else is upright, as every viewer has it. */
    static Orientation ofTag(int value) {
        return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
    }

    /** The orientation in an EXIF block (a small TIFF directory) at {@code from}; a broken block counts as none. */
    static Orientation ofExif(byte[] file, int from, int to) {
        byte[] block = java.util.Arrays.copyOfRange(file, from, to);
        if (block.length < 8 || block[0] != block[1] || (block[0] != 'I' && block[0] != 'M')) {
            return UPRIGHT;
        }
        Bytes exif = new Bytes(block, block[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN, "EXIF");
        try {
            long directory = exif.u32(4);
            int entries = Math.min(exif.u16(directory), MAX_ENTRIES);
            for (int i = 0; i < entries; i++) {
                long entry = directory + 2 + 12L * i;
                if (exif.u16(entry) == TAG) {
                    return ofTag(exif.u16(entry + 8));
                }
            }
        } catch (UnreadablePictureException broken) {
            return UPRIGHT;
        }
        return UPRIGHT;
    }
}
