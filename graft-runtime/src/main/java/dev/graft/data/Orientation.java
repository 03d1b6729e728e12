package dev.graft.data;

import java.util.Arrays;

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
    private static final byte[] LABEL = {'E', 'x', 'i', 'f', 0, 0};

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
    static Orientation ofTag(long value) {
        return value >= 1 && value <= 8 ? values()[(int) value - 1] : UPRIGHT;
    }

    /**
     * The orientation in an EXIF block at {@code from}, whatever integer type it is written as and in either byte
     * order; a label "Exif" may stand before it. A broken block counts as none.
     */
    static Orientation ofExif(byte[] file, int from, int to) {
        int start = from;
        while (start + LABEL.length <= to && Arrays.equals(file, start, start + LABEL.length, LABEL, 0, LABEL.length)) {
            start += LABEL.length;
        }
        byte[] block = Arrays.copyOfRange(file, start, to);
        if (block.length < 8 || block[0] != block[1] || (block[0] != 'I' && block[0] != 'M')) {
            return UPRIGHT;
        }
        return of(TiffDirectory.ofExif(block));
    }

    static Orientation of(TiffDirectory directory) {
        try {
            return ofTag(directory.number(TAG, 1));
        } catch (UnreadablePictureException broken) {
            return UPRIGHT;
        }
    }
}
