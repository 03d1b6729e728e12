package dev.graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Turns a row of stored samples into grey levels of 8 bits. Whole numbers without a sign of up to 16 bits use their whole
 * range. Wider, signed and floating-point ones do not say what white is: values up to 1 (floats), 255 or 65535 are
 * taken for shares of that, the least that fits; others, and those with negative ones, are stretched from the least to the
 * greatest of the picture.
 */
final class TiffSamples {
    /** What filters that overshoot leave beyond white or black. */
    private static final double OVERSHOOT = 0.25;

    private final TiffLayout layout;
    private final int samples;
    private final byte[] room;
    private final byte[] unshuffled;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;
    private double black;
    private double scale = 1;

    TiffSamples(TiffLayout layout) {
        this.layout = layout;
        this.samples = Math.multiplyExact(layout.width, layout.together());
        this.room = new byte[Math.toIntExact(layout.rowBytes(layout.storedWidth()))];
        this.unshuffled = new byte[layout.predictor == 3 ? room.length : 0];
    }

    byte[] room() {
        return room;
    }

    boolean needsRange() {
        return layout.kind != TiffLayout.UNSIGNED || layout.bits > 16;
    }

    /** Widens the range by the values of a row, transparency aside. */
    void look(byte[] row, int plane) {
        ByteBuffer values = ByteBuffer.wrap(row).order(layout.order);
        for (int i = 0; i < samples; i++) {
            int channel = layout.planar ? plane : i % layout.channels;
            double value = value(values, i);
            if (channel != layout.alpha && Math.abs(value) <= Double.MAX_VALUE && shown(channel)) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
    }

    private boolean shown(int channel) {
        return channel < (layout.photometric == TiffLayout.RGB ? 3 : layout.photometric == TiffLayout.CMYK ? 4 : 1);
    }

    void settleRange() {
        double[] whites = layout.kind == TiffLayout.FLOAT ? new double[] {1, 255, 65535} : new double[] {255, 65535};
        for (double white : whites) {
            double beyond = layout.kind == TiffLayout.FLOAT ? OVERSHOOT * white : 0;
            if (most <= white + beyond && least >= -beyond) {
                black = 0;
                scale = 255 / white;
                return;
            }
            if (most <= white + beyond) {
                break;
            }
        }
        double full = layout.bits == 32 && layout.kind == TiffLayout.UNSIGNED ? 4294967295.0 : 0;
        black = most > full / 2 && full > 0 ? 0 : least;
        double white = most > full / 2 && full > 0 ? full : most;
        scale = white > black ? 255 / (white - black) : 0;
    }

    /** Puts the levels of a row of one plane to their places among those of all channels. */
    void levels(byte[] row, byte[] out, int plane) {
        int step = layout.planar ? layout.channels : 1;
        if (needsRange()) {
            ByteBuffer values = ByteBuffer.wrap(row).order(layout.order);
            for (int i = 0; i < samples; i++) {
                int channel = layout.planar ? plane : i % layout.channels;
                double value = value(values, i);
                out[i * step + plane] =
                        (byte) (channel == layout.alpha ? alphaLevel(value) : level((value - black) * scale));
            }
        } else if (layout.bits == 8) {
            for (int i = 0; i < samples; i++) {
                out[i * step + plane] = row[i];
            }
        } else if (layout.bits == 16) {
            ByteBuffer values = ByteBuffer.wrap(row).order(layout.order);
            for (int i = 0; i < samples; i++) {
                out[i * step + plane] = (byte) (((values.getShort(2 * i) & 0xFFFF) + 128) / 257);
            }
        } else {
            int white = layout.photometric == TiffLayout.PALETTE ? 255 : (1 << layout.bits) - 1;
            for (int i = 0; i < samples; i++) {
                out[i * step + plane] = (byte) ((packed(row, i) * 255 * 2 + white) / (2 * white));
            }
        }
    }

    /** A sample of a number of bits that is no whole byte, the highest bit first. */
    private int packed(byte[] row, int index) {
        int value = 0;
        long bit = (long) index * layout.bits;
        for (int i = 0; i < layout.bits; i++, bit++) {
            value = value << 1 | (row[(int) (bit >> 3)] >> (7 - (bit & 7)) & 1);
        }
        return value;
    }

    private int alphaLevel(double value) {
        double white = layout.kind == TiffLayout.FLOAT
                ? 1
                : Math.pow(2, layout.bits - (layout.kind == TiffLayout.SIGNED ? 1 : 0)) - 1;
        return level(value * 255 / white);
    }

    private static int level(double value) {
        return Double.isNaN(value) ? 0 : (int) Math.max(0, Math.min(255, Math.rint(value)));
    }

    private double value(ByteBuffer row, int i) {
        if (layout.kind == TiffLayout.FLOAT) {
            return switch (layout.bits) {
                case 16 -> half(row.getShort(2 * i));
                case 32 -> row.getFloat(4 * i);
                default -> row.getDouble(8 * i);
            };
        }
        return switch (layout.bits) {
            case 8 -> row.get(i);
            case 16 -> row.getShort(2 * i);
            case 32 -> layout.kind == TiffLayout.SIGNED ? row.getInt(4 * i) : row.getInt(4 * i) & 0xFFFF_FFFFL;
            default -> row.getLong(8 * i);
        };
    }

    private static double half(short bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        double size = exponent == 31
                ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Math.pow(2, exponent - 25);
        return bits < 0 ? -size : size;
    }

    /** Adds up what was stored as differences from the left neighbour, each tile by itself (TIFF 6.0, section 14). */
    void undoPrediction(byte[] row) {
        if (layout.predictor == 1) {
            return;
        }
        int tile = Math.toIntExact(layout.rowBytes(layout.tileWidth));
        for (int from = 0; from < row.length; from += tile) {
            int to = Math.min(row.length, from + tile);
            if (layout.predictor == 3) {
                undoFloats(row, from, to);
            } else {
                undoDifferences(row, from, to);
            }
        }
    }

    private void undoDifferences(byte[] row, int from, int to) {
        int bytes = layout.bits / 8;
        int pixel = bytes * layout.together();
        boolean little = layout.order == ByteOrder.LITTLE_ENDIAN;
        for (int at = from + pixel; at + bytes <= to; at += bytes) {
            int carry = 0;
            for (int b = 0; b < bytes; b++) {
                int place = at + (little ? b : bytes - 1 - b);
                carry += (row[place] & 0xFF) + (row[place - pixel] & 0xFF);
                row[place] = (byte) carry;
                carry >>= 8;
            }
        }
    }

    /** Floats are stored as all their first bytes, then all their second ones, and so on, the highest first. */
    private void undoFloats(byte[] row, int from, int to) {
        int bytes = layout.bits / 8;
        int stride = layout.together();
        for (int at = from + stride; at < to; at++) {
            row[at] += row[at - stride];
        }
        int count = (to - from) / bytes;
        boolean little = layout.order == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < count; i++) {
            for (int b = 0; b < bytes; b++) {
                unshuffled[from + i * bytes + (little ? bytes - 1 - b : b)] = row[from + b * count + i];
            }
        }
        System.arraycopy(unshuffled, from, row, from, to - from);
    }
}
