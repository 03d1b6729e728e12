package dev.graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/** Pictures on their side, whose orientation is written in every way there is. */
final class OddOrientations {
    private static final Scene COLOURS = Scene.colours();
    private static final byte[] LABEL = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int TAG = 0x0112;
    private static final int TURN_RIGHT = 6;
    private static final int[] TYPES = {1, 3, 4, 5, 8, 9};

    private final List<OddPicture> all = new ArrayList<>();
    private final byte[] jpeg = OddJpegs.make(COLOURS, false);
    private final Scene jpegSeen = OddJpegs.seen(jpeg);
    private final byte[] webp = webp();

    private OddOrientations() {}

    static List<OddPicture> all() {
        OddOrientations pictures = new OddOrientations();
        for (int type : TYPES) {
            for (boolean big : new boolean[] {false, true}) {
                pictures.types(type, big);
            }
        }
        for (int value : new int[] {0, 9, 255, 65535, -6}) {
            pictures.everywhere("value" + value, block(true, value < 0 ? 9 : 3, 1, value), false);
        }
        pictures.everywhere("count-many", block(true, 3, 2, TURN_RIGHT), true);
        pictures.everywhere("count-none", block(true, 3, 0, TURN_RIGHT), false);
        pictures.everywhere("text", block(false, 2, 1, '6'), false);
        pictures.everywhere("cut-behind", Arrays.copyOf(block(true, 3, 1, TURN_RIGHT), 22), true);
        pictures.everywhere("cut-before", Arrays.copyOf(block(true, 3, 1, TURN_RIGHT), 17), false);
        pictures.blocks();
        return pictures.all;
    }

    /** An EXIF block with nothing but an orientation. */
    static byte[] block(boolean big, int type, int count, int value) {
        ByteBuffer out = ByteBuffer.allocate(60).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        byte mark = (byte) (big ? 'M' : 'I');
        out.put(mark).put(mark).putShort((short) 42).putInt(8);
        out.putShort((short) 1).putShort((short) TAG).putShort((short) type).putInt(count);
        long[] values = new long[Math.max(1, count)];
        values[0] = value;
        if (TiffMaker.size(type) * values.length > 4) {
            out.putInt(40).putInt(0).position(40);
        }
        TiffMaker.put(out, type, values);
        return out.array();
    }

    static int[] app1(byte[] block) {
        int length = 2 + LABEL.length + block.length;
        int[] segment = new int[2 + length];
        segment[0] = 0xFF;
        segment[1] = 0xE1;
        segment[2] = length >> 8;
        segment[3] = length & 0xFF;
        byte[] content = OddJpegs.join(LABEL, block);
        for (int i = 0; i < content.length; i++) {
            segment[4 + i] = content[i] & 0xFF;
        }
        return segment;
    }

    private void types(int type, boolean big) {
        String name = "type" + type + (big ? "-be" : "");
        everywhere(name, block(big, type, 1, TURN_RIGHT), true);
        byte[] tiff = new TiffMaker(COLOURS.width, COLOURS.height)
                .order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .samples(3, 8, 1)
                .tag(TAG, type, new long[] {TURN_RIGHT})
                .make(2, (x, y, c) -> COLOURS.levels[y][x][c]);
        all.add(OddPicture.read("orientation-" + name + ".tif", tiff, COLOURS.turnedRight()));
    }

    private void everywhere(String name, byte[] block, boolean turned) {
        String stem = "orientation-" + name;
        all.add(OddPicture.read(
                        stem + ".jpg",
                        OddJpegs.insert(jpeg, 2, app1(block)),
                        turned ? jpegSeen.turnedRight() : jpegSeen)
                .within(2.5));
        Scene seen = turned ? COLOURS.turnedRight() : COLOURS;
        all.add(OddPicture.read(stem + ".png", png(block, null), seen));
        all.add(OddPicture.read(stem + ".webp", webp(block), seen));
    }

