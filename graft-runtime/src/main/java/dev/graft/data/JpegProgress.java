package dev.graft.data;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the scans of a progressive JPEG (ITU-T T.81, annex G): the first ones give coefficients roughly, later ones
 * refine them bit by bit. Which coefficients are not zero decides how many bits a refinement has.
 */
final class JpegProgress {
    private static final int BLOCK = 64;
    private static final int LONGEST_RUN = 15;
    private static final int UNKNOWN = 99;

    private final JpegFrame frame;
    private final HuffmanBits bits;
    private final JpegTables tables;
    /** For each component, one number a block: its bit k says that coefficient k is not zero. */
    private final long[][] nonzero;
    /** For each component and coefficient, how many of its lowest bits are still to come. */
    private final int[][] missingBits;

    private int scans;
    private int first;
    private int last;
    private boolean refines;
    private int low;
    private List<Integer> scanned = List.of();
    private HuffmanCodes[] codes = {};
    private long[] blocks = {};
    private int block;
    private int emptyBlocks;

    JpegProgress(JpegFrame frame, HuffmanBits bits, JpegTables tables) {
        this.frame = frame;
        this.bits = bits;
        this.tables = tables;
        this.nonzero = new long[frame.components().size()][0];
        this.missingBits = new int[frame.components().size()][BLOCK];
        for (int[] each : missingBits) {
            Arrays.fill(each, UNKNOWN);
        }
    }

    int scans() {
        return scans;
    }

    /** Begins a scan of the components with these indices. */
    void begin(PictureBytes jpeg, int header, List<Integer> components) throws UnreadablePictureException {
        scans++;
        scanned = components;
        int behind = header + 1 + 2 * components.size();
        first = jpeg.u8(behind);
        last = jpeg.u8(behind + 1L);
        refines = jpeg.u8(behind + 2L) >> 4 > 0;
        low = jpeg.u8(behind + 2L) & 0xF;
        if (first > last || last >= BLOCK || (first == 0 && last > 0) || (first > 0 && components.size() > 1)) {
            throw jpeg.corrupt("scan " + scans + " has coefficients " + first + " to " + last);
        }
        codes = new HuffmanCodes[components.size()];
        for (int s = 0; s < codes.length && !(first == 0 && refines); s++) {
            int numbers = jpeg.u8(header + 2L + 2L * s);
            codes[s] = first == 0 ? tables.dc(jpeg, numbers >> 4) : tables.ac(jpeg, numbers & 0xF);
        }
        if (first > 0) {
            int component = components.get(0);
            if (nonzero[component].length == 0) {
                nonzero[component] = new long
                        [Math.toIntExact(frame.blocksOf(frame.components().get(component)))];
            }
            blocks = nonzero[component];
        }
        block = 0;
        emptyBlocks = 0;
    }

    void restart() {
        emptyBlocks = 0;
    }

    /** Ends a scan that was followed as a whole. */
    void finish() {
        for (int component : scanned) {
            Arrays.fill(missingBits[component], first, last + 1, low);
        }
    }

    /** Steps over one unit of the scan; false when the bits make no sense. */
    boolean skipUnit() {
        boolean sound;
        if (first == 0) {
            sound = skipMeans();
        } else {
            sound = refines ? refine(codes[0]) : skipBand(codes[0]);
            block++;
        }
        return sound && !bits.exhausted();
    }

    private boolean skipMeans() {
        for (int s = 0; s < scanned.size(); s++) {
            int count = scanned.size() == 1
                    ? 1
                    : frame.components().get(scanned.get(s)).blocksPerUnit();
            if (refines) {
                bits.skipBits(count);
                continue;
            }
            for (int i = 0; i < count; i++) {
                int size = bits.next(codes[s]);
                if (size < 0 || size > LONGEST_RUN) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean skipBand(HuffmanCodes ac) {
        if (emptyBlocks > 0) {
            emptyBlocks--;
            return true;
        }
        for (int k = first; k <= last; k++) {
            int symbol = bits.next(ac);
            if (symbol < 0) {
                return false;
            }
            int run = symbol >> 4;
            if (HuffmanCodes.numberBits(symbol) == 0 && run < LONGEST_RUN) {
                emptyBlocks = (1 << run) + bits.number(run) - 1;
                return true;
            }
            k += run;
            if (HuffmanCodes.numberBits(symbol) > 0) {
                if (k >= BLOCK) {
                    return false;
                }
                blocks[block] |= 1L << k;
            }
        }
        return true;
    }

    private boolean refine(HuffmanCodes ac) {
        int k = first;
        while (emptyBlocks == 0 && k <= last) {
            int symbol = bits.next(ac);
            if (symbol < 0) {
                return false;
            }
            int run = symbol >> 4;
            boolean appears = HuffmanCodes.numberBits(symbol) > 0;
            if (HuffmanCodes.numberBits(symbol) > 1) {
                // what appears in a refinement is one
                return false;
            }
            if (!appears && run < LONGEST_RUN) {
                emptyBlocks = (1 << run) + bits.number(run);
                break;
            }
            k = skipZeros(k, run);
            if (appears && k < BLOCK) {
                blocks[block] |= 1L << k;
            }
            k++;
        }
        if (emptyBlocks > 0) {
            long rest = k > last ? 0 : blocks[block] & (-1L << k) & (-1L >>> (BLOCK - 1 - last));
            bits.skipBits(Long.bitCount(rest));
            emptyBlocks--;
        }
        return true;
    }

    /** Steps over {@code run} zeros and, on the way, the bits of those that are none; gives where it came to stand. */
    private int skipZeros(int from, int run) {
        long known = blocks[block] >>> from;
        int zeros = run;
        int refined = 0;
        int k = from;
        while (k <= last) {
            int ones = Math.min(Long.numberOfTrailingZeros(~known), last - k + 1);
            refined += ones;
            k += ones;
            if (--zeros < 0 || k > last) {
                break;
            }
            known = ones + 1 >= BLOCK ? 0 : known >>> (ones + 1);
            k++;
        }
        bits.skipBits(refined);
        return k;
    }

    /** Fails when a component never came, and in a file that was cut off also when a part of it did not. */
    void requireWhole(PictureBytes jpeg, boolean cut) throws UnreadablePictureException {
        for (int[] component : missingBits) {
            @Nullable String lost = component[0] == UNKNOWN
                    ? "a component is missing"
                    : cut && Arrays.stream(component).anyMatch(missing -> missing > 0)
                            ? "it ends after scan " + scans + ", before its last one"
                            : null;
            if (lost != null) {
                throw jpeg.truncated(lost);
            }
        }
    }
}
