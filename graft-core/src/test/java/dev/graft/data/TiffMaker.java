package dev.graft.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;

/** Writes TIFF files of any kind for tests, tag by tag. */
final class TiffMaker {
    /** The value of one sample, from 0 to 1 or whatever the kind has. */
    interface Sample {
        double at(int x, int y, int channel);
    }

    private static final int SHORT = 3;
    private static final int LONG = 4;

    private final Map<Integer, long[]> tags = new TreeMap<>();
    private final Map<Integer, Integer> types = new TreeMap<>();
    private final int width;
    private final int height;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private boolean big;
    private int bits = 8;
    private int kind = 1;
    private int channels = 1;
    private boolean planar;
    private int rows = 7;
    private int tile;
    private int compression = 1;
    private int predictor = 1;

    TiffMaker(int width, int height) {
        this.width = width;
        this.height = height;
    }

    TiffMaker order(ByteOrder other) {
        order = other;
        return this;
    }

    TiffMaker big() {
        big = true;
        return this;
    }

    /** @param format 1 without a sign, 2 with one, 3 floating-point */
    TiffMaker samples(int count, int eachBits, int format) {
        channels = count;
        bits = eachBits;
        kind = format;
        return this;
    }

    TiffMaker planar() {
        planar = true;
        return this;
    }

    TiffMaker tiles(int side) {
        tile = side;
        return this;
    }

    TiffMaker compressed(int how, int prediction) {
        compression = how;
        predictor = prediction;
        return this;
    }

    TiffMaker tag(int tag, long... values) {
        return tag(tag, Arrays.stream(values).anyMatch(v -> v > 65535) ? LONG : SHORT, values);
    }

    TiffMaker tag(int tag, int type, long[] values) {
        tags.put(tag, values);
        types.put(tag, type);
        return this;
    }

    byte[] make(int photometric, Sample sample) {
        List<byte[]> pieces = new ArrayList<>();
        for (int plane = 0; plane < (planar ? channels : 1); plane++) {
            int across = tile > 0 ? tile : width;
            int down = tile > 0 ? tile : rows;
            for (int top = 0; top < height; top += down) {
                for (int left = 0; left < width; left += across) {
                    int lines = tile > 0 ? tile : Math.min(rows, height - top);
                    pieces.add(compress(piece(sample, plane, left, top, across, lines)));
                }
            }
        }
        return file(photometric, pieces);
    }

    /** With strips that are given. */
    byte[] file(int photometric, List<byte[]> pieces) {
        tag(256, width)
                .tag(257, height)
                .tag(259, compression)
                .tag(262, photometric)
                .tag(277, channels);
        long[] depth = new long[channels];
        Arrays.fill(depth, bits);
        tags.putIfAbsent(258, depth);
        types.putIfAbsent(258, SHORT);
        if (kind != 1) {
            tag(339, kind);
        }
        if (planar) {
            tag(284, 2);
        }
        if (predictor != 1) {
            tag(317, predictor);
        }
        if (tile > 0) {
            tag(322, tile).tag(323, tile);
        } else {
            tag(278, pieces.size() == 1 ? height : rows);
        }
        return assemble(pieces);
    }

    private byte[] assemble(List<byte[]> pieces) {
        ByteBuffer out = ByteBuffer.allocate(1 << 20).order(order);
        out.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M')).put(out.get(0));
        out.putShort((short) (big ? 43 : 42)).position(big ? 16 : 8);
        long[] offsets = new long[pieces.size()];
        long[] counts = new long[pieces.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = out.position();
            counts[i] = pieces.get(i).length;
            out.put(pieces.get(i));
        }
        tag(tile > 0 ? 324 : 273, LONG, offsets).tag(tile > 0 ? 325 : 279, LONG, counts);
        Map<Integer, Integer> places = new TreeMap<>();
        int inline = big ? 8 : 4;
        tags.forEach((tag, values) -> {
            int size = size(type(tag)) * values.length;
            if (size > inline) {
                out.position(out.position() + (out.position() & 1));
                places.put(tag, out.position());
                put(out, type(tag), values);
            }
        });
        out.position(out.position() + (out.position() & 1));
        int directory = out.position();
        if (big) {
            out.putShort(4, (short) 8).putLong(8, directory).putLong(tags.size());
        } else {
            out.putInt(4, directory).putShort((short) tags.size());
        }
        tags.forEach((tag, values) -> {
            out.putShort(tag.shortValue()).putShort((short) type(tag));
            if (big) {
                out.putLong(values.length);
            } else {
                out.putInt(values.length);
            }
            int at = out.position();
            Integer place = places.get(tag);
            if (place == null) {
                put(out, type(tag), values);
            } else if (big) {
                out.putLong(place);
            } else {
                out.putInt(place);
            }
            out.position(at + inline);
        });
        return Arrays.copyOf(out.array(), out.position() + 8);
    }