    private void blocks() {
        byte[] right = block(true, 3, 1, TURN_RIGHT);
        byte[] down = block(false, 3, 1, 3);
        int frame = OddJpegs.find(jpeg, 0xC0, 0);
        int scan = OddJpegs.find(jpeg, 0xDA, 0);
        Scene turned = jpegSeen.turnedRight();
        all.add(OddPicture.read(
                        "first-block.jpg",
                        OddJpegs.insert(OddJpegs.insert(jpeg, 2, app1(down)), 2, app1(right)),
                        turned)
                .within(2.5));
        all.add(OddPicture.read(
                        "empty-block-first.jpg",
                        OddJpegs.insert(OddJpegs.insert(jpeg, 2, app1(right)), 2, app1(new byte[0])),
                        jpegSeen)
                .within(2.5));
        all.add(OddPicture.read("block-behind-frame.jpg", OddJpegs.insert(jpeg, scan, app1(right)), turned)
                .within(2.5));
        all.add(OddPicture.read("block-before-frame.jpg", OddJpegs.insert(jpeg, frame, app1(right)), turned)
                .within(2.5));
        byte[] xmp = "http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation=\"6\"/>".getBytes(StandardCharsets.US_ASCII);
        int[] segment = new int[4 + xmp.length];
        segment[0] = 0xFF;
        segment[1] = 0xE1;
        segment[3] = 2 + xmp.length;
        for (int i = 0; i < xmp.length; i++) {
            segment[4 + i] = xmp[i] & 0xFF;
        }
        all.add(OddPicture.read("xmp-only.jpg", OddJpegs.insert(jpeg, 2, segment), jpegSeen)
                .within(2.5));
        all.add(OddPicture.read("exif-behind-data.png", png(null, right), COLOURS.turnedRight()));
        all.add(OddPicture.read("exif-first.png", png(right, down), COLOURS.turnedRight()));
        all.add(OddPicture.read("exif-labelled.png", png(OddJpegs.join(LABEL, right), null), COLOURS.turnedRight()));
        all.add(OddPicture.read("exif-labelled.webp", webp(OddJpegs.join(LABEL, right)), COLOURS.turnedRight()));
    }

    private static byte[] png(byte @Nullable [] before, byte @Nullable [] after) {
        PngMaker maker = new PngMaker().header(COLOURS.width, COLOURS.height, 8, PngMaker.RGB, false);
        if (before != null) {
            maker.chunk("eXIf", before);
        }
        maker.pixels(COLOURS.width, COLOURS.height, 8, PngMaker.RGB, false, (x, y, c) -> COLOURS.levels[y][x][c]);
        return (after == null ? maker : maker.chunk("eXIf", after)).end();
    }

    /** Lossless, by OpenCV: a file with one chunk. */
    private static byte[] webp() {
        byte[] blueFirst = new byte[COLOURS.width * COLOURS.height * 3];
        byte[] rgb = COLOURS.bytes();
        for (int i = 0; i < rgb.length; i++) {
            blueFirst[i / 3 * 3 + 2 - i % 3] = rgb[i];
        }
        try (BytePointer data = new BytePointer(blueFirst);
                Mat pixels = new Mat(COLOURS.height, COLOURS.width, opencv_core.CV_8UC3, data);
                BytePointer out = new BytePointer()) {
            OpenCv.load();
            opencv_imgcodecs.imencode(".webp", pixels, out);
            byte[] file = new byte[(int) out.limit()];
            out.get(file);
            return file;
        }
    }

    private byte[] webp(byte[] exif) {
        int padded = exif.length + (exif.length & 1);
        byte[] chunk = Arrays.copyOfRange(webp, 12, webp.length);
        ByteBuffer out =
                ByteBuffer.allocate(12 + 18 + chunk.length + 8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(out.capacity() - 8);
        out.put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(8);
        out.put(new byte[] {(byte) (COLOURS.width - 1), 0, 0, (byte) (COLOURS.height - 1), 0, 0});
        out.put(chunk)
                .put("EXIF".getBytes(StandardCharsets.US_ASCII))
                .putInt(exif.length)
                .put(exif);
        return out.array();
    }
}
