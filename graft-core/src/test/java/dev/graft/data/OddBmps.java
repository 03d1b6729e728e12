package dev.graft.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bitmaps of every depth, header and packing. */
final class OddBmps {
    private static final Scene COLOURS = Scene.colours();
    private static final Scene GREYS = Scene.greys();
    private static final int WIDTH = COLOURS.width;
    private static final int HEIGHT = COLOURS.height;

    private OddBmps() {}

    /** The value of one pixel, as many bits as it has. */
    private interface Pixel {
        long at(int x, int y);
    }

    private static byte[] rows(int bits, boolean topDown, Pixel pixel) {
        int rowBytes = (WIDTH * bits + 31) / 32 * 4;
        byte[] rows = new byte[rowBytes * HEIGHT];
        for (int y = 0; y < HEIGHT; y++) {
            int row = (topDown ? y : HEIGHT - 1 - y) * rowBytes;
            for (int x = 0; x < WIDTH; x++) {
                long value = pixel.at(x, y);
                for (int b = 0; b < bits / 8; b++) {
                    rows[row + x * bits / 8 + b] = (byte) (value >> 8 * b);
                }
                if (bits < 8) {
                    rows[row + x * bits / 8] |= (byte) (value << (8 - bits - x * bits % 8));
                }
            }
        }
        return rows;
    }

    private static byte[] file(int headerSize, int height, int bits, int compression, byte[] extra, byte[] data) {
        ByteBuffer out = ByteBuffer.allocate(14 + headerSize + extra.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 'B').put((byte) 'M').putInt(out.capacity()).putInt(0).putInt(out.capacity() - data.length);
        out.putInt(headerSize);
        if (headerSize == 12) {
            out.putShort((short) WIDTH)
                    .putShort((short) height)
                    .putShort((short) 1)
                    .putShort((short) bits);
        } else {
            out.putInt(WIDTH).putInt(height).putShort((short) 1).putShort((short) bits);
            out.putInt(compression).putInt(data.length);
        }
        if (headerSize >= 56) {
            out.putInt(54, 0xFF0000).putInt(58, 0xFF00).putInt(62, 0xFF).putInt(66, 0xFF000000);
        }
        out.position(14 + headerSize);
        return out.put(extra).put(data).array();
    }

    private static byte[] palette(int colours, int each) {
        byte[] palette = new byte[colours * each];
        for (int i = 0; i < colours; i++) {
            Arrays.fill(palette, i * each, i * each + 3, (byte) (i * 255 / (colours - 1)));
        }
        return palette;
    }

    private static byte[] masks(int... masks) {
        ByteBuffer out = ByteBuffer.allocate(4 * masks.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int mask : masks) {
            out.putInt(mask);
        }
        return out.array();
    }

    private static long colour(int x, int y, int red, int green, int blue) {
        int[] levels = COLOURS.levels[y][x];
        return Math.round(levels[0] * ((1 << red) - 1) / 255.0) << (green + blue)
                | Math.round(levels[1] * ((1 << green) - 1) / 255.0) << blue
                | Math.round(levels[2] * ((1 << blue) - 1) / 255.0);
    }

