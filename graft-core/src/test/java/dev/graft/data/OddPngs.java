package dev.graft.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** PNGs of every depth, with every kind of transparency, and from phones and animations. */
final class OddPngs {
    private static final Scene COLOURS = Scene.colours();
    private static final Scene GREYS = Scene.greys();
    private static final int WIDTH = COLOURS.width;
    private static final int HEIGHT = COLOURS.height;

    private final List<OddPicture> all = new ArrayList<>();

    private OddPngs() {}

    static List<OddPicture> all() {
        OddPngs pngs = new OddPngs();
        for (boolean interlaced : new boolean[] {false, true}) {
            pngs.greys(interlaced);
            pngs.colours(interlaced);
            pngs.palettes(interlaced);
        }
        pngs.chunks();
        return pngs.all;
    }

    private static PngMaker maker(int bits, int kind, boolean interlaced) {
        return new PngMaker().header(WIDTH, HEIGHT, bits, kind, interlaced);
    }

    private void read(String name, boolean interlaced, byte[] bytes, Scene seen) {
        all.add(OddPicture.read(name + (interlaced ? "-interlaced" : "") + ".png", bytes, seen));
    }

    private static TiffMaker.Sample whole(Scene scene, int bits) {
        double most = Math.pow(2, bits) - 1;
        return (x, y, c) -> Math.round(scene.levels[y][x][c] * most / 255);
    }

    private void greys(boolean interlaced) {
        for (int bits : new int[] {1, 2, 4, 8, 16}) {
            TiffMaker.Sample sample = whole(GREYS, bits);
            Scene seen = GREYS.steps(bits);
            read(
                    "grey" + bits,
                    interlaced,
                    maker(bits, PngMaker.GREY, interlaced)
                            .pixels(WIDTH, HEIGHT, bits, PngMaker.GREY, interlaced, sample)
                            .end(),
                    seen);
            // the square's level is transparent
            int key = (int) sample.at(5, 5, 0);
            read(
                    "grey-key" + bits,
                    interlaced,
                    maker(bits, PngMaker.GREY, interlaced)
                            .transparent(key)
                            .pixels(WIDTH, HEIGHT, bits, PngMaker.GREY, interlaced, sample)
                            .end(),
                    seen.without(seen.levels[5][5]));
        }
        for (int bits : new int[] {8, 16}) {
            double most = Math.pow(2, bits) - 1;
            read(
                    "grey-alpha" + bits,
                    interlaced,
                    maker(bits, PngMaker.GREY_ALPHA, interlaced)
                            .pixels(
                                    WIDTH,
                                    HEIGHT,
                                    bits,
                                    PngMaker.GREY_ALPHA,
                                    interlaced,
                                    (x, y, c) -> c == 0
                                            ? whole(GREYS, bits).at(x, y, 0)
                                            : Math.round(GREYS.alpha(x, y) * most / 255))
                            .end(),
                    GREYS.overWhite());
        }
        // of two levels that are one at 8 bits, only one is transparent
        Scene seen = GREYS.map((x, y) -> y < 10 ? new int[] {255, 255, 255} : new int[] {100, 100, 100});
        read(
                "grey-key-exact",
                interlaced,
                maker(16, PngMaker.GREY, interlaced)
                        .transparent(25700)
                        .pixels(WIDTH, HEIGHT, 16, PngMaker.GREY, interlaced, (x, y, c) -> y < 10 ? 25700 : 25701)
                        .end(),
                seen);
    }

    private void colours(boolean interlaced) {
        for (int bits : new int[] {8, 16}) {
            double most = Math.pow(2, bits) - 1;
            TiffMaker.Sample sample = whole(COLOURS, bits);
            read(
                    "rgb" + bits,
                    interlaced,
                    maker(bits, PngMaker.RGB, interlaced)
                            .pixels(WIDTH, HEIGHT, bits, PngMaker.RGB, interlaced, sample)
                            .end(),
                    COLOURS);
            read(
                    "rgb-key" + bits,
                    interlaced,
                    maker(bits, PngMaker.RGB, interlaced)
                            .transparent((int) sample.at(5, 5, 0), (int) sample.at(5, 5, 1), (int) sample.at(5, 5, 2))
                            .pixels(WIDTH, HEIGHT, bits, PngMaker.RGB, interlaced, sample)
                            .end(),
                    COLOURS.without(COLOURS.levels[5][5]));
            read(
                    "rgba" + bits,
                    interlaced,
                    maker(bits, PngMaker.RGBA, interlaced)
                            .pixels(
                                    WIDTH,
                                    HEIGHT,
                                    bits,
                                    PngMaker.RGBA,
                                    interlaced,
                                    (x, y, c) ->
                                            c < 3 ? sample.at(x, y, c) : Math.round(COLOURS.alpha(x, y) * most / 255))
                            .end(),
                    COLOURS.overWhite());
        }
    }