    private int type(int tag) {
        return types.getOrDefault(tag, SHORT);
    }

    static int size(int type) {
        return switch (type) {
            case 1, 6 -> 1;
            case 3, 8 -> 2;
            case 5, 10 -> 8;
            default -> 4;
        };
    }

    static void put(ByteBuffer out, int type, long[] values) {
        for (long value : values) {
            switch (type) {
                case 1, 6 -> out.put((byte) value);
                case 3, 8 -> out.putShort((short) value);
                case 5, 10 -> out.putInt((int) value).putInt(1);
                default -> out.putInt((int) value);
            }
        }
    }

    private byte[] piece(Sample sample, int plane, int left, int top, int across, int lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int together = planar ? 1 : channels;
        for (int y = top; y < top + lines; y++) {
            byte[] row = new byte[(across * together * bits + 7) / 8];
            for (int x = 0; x < across; x++) {
                for (int c = 0; c < together; c++) {
                    double value =
                            sample.at(Math.min(left + x, width - 1), Math.min(y, height - 1), planar ? plane : c);
                    store(row, x * together + c, value);
                }
            }
            predict(row, together);
            out.writeBytes(row);
        }
        return out.toByteArray();
    }

    private void store(byte[] row, int index, double value) {
        ByteBuffer out = ByteBuffer.wrap(row).order(order);
        if (kind == 3) {
            if (bits == 16) {
                out.putShort(2 * index, half((float) value));
            } else if (bits == 32) {
                out.putFloat(4 * index, (float) value);
            } else {
                out.putDouble(8 * index, value);
            }
            return;
        }
        long whole = Math.round(value);
        switch (bits) {
            case 8 -> out.put(index, (byte) whole);
            case 16 -> out.putShort(2 * index, (short) whole);
            case 32 -> out.putInt(4 * index, (int) whole);
            case 64 -> out.putLong(8 * index, whole);
            default -> {
                for (int b = 0; b < bits; b++) {
                    int bit = index * bits + b;
                    row[bit / 8] |= (byte) ((whole >> (bits - 1 - b) & 1) << (7 - bit % 8));
                }
            }
        }
    }

    /** Of numbers from 0 to 65504 that need no rounding care. */
    private static short half(float value) {
        if (value == 0) {
            return 0;
        }
        int exponent = Math.getExponent(value);
        int fraction = Math.round((float) (Math.abs(value) / Math.pow(2, exponent) - 1) * 1024);
        return (short) ((value < 0 ? 0x8000 : 0) | ((exponent + 15 << 10) + fraction));
    }

    private void predict(byte[] row, int together) {
        int bytes = bits / 8;
        if (predictor == 3) {
            byte[] shuffled = new byte[row.length];
            int count = row.length / bytes;
            for (int i = 0; i < count; i++) {
                for (int b = 0; b < bytes; b++) {
                    int from = order == ByteOrder.BIG_ENDIAN ? b : bytes - 1 - b;
                    shuffled[b * count + i] = row[i * bytes + from];
                }
            }
            for (int i = row.length - 1; i >= 0; i--) {
                row[i] = (byte) (shuffled[i] - (i >= together ? shuffled[i - together] : 0));
            }
        } else if (predictor == 2) {
            ByteBuffer values = ByteBuffer.wrap(row).order(order);
            for (int i = row.length / bytes - 1; i >= together; i--) {
                int j = i - together;
                switch (bits) {
                    case 8 -> values.put(i, (byte) (values.get(i) - values.get(j)));
                    case 16 -> values.putShort(2 * i, (short) (values.getShort(2 * i) - values.getShort(2 * j)));
                    default -> values.putInt(4 * i, values.getInt(4 * i) - values.getInt(4 * j));
                }
            }
        }
    }

    private byte[] compress(byte[] raw) {
        return switch (compression) {
            case 8, 32946 -> deflated(raw);
            case 32773 -> packed(raw);
            case 5 -> LzwMaker.tiff(raw);
            default -> raw;
        };
    }

    static byte[] deflated(byte[] raw) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(raw);
        } catch (java.io.IOException impossible) {
            throw new AssertionError(impossible);
        }
        return out.toByteArray();
    }

    /** PackBits without a run. */
    private static byte[] packed(byte[] raw) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < raw.length; at += 128) {
            int count = Math.min(128, raw.length - at);
            out.write(count - 1);
            out.write(raw, at, count);
        }
        return out.toByteArray();
    }
}
