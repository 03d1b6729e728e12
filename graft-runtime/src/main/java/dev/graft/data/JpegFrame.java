package dev.graft.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The frame header of a JPEG file: how large the picture is and of what blocks it is made (ITU-T T.81, B.2.2).
 *
 * @param marker which process of coding, {@code 0xC0} to {@code 0xCF}
 * @param height of the picture; 0 when it comes only after the first scan
 */
record JpegFrame(int marker, int width, int height, List<Component> components) {
    private static final int BITS = 8;
    private static final int BLOCK = 8;

    /**
     * One plane of the picture.
     *
     * @param across how many blocks of it lie side by side in a unit of the picture
     * @param down how many lie on top of each other
     */
    record Component(int id, int across, int down) {
        int blocksPerUnit() {
            return across * down;
        }
    }

    /** Whether a marker begins a frame header. */
    static boolean begins(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    /**
     * Reads it.
     *
     * @param at where its marker stands
     * @throws UnreadablePictureException when it is of a kind that libjpeg does not decode to 8 bits
     */
    static JpegFrame read(PictureBytes jpeg, int marker, long at) throws UnreadablePictureException {
        int bits = jpeg.u8(at + 4);
        int count = jpeg.u8(at + 9);
        if (marker == 0xC5 || marker == 0xC6 || marker == 0xC7 || marker >= 0xCD) {
            throw unread("hierarchical JPEG");
        }
        if (marker == 0xC3 || marker == 0xCB) {
            throw unread("lossless JPEG");
        }
        if (bits != BITS) {
            throw unread("JPEG of " + bits + " bits a sample");
        }
        if (count == 2 || count > 4) {
            throw unread("JPEG of " + count + " components");
        }
        List<Component> components = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            long component = at + 10 + 3L * c;
            int sampling = jpeg.u8(component + 1);
            components.add(new Component(jpeg.u8(component), Math.max(1, sampling >> 4), Math.max(1, sampling & 0xF)));
        }
        return new JpegFrame(marker, jpeg.u16(at + 7), jpeg.u16(at + 5), components);
    }

    private static UnreadablePictureException unread(String kind) {
        return new UnreadablePictureException("a " + kind + ", which is not read; convert it to an ordinary one");
    }

    JpegFrame withHeight(int other) {
        return new JpegFrame(marker, width, other, components);
    }

    /** Whether its data are Huffman codes, in scans of whole coefficients. */
    boolean isSequential() {
        return marker == 0xC0 || marker == 0xC1;
    }

    /** Whether its data are Huffman codes, in scans that refine each other. */
    boolean isProgressive() {
        return marker == 0xC2;
    }

    /** How many units of several components make up the picture. */
    long units() {
        return ceil(width, BLOCK * widest()) * ceil(height, BLOCK * tallest());
    }

    /** How many blocks one component has that comes by itself. */
    long blocksOf(Component component) {
        return ceil(ceil((long) width * component.across, widest()), BLOCK)
                * ceil(ceil((long) height * component.down, tallest()), BLOCK);
    }

    private int widest() {
        return components.stream().mapToInt(Component::across).max().orElse(1);
    }

    private int tallest() {
        return components.stream().mapToInt(Component::down).max().orElse(1);
    }

    private static long ceil(long value, long unit) {
        return (value + unit - 1) / unit;
    }
}
