package dev.graft.data;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** TIFFs as scanners, microscopes, satellites and prepress write them. */
final class OddTiffs {
    private static final ByteOrder[] ORDERS = {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN};
    private static final Scene COLOURS = Scene.colours();
    private static final Scene GREYS = Scene.greys();
    private static final int GREY = 1;
    private static final int RGB = 2;

    private final List<OddPicture> all = new ArrayList<>();

    private OddTiffs() {}

    static List<OddPicture> all() {
        OddTiffs tiffs = new OddTiffs();
        for (ByteOrder order : ORDERS) {
            tiffs.depths(order);
            tiffs.bands(order);
            tiffs.layouts(order);
            tiffs.ranges(order);
        }
        tiffs.jpegInside();
        tiffs.unread();
        return tiffs.all;
    }

    private static TiffMaker maker(ByteOrder order) {
        return new TiffMaker(COLOURS.width, COLOURS.height).order(order);
    }

    private void read(String name, ByteOrder order, byte[] bytes, Scene seen) {
        all.add(OddPicture.read(name + (order == ByteOrder.BIG_ENDIAN ? "-be" : "") + ".tif", bytes, seen));
    }

    private static TiffMaker.Sample whole(Scene scene, double most) {
        return (x, y, c) -> c < 3 ? Math.round(scene.levels[y][x][c] * most / 255) : Math.round(most * 0.16);
    }

    private static TiffMaker.Sample shares(Scene scene, double white) {
        return (x, y, c) -> c < 3 ? scene.levels[y][x][c] * white / 255 : white * 0.16;
    }

    private void depths(ByteOrder order) {
        for (int bits : new int[] {1, 2, 4, 8, 10, 12, 14, 16}) {
            double most = Math.pow(2, bits) - 1;
            Scene greys = GREYS.steps(bits);
            read("grey" + bits, order, maker(order).samples(1, bits, 1).make(GREY, whole(GREYS, most)), greys);
            read(
                    "white0-" + bits,
                    order,
                    maker(order)
                            .samples(1, bits, 1)
                            .make(0, (x, y, c) -> most - whole(GREYS, most).at(x, y, c)),
                    greys);
            read(
                    "rgb" + bits,
                    order,
                    maker(order).samples(3, bits, 1).make(RGB, whole(COLOURS, most)),
                    COLOURS.steps(bits));
        }
        for (int bits : new int[] {1, 2, 4, 8}) {
            int colours = 1 << bits;
            long[] palette = new long[3 * colours];
            for (int i = 0; i < colours; i++) {
                palette[i] = (40 + i * 200L / colours) * 257;
                palette[colours + i] = (250 - i * 220L / colours) * 257;
                palette[2 * colours + i] = (i * 97L % 256) * 257;
            }
            Scene seen = GREYS.map((x, y) -> {
                int i = GREYS.levels[y][x][0] % colours;
                return new int[] {
                    (int) palette[i] / 257, (int) palette[colours + i] / 257, (int) palette[2 * colours + i] / 257
                };
            });
            read(
                    "palette" + bits,
                    order,
                    maker(order)
                            .samples(1, bits, 1)
                            .tag(320, palette)
                            .make(3, (x, y, c) -> GREYS.levels[y][x][0] % colours),
                    seen);
        }
        for (int bits : new int[] {8, 16}) {
            double most = Math.pow(2, bits) - 1;
            Scene seen = COLOURS.each(v -> v * 235 / 255);
            TiffMaker.Sample ink = (x, y, c) ->
                    c == 3 ? most * 20 / 255 : most - whole(COLOURS, most).at(x, y, c);
            read("cmyk" + bits, order, maker(order).samples(4, bits, 1).make(5, ink), seen);
            read(
                    "cmyk-spot" + bits,
                    order,
                    maker(order).samples(5, bits, 1).tag(338, 0).make(5, (x, y, c) -> c == 4 ? most : ink.at(x, y, c)),
                    seen);
            read(
                    "cmyk-planar" + bits,
                    order,
                    maker(order).samples(4, bits, 1).planar().make(5, ink),
                    seen);
        }
    }

