package dev.graft.data;

import java.nio.ByteOrder;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;
import org.jspecify.annotations.Nullable;

/** The Huffman tables in force at one place of a JPEG file. */
final class JpegTables {
    private static final int MAX_TABLES = 4;

    private final @Nullable HuffmanCodes[] dc = new HuffmanCodes[MAX_TABLES];
    private final @Nullable HuffmanCodes[] ac = new HuffmanCodes[MAX_TABLES];

    /** Reads a segment of them. */
    void read(PictureBytes jpeg, int from, int end) throws UnreadablePictureException {
        int at = from;
        while (at < end) {
            int kind = jpeg.u8(at);
            if ((kind & 0xEF) >= MAX_TABLES) {
                throw jpeg.corrupt("Huffman table number " + kind);
            }
            HuffmanCodes codes = HuffmanCodes.read(jpeg, at + 1);
            (kind >= 0x10 ? ac : dc)[kind & 0xF] = codes;
            at += codes.bytes() + 1;
        }
    }

    HuffmanCodes dc(PictureBytes jpeg, int number) throws UnreadablePictureException {
        HuffmanCodes table = number < MAX_TABLES ? dc[number] : null;
        return table != null
                ? table
                : standard(jpeg, number, JPEGHuffmanTable.StdDCLuminance, JPEGHuffmanTable.StdDCChrominance);
    }

    HuffmanCodes ac(PictureBytes jpeg, int number) throws UnreadablePictureException {
        HuffmanCodes table = number < MAX_TABLES ? ac[number] : null;
        return table != null
                ? table
                : standard(jpeg, number, JPEGHuffmanTable.StdACLuminance, JPEGHuffmanTable.StdACChrominance);
    }

    /** Frames of films leave out the tables that everybody uses (T.81, annex K); libjpeg then takes those. */
    private static HuffmanCodes standard(PictureBytes jpeg, int number, JPEGHuffmanTable first, JPEGHuffmanTable second)
            throws UnreadablePictureException {
        if (number > 1) {
            throw jpeg.corrupt("a Huffman table is missing");
        }
        JPEGHuffmanTable table = number == 0 ? first : second;
        byte[] bytes = new byte[HuffmanCodes.LONGEST + table.getValues().length];
        for (int i = 0; i < table.getLengths().length; i++) {
            bytes[i] = (byte) table.getLengths()[i];
        }
        for (int i = 0; i < table.getValues().length; i++) {
            bytes[HuffmanCodes.LONGEST + i] = (byte) table.getValues()[i];
        }
        return HuffmanCodes.read(new PictureBytes(bytes, ByteOrder.BIG_ENDIAN, "JPEG"), 0);
    }
}