    private void palettes(boolean interlaced) {
        for (int bits : new int[] {1, 2, 4, 8}) {
            int colours = 1 << bits;
            byte[] palette = new byte[3 * colours];
            byte[] alphas = new byte[colours / 2];
            for (int i = 0; i < colours; i++) {
                palette[3 * i] = (byte) (40 + i * 200 / colours);
                palette[3 * i + 1] = (byte) (250 - i * 220 / colours);
                palette[3 * i + 2] = (byte) (i * 97);
            }
            for (int i = 0; i < alphas.length; i++) {
                alphas[i] = (byte) (i * 255 / colours);
            }
            TiffMaker.Sample index = (x, y, c) -> GREYS.levels[y][x][0] % colours;
            Scene seen = GREYS.map((x, y) -> colour(palette, new byte[0], (int) index.at(x, y, 0)));
            Scene clear = GREYS.map((x, y) -> colour(palette, alphas, (int) index.at(x, y, 0)));
            read(
                    "palette" + bits,
                    interlaced,
                    maker(bits, PngMaker.PALETTE, interlaced)
                            .chunk("PLTE", palette)
                            .pixels(WIDTH, HEIGHT, bits, PngMaker.PALETTE, interlaced, index)
                            .end(),
                    seen);
            read(
                    "palette-alpha" + bits,
                    interlaced,
                    maker(bits, PngMaker.PALETTE, interlaced)
                            .chunk("PLTE", palette)
                            .chunk("tRNS", alphas)
                            .pixels(WIDTH, HEIGHT, bits, PngMaker.PALETTE, interlaced, index)
                            .end(),
                    clear);
        }
    }

    private static int[] colour(byte[] palette, byte[] alphas, int index) {
        int alpha = index < alphas.length ? alphas[index] & 0xFF : 255;
        int[] colour = new int[3];
        for (int c = 0; c < 3; c++) {
            colour[c] = ((palette[3 * index + c] & 0xFF) * alpha + 255 * (255 - alpha) + 127) / 255;
        }
        return colour;
    }

    private void chunks() {
        TiffMaker.Sample sample = whole(COLOURS, 8);
        byte[] raw = PngMaker.raw(WIDTH, HEIGHT, 8, PngMaker.RGB, false, sample);
        byte[] data = TiffMaker.deflated(raw);
        read("no-end", false, maker(8, PngMaker.RGB, false).chunk("IDAT", data).unfinished(), COLOURS);
        byte[] whole = maker(8, PngMaker.RGB, false).chunk("IDAT", data).end();
        read("half-end", false, Arrays.copyOf(whole, whole.length - 7), COLOURS);
        read("trailing", false, Arrays.copyOf(whole, whole.length + 999), COLOURS);
        read(
                "cut-note",
                false,
                maker(8, PngMaker.RGB, false)
                        .chunk("IDAT", data)
                        .chunk("tEXt", new byte[99])
                        .unfinished()
                        .clone(),
                COLOURS);
        PngMaker single = maker(8, PngMaker.RGB, false);
        for (byte each : data) {
            single.chunk("IDAT", each);
        }
        read("a-byte-a-chunk", false, single.end(), COLOURS);
        read(
                "animated",
                false,
                maker(8, PngMaker.RGB, false)
                        .chunk("acTL", 0, 0, 0, 2, 0, 0, 0, 0)
                        .chunk("fcTL", frame(0))
                        .chunk("IDAT", data)
                        .chunk("fcTL", frame(1))
                        .chunk("fdAT", fdat(TiffMaker.deflated(new byte[raw.length])))
                        .end(),
                COLOURS);
        read(
                "odd-profile",
                false,
                maker(8, PngMaker.RGB, false)
                        .chunk("iCCP", new byte[40])
                        .chunk("gAMA", 0, 0, 0, 0)
                        .chunk("IDAT", data)
                        .end(),
                COLOURS);
        refused(
                "iphone",
                new PngMaker()
                        .chunk("CgBI", 0x50, 0, 0x20, 2)
                        .header(WIDTH, HEIGHT, 8, PngMaker.RGBA, false)
                        .chunk("IDAT", data)
                        .end(),
                "an iPhone PNG (CgBI), which is not read");
        refused(
                "short",
                maker(8, PngMaker.RGB, false)
                        .chunk("IDAT", TiffMaker.deflated(Arrays.copyOf(raw, raw.length / 2)))
                        .end(),
                "corrupt or truncated PNG");
        refused(
                "short-interlaced",
                maker(8, PngMaker.RGB, true)
                        .chunk("IDAT", TiffMaker.deflated(Arrays.copyOf(raw, raw.length / 2)))
                        .end(),
                "corrupt or truncated PNG");
        refused("cut-data", Arrays.copyOf(whole, whole.length / 2), "truncated PNG");
        refused(
                "cut-stream",
                maker(8, PngMaker.RGB, false)
                        .chunk("IDAT", Arrays.copyOf(data, data.length / 2))
                        .unfinished(),
                "corrupt or truncated PNG");
        refused("no-data", maker(8, PngMaker.RGB, false).end(), "corrupt PNG: it has no picture data");
        refused(
                "no-palette",
                maker(8, PngMaker.PALETTE, false).chunk("IDAT", data).end(),
                "corrupt");
        refused(
                "unknown-needed",
                maker(8, PngMaker.RGB, false)
                        .chunk("ABCD", new byte[0])
                        .chunk("IDAT", data)
                        .end(),
                "unknown chunk 'ABCD'");
        strangeNames(data);
    }

    private void strangeNames(byte[] data) {
        refused(
                "unknown-escape",
                maker(8, PngMaker.RGB, false)
                        .chunk("A\33[m", new byte[0])
                        .chunk("IDAT", data)
                        .end(),
                "unknown chunk 41 1b 5b 6d, which it says is needed");
    }

    private static byte[] frame(int number) {
        return java.nio.ByteBuffer.allocate(26)
                .putInt(number)
                .putInt(WIDTH)
                .putInt(HEIGHT)
                .array();
    }

    private static byte[] fdat(byte[] data) {
        return java.nio.ByteBuffer.allocate(4 + data.length).putInt(2).put(data).array();
    }

    private void refused(String name, byte[] bytes, String reason) {
        all.add(OddPicture.refused(name + ".png", bytes, reason));
    }
}