    private void bands(ByteOrder order) {
        for (int bits : new int[] {8, 16, 32}) {
            int kind = bits == 32 ? 3 : 1;
            double most = bits == 32 ? 1 : Math.pow(2, bits) - 1;
            TiffMaker.Sample plain = kind == 3 ? shares(COLOURS, 1) : whole(COLOURS, most);
            for (int more = 1; more <= 3; more++) {
                read(
                        "rgb" + bits + "-and" + more,
                        order,
                        maker(order)
                                .samples(3 + more, bits, kind)
                                .tag(338, new long[more])
                                .make(RGB, plain),
                        COLOURS);
                read(
                        "rgb" + bits + "-and" + more + "-untagged",
                        order,
                        maker(order).samples(3 + more, bits, kind).make(RGB, plain),
                        COLOURS);
                read(
                        "grey" + bits + "-and" + more,
                        order,
                        maker(order)
                                .samples(1 + more, bits, kind)
                                .tag(338, new long[more])
                                .make(GREY, (x, y, c) -> plain.at(x, y, c == 0 ? 1 : 3)),
                        GREYS);
            }
            TiffMaker.Sample alpha = (x, y, c) -> c == 3 ? COLOURS.alpha(x, y) * most / 255 : plain.at(x, y, c);
            TiffMaker.Sample multiplied = (x, y, c) ->
                    c == 3 ? alpha.at(x, y, 3) : COLOURS.levels[y][x][c] * most / 255 * COLOURS.alpha(x, y) / 255;
            Scene seen = COLOURS.overWhite();
            read(
                    "alpha" + bits,
                    order,
                    maker(order).samples(4, bits, kind).tag(338, 2).make(RGB, alpha),
                    seen);
            read(
                    "premultiplied" + bits,
                    order,
                    maker(order).samples(4, bits, kind).tag(338, 1).make(RGB, multiplied),
                    seen);
            read(
                    "alpha-planar" + bits,
                    order,
                    maker(order).samples(4, bits, kind).planar().tag(338, 2).make(RGB, alpha),
                    seen);
            read(
                    "alpha-fifth" + bits,
                    order,
                    maker(order)
                            .samples(5, bits, kind)
                            .tag(338, 0, 2)
                            .make(RGB, (x, y, c) -> c == 3 ? most / 3 : alpha.at(x, y, Math.min(c, 3))),
                    seen);
            read(
                    "grey-alpha" + bits,
                    order,
                    maker(order)
                            .samples(2, bits, kind)
                            .tag(338, 2)
                            .make(GREY, (x, y, c) -> alpha.at(x, y, c == 0 ? 1 : 3)),
                    GREYS.overWhite());
        }
    }

    private void layouts(ByteOrder order) {
        for (int compression : new int[] {1, 5, 8, 32946, 32773}) {
            for (int bits : new int[] {8, 16, 32}) {
                int kind = bits == 32 ? 3 : 1;
                TiffMaker.Sample sample = kind == 3 ? shares(COLOURS, 1) : whole(COLOURS, Math.pow(2, bits) - 1);
                int predictor = compression == 1 || compression == 32773 ? 1 : kind == 3 ? 3 : 2;
                String name = "c" + compression + "-" + bits;
                read(
                        name,
                        order,
                        maker(order)
                                .samples(3, bits, kind)
                                .compressed(compression, predictor)
                                .make(RGB, sample),
                        COLOURS);
                read(
                        name + "-planar",
                        order,
                        maker(order)
                                .samples(3, bits, kind)
                                .planar()
                                .compressed(compression, predictor)
                                .make(RGB, sample),
                        COLOURS);
                read(
                        name + "-tiles",
                        order,
                        maker(order)
                                .samples(3, bits, kind)
                                .tiles(16)
                                .compressed(compression, predictor)
                                .make(RGB, sample),
                        COLOURS);
            }
        }
        read("big", order, maker(order).big().samples(3, 8, 1).make(RGB, whole(COLOURS, 255)), COLOURS);
        read(
                "big16-tiles-planar",
                order,
                maker(order).big().samples(3, 16, 1).planar().tiles(16).make(RGB, whole(COLOURS, 65535)),
                COLOURS);
        read(
                "broken-profile",
                order,
                maker(order)
                        .samples(3, 8, 1)
                        .tag(34675, 7, new long[] {0x7FFFFFF})
                        .make(RGB, whole(COLOURS, 255)),
                COLOURS);
    }

