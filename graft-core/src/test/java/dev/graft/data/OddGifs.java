package dev.graft.data;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** GIFs whose canvas, frames and blocks do not go together. */
final class OddGifs {
    private static final Scene GREYS = Scene.greys();
    private static final int[] WHITE = {255, 255, 255};
    private static final byte[] CONTROL_CLEAR = {0x21, (byte) 0xF9, 4, 1, 0, 0, 7, 0};
    private static final byte[] COMMENT = {0x21, (byte) 0xFE, 3, 'a', 'b', 'c', 0};

    private OddGifs() {}

    private static void two(ByteArrayOutputStream out, int value) {
        out.write(value);
        out.write(value >> 8);
    }

    private static byte[] palette() {
        byte[] palette = new byte[768];
        for (int i = 0; i < 256; i++) {
            Arrays.fill(palette, 3 * i, 3 * i + 3, (byte) i);
        }
        return palette;
    }

    private static byte[] screen(int width, int height, boolean palette) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'G', 'I', 'F', '8', '9', 'a'});
        two(out, width);
        two(out, height);
        out.write(palette ? 0xF7 : 0x70);
        two(out, 0);
        out.writeBytes(palette ? palette() : new byte[0]);
        return out.toByteArray();
    }

    private static byte[] frame(int left, int top, boolean palette, boolean interlaced) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x2C);
        two(out, left);
        two(out, top);
        two(out, GREYS.width);
        two(out, GREYS.height);
        out.write((palette ? 0x87 : 0) | (interlaced ? 0x40 : 0));
        out.writeBytes(palette ? palette() : new byte[0]);
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        for (int y : interlaced ? interlacedRows() : rows()) {
            for (int x = 0; x < GREYS.width; x++) {
                pixels.write(GREYS.levels[y][x][0]);
            }
        }
        out.writeBytes(LzwMaker.gif(pixels.toByteArray()));
        return out.toByteArray();
    }

    private static int[] rows() {
        return java.util.stream.IntStream.range(0, GREYS.height).toArray();
    }

    private static int[] interlacedRows() {
        return java.util.stream.Stream.of(new int[] {0, 8}, new int[] {4, 8}, new int[] {2, 4}, new int[] {1, 2})
                .flatMapToInt(
                        pass -> java.util.stream.IntStream.iterate(pass[0], y -> y < GREYS.height, y -> y + pass[1]))
                .toArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The frame on a canvas, white where it is not. */
    private static Scene on(int width, int height, int left, int top) {
        return new Scene(width, height).map((x, y) -> {
            boolean inside = x >= left && x < left + GREYS.width && y >= top && y < top + GREYS.height;
            return inside ? GREYS.levels[y - top][x - left] : WHITE;
        });
    }

    static List<OddPicture> all() {
        int width = GREYS.width;
        int height = GREYS.height;
        byte[] end = {0x3B};
        byte[] frame = frame(0, 0, false, false);
        List<OddPicture> all = new ArrayList<>();
        all.add(OddPicture.read("canvas-zero.gif", join(screen(0, 0, true), frame, end), GREYS));
        all.add(OddPicture.read("canvas-no-width.gif", join(screen(0, height, true), frame, end), GREYS));
        all.add(OddPicture.read("canvas-small.gif", join(screen(10, 9, true), frame, end), GREYS));
        all.add(OddPicture.read(
                "canvas-zero-comment.gif",
                join(screen(0, 0, true), COMMENT, CONTROL_CLEAR, frame, end),
                GREYS.without(new int[] {7, 7, 7})));
        all.add(OddPicture.read(
                "canvas-large.gif",
                join(screen(width + 9, height + 5, true), frame(4, 3, false, false), end),
                on(width + 9, height + 5, 4, 3)));
        all.add(OddPicture.read(
                "frame-beyond.gif",
                join(screen(width, height, true), frame(5, 6, false, false), end),
                on(width + 5, height + 6, 5, 6)));
        all.add(OddPicture.read(
                "local-palette.gif", join(screen(width, height, false), frame(0, 0, true, false), end), GREYS));
        all.add(OddPicture.read(
                "interlaced.gif", join(screen(width, height, true), frame(0, 0, false, true), end), GREYS));
        all.add(OddPicture.read("no-end.gif", join(screen(width, height, true), frame), GREYS));
        all.add(OddPicture.read(
                "no-terminator.gif", join(screen(width, height, true), Arrays.copyOf(frame, frame.length - 1)), GREYS));
        all.add(OddPicture.read(
                "gif87.gif",
                join(
                        "GIF87a".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        Arrays.copyOfRange(screen(width, height, true), 6, 781),
                        frame,
                        end),
                GREYS));
        all.add(OddPicture.read(
                "zeros-between.gif",
                join(screen(width, height, true), new byte[3], COMMENT, new byte[2], frame, end),
                GREYS));
        all.add(OddPicture.read(
                "second-frame-cut.gif", join(screen(width, height, true), frame, Arrays.copyOf(frame, 60)), GREYS));
        all.add(OddPicture.refused(
                "cut.gif", join(screen(width, height, true), Arrays.copyOf(frame, frame.length / 2)), "truncated GIF"));
        byte[] half = frame.clone();
        half[11] = 30;
        half[11 + 1 + 30] = 0;
        all.add(OddPicture.refused(
                "short-data.gif", join(screen(width, height, true), Arrays.copyOf(half, 11 + 32), end), "GIF"));
        all.add(OddPicture.refused(
                "no-frame.gif", join(screen(width, height, true), COMMENT, end), "corrupt GIF: it has no frame"));
        return all;
    }
}
