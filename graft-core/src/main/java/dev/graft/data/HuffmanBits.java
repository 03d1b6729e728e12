package dev.graft.data;

/** The entropy-coded bits of a JPEG scan, read ahead into a register. A byte FF of the data is followed by a 00. */
final class HuffmanBits {
    private static final int BLOCK = 64;
    private static final int LARGEST_NUMBER = 15;
    private static final int LONGEST_RUN = 15;
    /** The longest code and the longest number behind it. */
    private static final int NEEDED = 31;

    private final byte[] file;
    private int at;
    private long register;
    /** How many bits of the register, from the top, are to be read. */
    private int available;
    /** How many of them are made up because the data had ended. */
    private int invented;

    HuffmanBits(Bytes jpeg) {
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
            if (HuffmanCodes.numberBits(symbol) == 0 && run < LONGEST_RUN) {
                break;
            }
            k += run + 1;
        }
        return k <= BLOCK && !exhausted();
    }

    /** Steps over a code and the number behind it; gives its symbol, negative when no code begins like this. */
    private int next(HuffmanCodes codes) {
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
        return at < file.length && (file[at] != (byte) 0xFF || (at + 1 < file.length && file[at + 1] == 0));
    }

    /** Steps over a restart marker, which must be next; false when it is not. */
    boolean restart() {
        boolean marked =
                !strayBytes() && at + 1 < file.length && file[at] == (byte) 0xFF && (file[at + 1] & 0xF8) == 0xD0;
        start(at + 2);
        return marked;
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

    /** Where the next marker begins; the file's end at the latest. */
    int nextMarker() {
        int marker = at;
        while (marker + 1 < file.length && (file[marker] != (byte) 0xFF || file[marker + 1] == 0)) {
            marker++;
        }
        return marker;
    }
}