    private void ranges(ByteOrder order) {
        Scene stretched = GREYS.each(v -> (int) Math.round((v - 30) * 255.0 / (191 - 30)));
        read("float-shares", order, maker(order).samples(1, 32, 3).make(GREY, shares(GREYS, 1)), GREYS);
        read("float-half", order, maker(order).samples(1, 16, 3).make(GREY, shares(GREYS, 1)), GREYS);
        read("float-double", order, maker(order).samples(1, 64, 3).make(GREY, shares(GREYS, 1)), GREYS);
        read("float-levels", order, maker(order).samples(1, 32, 3).make(GREY, shares(GREYS, 255)), GREYS);
        read("float-deep", order, maker(order).samples(1, 32, 3).make(GREY, shares(GREYS, 65535)), GREYS);
        read(
                "float-heights",
                order,
                maker(order).samples(1, 32, 3).make(GREY, (x, y, c) -> 1e5 * GREYS.levels[y][x][0] - 7e6),
                stretched);
        read(
                "float-signed",
                order,
                maker(order).samples(1, 32, 3).make(GREY, (x, y, c) -> GREYS.levels[y][x][0] / 127.5 - 1),
                stretched);
        read(
                "float-holes",
                order,
                maker(order)
                        .samples(1, 32, 3)
                        .make(GREY, (x, y, c) -> x == 0 ? Double.NaN : GREYS.levels[y][x][0] / 255.0),
                GREYS.map((x, y) -> x == 0 ? new int[3] : GREYS.levels[y][x]));
        read("int-levels", order, maker(order).samples(1, 32, 2).make(GREY, whole(GREYS, 255)), GREYS);
        read("int-deep", order, maker(order).samples(1, 32, 1).make(GREY, whole(GREYS, 65535)), GREYS);
        read("int-whole", order, maker(order).samples(1, 32, 1).make(GREY, whole(GREYS, 4294967295.0)), GREYS);
        read("int-long", order, maker(order).samples(1, 64, 1).make(GREY, whole(GREYS, 65535)), GREYS);
        read(
                "int-signed",
                order,
                maker(order).samples(1, 16, 2).make(GREY, (x, y, c) -> 12 * GREYS.levels[y][x][0] - 1000),
                stretched);
        read("int-rgb", order, maker(order).samples(3, 32, 1).make(RGB, whole(COLOURS, 65535)), COLOURS);
    }

    /** A JPEG of four components as the only strip: libtiff decodes it, the tags say what the fourth one is. */
    private void jpegInside() {
        ByteOrder little = ByteOrder.LITTLE_ENDIAN;
        List<byte[]> strip = List.of(OddJpegs.fourBands(COLOURS));
        Scene seen = COLOURS.map((x, y) -> COLOURS.levels[y][x].clone());
        for (int extra = 0; extra <= 2; extra++) {
            Scene shown = extra == 0
                    ? seen
                    : extra == 1
                            ? seen.each(v -> Math.min(v, 100) + 155)
                            : seen.each(v -> (v * 100 + 255 * 155 + 127) / 255);
            all.add(OddPicture.read(
                            "jpeg-extra" + extra + ".tif",
                            maker(little)
                                    .samples(4, 8, 1)
                                    .compressed(7, 1)
                                    .tag(338, extra)
                                    .file(RGB, strip),
                            shown)
                    .within(2));
        }
    }

    private void unread() {
        ByteOrder little = ByteOrder.LITTLE_ENDIAN;
        TiffMaker.Sample flat = (x, y, c) -> 100;
        refused(
                "lab16",
                maker(little).samples(3, 16, 1).make(9, flat),
                "a TIFF in CIE L*a*b* colours, which is not read");
        refused("logluv", maker(little).samples(3, 16, 1).make(32845, flat), "LogLuv");
        refused("complex", maker(little).samples(1, 64, 6).make(GREY, flat), "of 64 bits a sample, format 6");
        refused(
                "float24",
                maker(little).samples(1, 24, 1).tag(339, 3).make(GREY, flat),
                "of 24 bits a sample, format 3");
        refused(
                "unequal",
                maker(little).samples(3, 8, 1).tag(258, 5, 6, 5).make(RGB, flat),
                "whose channels differ in bits");
        refused("zstd", maker(little).samples(3, 8, 1).compressed(50000, 1).make(RGB, flat), "ZSTD compression");
        refused("two-of-rgb", maker(little).samples(2, 8, 1).make(RGB, flat), "its colours need 3 channels");
        refused(
                "few-colours",
                maker(little).samples(1, 8, 1).tag(320, 0, 1, 2).make(3, flat),
                "a palette of 1 colours");
        byte[] cut = maker(little).samples(3, 8, 1).compressed(8, 2).make(RGB, whole(COLOURS, 255));
        cut[300] ^= 0x55;
        refused("damaged", cut, "corrupt or truncated TIFF");
    }

    private void refused(String name, byte[] bytes, String reason) {
        all.add(OddPicture.refused(name + ".tif", bytes, reason));
    }
}
