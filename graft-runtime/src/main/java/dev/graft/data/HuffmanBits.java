package dev.graft.data;

/** The entropy-coded bits of a JPEG scan, read ahead into a register. A byte FF of the data is followed by a 00. */
final class HuffmanBits {
    private static final int BLOCK = 64;
    private static final int LARGEST_NUMBER = 15;
    private static final int LONGEST_RUN = 15;
    /** The longest code and the longest number after it. */
    private static final int NEEDED = 31;

    private final PictureBytes jpeg;
    private final byte[] file;
    private int at;
    private long register;
    /** How many bits of the register, from the top, are to be read. */
    private int available;
    /** How many of them are made up because the data had ended. */
    private int invented;

    HuffmanBits(PictureBytes jpeg) {
        this.jpeg = jpeg;
        this.file = jpeg.array();
    }

    void start(int data) {
        at = data;
        register = 0;
        available = 0;
        invented = 0;
    }

    /** Whether more was read than is there. */
    boolean exhausted() {
        return invented > available;
    }

    /** Steps over one block of 64 coefficients; false when the bits make no sense. */
    boolean skipBlock(HuffmanCodes dc, HuffmanCodes ac) {
        int size = next(dc);
        if (size < 0 || size > LARGEST_NUMBER) {
            return false;
        }
        int k = 1;
        while (k < BLOCK) {
            int symbol = next(ac);
            if (symbol < 0) {
                return false;
            }
            int run = symbol >> 4;
            if (HuffmanCodes.numberBits(symbol) == 0) {
                if (run < LONGEST_RUN) {
                    break;
                }
                // a run of zeros past the end of the block does no harm
                k = Math.min(BLOCK, k + run + 1);
            } else {
                k += run + 1;
            }
        }
        return k <= BLOCK && !exhausted();
    }

    /** The next few bits as a number, at most 15. */
    int number(int bits) {
        if (bits == 0) {
            return 0;
        }
        if (available < NEEDED) {
            fill();
        }
        int number = (int) (register >>> (64 - bits));
        skip(bits);
        return number;
    }

    /** Steps over so many bits. */
    void skipBits(int count) {
        int left = count;
        while (left >= available) {
            left -= available;
            register = 0;
            available = 0;
            fill();
        }
        skip(left);
    }

    /** Steps over a code and the number after it; gives its symbol, negative when no code begins like this. */
    int next(HuffmanCodes codes) {
        if (available < NEEDED) {
            fill();
        }
        int entry = codes.fast[(int) (register >>> (64 - HuffmanCodes.FAST))];
        if (entry != 0) {
            skip(entry >> 8);
            return entry & 0xFF;
        }
        int next = (int) (register >>> (64 - HuffmanCodes.LONGEST));
        for (int length = HuffmanCodes.FAST + 1; length <= HuffmanCodes.LONGEST; length++) {
            if (next < codes.ends[length]) {
                int symbol = codes.symbols[(next >> (HuffmanCodes.LONGEST - length)) + codes.offsets[length]] & 0xFF;
                skip(length + HuffmanCodes.numberBits(symbol));
                return symbol;
            }
        }
        return -1;
    }

    private void skip(int bits) {
        register <<= bits;
        available -= bits;
    }

    private void fill() {
        while (available <= 56) {
            long next = 0;
            if (atData()) {
                next = file[at] & 0xFF;
                at += next == 0xFF ? 2 : 1;
            } else {
                invented += 8;
            }
            register |= next << (56 - available);
            available += 8;
        }
    }

    private boolean atData() {
        if (at >= file.length) {
            return false;
        }
        if (file[at] != (byte) 0xFF) {
            return true;
        }
        int behind = at + 1;
        while (behind < file.length && file[behind] == (byte) 0xFF) {
            behind++;
        }
        boolean data = behind < file.length && file[behind] == 0;
        // of several FF before a 00 the last one is data
        at = data ? behind - 1 : at;
        return data;
    }

    /**
     * Steps over a restart marker, which must be the next marker, and what may stand before it; gives where it stands,
     * negative when there is none.
     */
    int restart() {
        int marker = nextMarker();
        if (marker < 0 || (file[marker + 1] & 0xF8) != 0xD0) {
            return -1;
        }
        start(marker + 2);
        return marker;
    }

    /** Whether whole bytes are left before the next marker. */
    boolean strayBytes() {
        return available - invented >= 8 || atData();
    }

    /** Where the first byte stands of which nothing was read. */
    int position() {
        int position = at;
        for (int unread = (available - invented) / 8; unread > 0; unread--) {
            position -= file[position - 1] == 0 && file[position - 2] == (byte) 0xFF ? 2 : 1;
        }
        return position;
    }

    /** Where the next marker begins; negative when none is left. */
    int nextMarker() {
        return jpeg.nextMarker(at);
    }
}