    private static byte[] rle8() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int y = HEIGHT - 1; y >= 0; y--) {
            out.writeBytes(new byte[] {0, (byte) 20});
            for (int x = 0; x < 20; x++) {
                out.write(GREYS.levels[y][x][0]);
            }
            for (int x = 20; x < WIDTH; x++) {
                out.writeBytes(new byte[] {1, (byte) GREYS.levels[y][x][0]});
            }
            out.writeBytes(new byte[] {0, 0});
        }
        out.writeBytes(new byte[] {0, 1});
        return out.toByteArray();
    }

    private static byte[] rle4() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int y = HEIGHT - 1; y >= 0; y--) {
            for (int x = 0; x < WIDTH; x += 2) {
                int first = (int) Math.round(GREYS.levels[y][x][0] / 17.0);
                int second = (int) Math.round(GREYS.levels[y][x + 1][0] / 17.0);
                out.writeBytes(new byte[] {2, (byte) (first << 4 | second)});
            }
            out.writeBytes(new byte[] {0, 0});
        }
        out.writeBytes(new byte[] {0, 1});
        return out.toByteArray();
    }

    static List<OddPicture> all() {
        List<OddPicture> all = new ArrayList<>();
        for (boolean topDown : new boolean[] {false, true}) {
            String name = topDown ? "-top-down.bmp" : ".bmp";
            int height = topDown ? -HEIGHT : HEIGHT;
            for (int bits : new int[] {1, 4, 8}) {
                int most = (1 << bits) - 1;
                byte[] rows = rows(bits, topDown, (x, y) -> Math.round(GREYS.levels[y][x][0] * most / 255.0));
                all.add(OddPicture.read(
                        "palette" + bits + name,
                        file(40, height, bits, 0, palette(most + 1, 4), rows),
                        GREYS.steps(bits)));
                if (!topDown) {
                    all.add(OddPicture.read(
                            "os2-" + bits + name,
                            file(12, height, bits, 0, palette(most + 1, 3), rows),
                            GREYS.steps(bits)));
                    all.add(OddPicture.read(
                            "os2v2-" + bits + name,
                            file(64, height, bits, 0, palette(most + 1, 4), rows),
                            GREYS.steps(bits)));
                }
            }
            byte[] rgb555 = rows(16, topDown, (x, y) -> colour(x, y, 5, 5, 5));
            byte[] rgb565 = rows(16, topDown, (x, y) -> colour(x, y, 5, 6, 5));
            byte[] rgb24 = rows(24, topDown, (x, y) -> colour(x, y, 8, 8, 8));
            byte[] rgb32 = rows(32, topDown, (x, y) -> colour(x, y, 8, 8, 8));
            byte[] rgba32 = rows(32, topDown, (x, y) -> colour(x, y, 8, 8, 8) | (long) COLOURS.alpha(x, y) << 24);
            Scene fives = COLOURS.steps(5);
            Scene sixes = COLOURS.map((x, y) ->
                    new int[] {fives.levels[y][x][0], COLOURS.steps(6).levels[y][x][1], fives.levels[y][x][2]});
            all.add(OddPicture.read("rgb555" + name, file(40, height, 16, 0, new byte[0], rgb555), fives));
            all.add(OddPicture.read(
                    "rgb555-masks" + name, file(40, height, 16, 3, masks(0x7C00, 0x3E0, 0x1F), rgb555), fives));
            all.add(OddPicture.read(
                    "rgb565" + name, file(40, height, 16, 3, masks(0xF800, 0x7E0, 0x1F), rgb565), sixes));
            all.add(OddPicture.read("rgb24" + name, file(40, height, 24, 0, new byte[0], rgb24), COLOURS));
            all.add(OddPicture.read("rgb32" + name, file(40, height, 32, 0, new byte[0], rgb32), COLOURS));
            all.add(OddPicture.read("rgb32-fourth" + name, file(40, height, 32, 0, new byte[0], rgba32), COLOURS));
            all.add(OddPicture.read(
                    "rgb32-masks" + name, file(40, height, 32, 3, masks(0xFF0000, 0xFF00, 0xFF), rgb32), COLOURS));
            all.add(OddPicture.read(
                    "rgba32-v4" + name, file(108, height, 32, 3, new byte[0], rgba32), COLOURS.overWhite()));
            all.add(OddPicture.read(
                    "rgba32-v5" + name, file(124, height, 32, 3, new byte[0], rgba32), COLOURS.overWhite()));
            all.add(OddPicture.read(
                    "rgba32-v3" + name, file(56, height, 32, 3, new byte[0], rgba32), COLOURS.overWhite()));
            byte[] swapped = rows(32, topDown, (x, y) -> {
                int[] levels = COLOURS.levels[y][x];
                return levels[0] | levels[1] << 8 | levels[2] << 16;
            });
            all.add(OddPicture.read(
                    "bgr32-masks" + name, file(40, height, 32, 3, masks(0xFF, 0xFF00, 0xFF0000), swapped), COLOURS));
        }
        all.add(OddPicture.read("rle8.bmp", file(40, HEIGHT, 8, 1, palette(256, 4), rle8()), GREYS));
        all.add(OddPicture.read("rle4.bmp", file(40, HEIGHT, 4, 2, palette(16, 4), rle4()), GREYS.steps(4)));
        byte[] whole = file(40, HEIGHT, 8, 0, palette(256, 4), rows(8, false, (x, y) -> GREYS.levels[y][x][0]));
        all.add(OddPicture.refused("cut.bmp", Arrays.copyOf(whole, whole.length - 500), "truncated BMP"));
        all.add(OddPicture.refused(
                "jpeg-inside.bmp", file(40, HEIGHT, 24, 4, new byte[0], new byte[3000]), "a BMP with JPEG data"));
        all.add(OddPicture.refused(
                "png-inside.bmp", file(40, HEIGHT, 24, 5, new byte[0], new byte[3000]), "a BMP with PNG data"));
        return all;
    }
}
