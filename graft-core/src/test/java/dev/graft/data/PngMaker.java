package dev.graft.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Writes PNG files for tests, chunk by chunk. */
final class PngMaker {
    static final int GREY = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int GREY_ALPHA = 4;
    static final int RGBA = 6;
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PngMaker() {
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    }

    PngMaker header(int width, int height, int bits, int kind, boolean interlaced) {
        return chunk(
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) bits)
                        .put((byte) kind)
                        .putShort((short) 0)
                        .put((byte) (interlaced ? 1 : 0))
                        .array());
    }

    PngMaker chunk(String name, byte[] data) {
        byte[] named = new byte[4 + data.length];
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, named, 0, 4);
        System.arraycopy(data, 0, named, 4, data.length);
        CRC32 sum = new CRC32();
        sum.update(named);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(named);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
        return this;
    }

    PngMaker chunk(String name, int... data) {
        byte[] bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            bytes[i] = (byte) data[i];
        }
        return chunk(name, bytes);
    }

    /** Samples of 16 bits each, as tRNS has them. */
    PngMaker transparent(int... samples) {
        ByteBuffer data = ByteBuffer.allocate(2 * samples.length);
        for (int sample : samples) {
            data.putShort((short) sample);
        }
        return chunk("tRNS", data.array());
    }

    PngMaker pixels(int width, int height, int bits, int kind, boolean interlaced, TiffMaker.Sample sample) {
        return chunk("IDAT", TiffMaker.deflated(raw(width, height, bits, kind, interlaced, sample)));
    }

    static byte[] raw(int width, int height, int bits, int kind, boolean interlaced, TiffMaker.Sample sample) {
        int channels = kind == RGB ? 3 : kind == RGBA ? 4 : kind == GREY_ALPHA ? 2 : 1;
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        for (int[] pass : interlaced ? ADAM7 : new int[][] {{0, 0, 1, 1}}) {
            int across = (width - pass[0] + pass[2] - 1) / pass[2];
            for (int y = pass[1]; y < height && across > 0; y += pass[3]) {
                byte[] row = new byte[1 + (across * channels * bits + 7) / 8];
                for (int i = 0; i < across * channels; i++) {
                    long value = Math.round(sample.at(pass[0] + i / channels * pass[2], y, i % channels));
                    for (int b = 0; b < bits; b++) {
                        int bit = i * bits + b;
                        row[1 + bit / 8] |= (byte) ((value >> (bits - 1 - b) & 1) << (7 - bit % 8));
                    }
                }
                raw.writeBytes(row);
            }
        }
        return raw.toByteArray();
    }

    byte[] end() {
        return chunk("IEND", new byte[0]).unfinished();
    }

    byte[] unfinished() {
        return out.toByteArray();
    }
}
