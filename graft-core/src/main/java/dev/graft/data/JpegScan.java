package dev.graft.data;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Follows the Huffman codes of a baseline JPEG (ITU-T T.81, annex F) without computing a pixel. libjpeg fills what is
 * damaged or missing with grey, says so on the standard error stream and nowhere else, and calls that a success; here
 * it is found out first. Costs a fifth of the decoding. Progressive pictures are let through as they are.
 */
final class JpegScan {
    private static final int MAX_TABLES = 4;

    private final Bytes jpeg;
    private final byte[] file;
    private final @Nullable HuffmanCodes[] dcTables = new HuffmanCodes[MAX_TABLES];
    private final @Nullable HuffmanCodes[] acTables = new HuffmanCodes[MAX_TABLES];
    private final HuffmanBits bits;
    private int restartInterval;
    private int frame;

    private JpegScan(byte[] file) {
        this.file = file;
        this.jpeg = new Bytes(file, ByteOrder.BIG_ENDIAN, "JPEG");
        this.bits = new HuffmanBits(jpeg);
    }

    /**
     * Returns the file, without stray bytes between the picture and its end marker.
     *
     * @param file a JPEG whose segments up to the first scan are sound
     * @throws UnreadablePictureException when a part of the picture is missing or damaged
     */
    static byte[] verify(byte[] file) throws UnreadablePictureException {
        return new JpegScan(file).verify();
    }

    private byte[] verify() throws UnreadablePictureException {
        int at = 2;
        while (true) {
            int marker = jpeg.u8(at + 1L);
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == 0xD9) {
                return file;
            }
            if (JpegHeader.standsAlone(marker)) {
                at += 2;
                continue;
            }
            int end = at + 2 + jpeg.u16(at + 2L);
            switch (marker) {
                case 0xC0, 0xC1 -> frame = at + 4;
                case 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF -> {
                    return file;
                }
                case 0xC4 -> readTables(at + 4, end);
                case 0xDD -> restartInterval = jpeg.u16(at + 4L);
                case 0xDA -> {
                    readScan(at + 4, end);
                    end = bits.nextMarker();
                    if (bits.strayBytes() && jpeg.u8(end + 1L) == 0xD9) {
                        return withoutStrayBytes();
                    }
                }
                default -> {}
            }
            at = end;
        }
    }

    private byte[] withoutStrayBytes() {
        int end = bits.position();
        byte[] body = Arrays.copyOf(file, end + 2);
        body[end] = (byte) 0xFF;
        body[end + 1] = (byte) 0xD9;
        return body;
    }

    private void readTables(int from, int end) throws UnreadablePictureException {
        int at = from;
        while (at < end) {
            int kind = jpeg.u8(at);
            if ((kind & 0xEF) >= MAX_TABLES) {
                throw jpeg.corrupt("Huffman table number " + kind);
            }
            HuffmanCodes codes = HuffmanCodes.read(jpeg, at + 1);
            (kind >= 0x10 ? acTables : dcTables)[kind & 0xF] = codes;
            at += codes.bytes() + 1;
        }
    }

    private void readScan(int header, int data) throws UnreadablePictureException {
        if (frame == 0) {
            throw jpeg.corrupt("it has no frame header");
        }
        long height = jpeg.u16(frame + 1L);
        long width = jpeg.u16(frame + 3L);
        int components = jpeg.u8(frame + 5L);
        int widest = 1;
        int tallest = 1;
        for (int c = 0; c < components; c++) {
            int sampling = jpeg.u8(frame + 7L + 3L * c);
            widest = Math.max(widest, sampling >> 4);
            tallest = Math.max(tallest, sampling & 0xF);
        }
        int scanned = jpeg.u8(header);
        HuffmanCodes[] dc = new HuffmanCodes[0];
        HuffmanCodes[] ac = new HuffmanCodes[0];
        long units = ceil(width, 8L * widest) * ceil(height, 8L * tallest);
        for (int s = 0; s < scanned; s++) {
            int sampling = samplingOf(jpeg.u8(header + 1L + 2L * s), components);
            int tables = jpeg.u8(header + 2L + 2L * s);
            int blocks = (sampling >> 4) * (sampling & 0xF);
            if (scanned == 1) {
                // a component by itself comes block by block
                units = ceil(ceil(width * (sampling >> 4), widest), 8)
                        * ceil(ceil(height * (sampling & 0xF), tallest), 8);
                blocks = 1;
            }
            dc = repeat(dc, table(dcTables, tables >> 4), blocks);
            ac = repeat(ac, table(acTables, tables & 0xF), blocks);
        }
        bits.start(data);
        follow(units, dc, ac);
    }

    private void follow(long units, HuffmanCodes[] dc, HuffmanCodes[] ac) throws UnreadablePictureException {
        for (long unit = 0; unit < units; unit++) {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0 && !bits.restart()) {
                throw damaged(unit, units);
            }
            for (int block = 0; block < dc.length; block++) {
                if (!bits.skipBlock(dc[block], ac[block])) {
                    throw damaged(unit, units);
                }
            }
        }
        if (bits.exhausted()) {
            throw damaged(units, units);
        }
    }

    private UnreadablePictureException damaged(long unit, long units) {
        String after = "after " + unit * 100 / units + " % of the picture";
        return bits.exhausted() ? jpeg.truncated("the data ends " + after) : jpeg.corrupt("damaged " + after);
    }

    private int samplingOf(int component, int components) throws UnreadablePictureException {
        for (int c = 0; c < components; c++) {
            if (jpeg.u8(frame + 6L + 3L * c) == component) {
                return jpeg.u8(frame + 7L + 3L * c);
            }
        }
        throw jpeg.corrupt("a scan of an unknown component");
    }

    private HuffmanCodes table(@Nullable HuffmanCodes[] tables, int number) throws UnreadablePictureException {
        HuffmanCodes table = number < MAX_TABLES ? tables[number] : null;
        if (table == null) {
            throw jpeg.corrupt("a Huffman table is missing");
        }
        return table;
    }

    private static HuffmanCodes[] repeat(HuffmanCodes[] before, HuffmanCodes next, int times) {
        HuffmanCodes[] all = Arrays.copyOf(before, before.length + times);
        Arrays.fill(all, before.length, all.length, next);
        return all;
    }

    private static long ceil(long value, long unit) {
        return (value + unit - 1) / unit;
    }
}
