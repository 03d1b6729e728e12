package dev.graft.data;

import java.util.Arrays;

/** One Huffman table of a JPEG: which bits stand for which symbol. */
final class HuffmanCodes {
    static final int LONGEST = 16;
    /** Codes up to this length are found in one look. */
    static final int FAST = 9;

    /** For the next {@link #FAST} bits: 256 times the bits of code and number, plus the symbol; 0 for a longer code. */
    final short[] fast = new short[1 << FAST];
    /** For each length, the first code after its last one, as if all codes had 16 bits. */
    final int[] ends = new int[LONGEST + 1];
    /** For each length, what is added to a code to get its place in {@link #symbols}. */
    final int[] offsets = new int[LONGEST + 1];

    final byte[] symbols;

    private HuffmanCodes(byte[] symbols) {
        this.symbols = symbols;
    }

    /** How many bytes of the file the table takes. */
    int bytes() {
        return LONGEST + symbols.length;
    }

    /** How many bits of a coefficient follow a symbol. */
    static int numberBits(int symbol) {
        return symbol & 0xF;
    }

    static HuffmanCodes read(PictureBytes jpeg, int at) throws UnreadablePictureException {
        int total = 0;
        for (int length = 1; length <= LONGEST; length++) {
            total += jpeg.u8(at + length - 1L);
        }
        byte[] symbols = new byte[total];
        System.arraycopy(jpeg.array(), jpeg.index(at + (long) LONGEST, total), symbols, 0, total);
        HuffmanCodes table = new HuffmanCodes(symbols);
        int code = 0;
        int place = 0;
        for (int length = 1; length <= LONGEST; length++) {
            int count = jpeg.u8(at + length - 1L);
            if (code + count > 1 << length) {
                throw jpeg.corrupt("a Huffman table has too many codes");
            }
            table.offsets[length] = place - code;
            for (int i = 0; i < count && length <= FAST; i++) {
                int symbol = symbols[place + i] & 0xFF;
                int first = (code + i) << (FAST - length);
                int last = first + (1 << (FAST - length));
                Arrays.fill(table.fast, first, last, (short) (((length + numberBits(symbol)) << 8) | symbol));
            }
            code += count;
            place += count;
            table.ends[length] = code << (LONGEST - length);
            code <<= 1;
        }
        return table;
    }
}
