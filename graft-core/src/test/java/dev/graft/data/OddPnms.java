package dev.graft.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Portable anymaps in text and in bytes, of every depth. */
final class OddPnms {
    private static final Scene COLOURS = Scene.colours();
    private static final Scene GREYS = Scene.greys();

    private OddPnms() {}

    private static byte[] make(String header, Scene scene, int channels, int most, boolean text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        for (int[][] row : scene.levels) {
            for (int[] pixel : row) {
                for (int c = 0; c < channels; c++) {
                    int value = (int) Math.round(pixel[c] * most / 255.0);
                    if (text) {
                        out.writeBytes(
                                (value + (out.size() % 60 > 50 ? "\n" : " ")).getBytes(StandardCharsets.US_ASCII));
                    } else {
                        out.writeBytes(
                                most > 255
                                        ? new byte[] {(byte) (value >> 8), (byte) value}
                                        : new byte[] {(byte) value});
                    }
                }
            }
        }
        return out.toByteArray();
    }

    private static Scene steps(Scene scene, int most) {
        return scene.each(v -> (int) Math.round(Math.round(v * most / 255.0) * 255.0 / most));
    }

    static List<OddPicture> all() {
        List<OddPicture> all = new ArrayList<>();
        String size = GREYS.width + " " + GREYS.height;
        for (int most : new int[] {1, 3, 15, 100, 255, 1023, 4095, 65535}) {
            for (boolean text : new boolean[] {false, true}) {
                String end = (text ? "-text-" : "-") + most;
                String grey = (text ? "P2" : "P5") + "\n# a comment\n" + size + "\n" + most + "\n";
                String colour = (text ? "P3" : "P6") + " " + size + " # another\n" + most + "\n";
                all.add(OddPicture.read("grey" + end + ".pgm", make(grey, GREYS, 1, most, text), steps(GREYS, most)));
                all.add(OddPicture.read(
                        "colour" + end + ".ppm", make(colour, COLOURS, 3, most, text), steps(COLOURS, most)));
            }
        }
        StringBuilder bits = new StringBuilder("P1 " + size + "\n");
        Scene inverse = GREYS.each(v -> v >= 128 ? 0 : 255);
        for (int[][] row : inverse.levels) {
            for (int[] pixel : row) {
                bits.append(pixel[0] > 0 ? '1' : '0');
            }
            bits.append('\n');
        }
        Scene blackAndWhite = inverse.each(v -> 255 - v);
        all.add(OddPicture.read("bits-close.pbm", bits.toString().getBytes(StandardCharsets.US_ASCII), blackAndWhite));
        all.add(OddPicture.read(
                "bits-apart.pbm", make("P1 # bits\n" + size + "\n", inverse, 1, 1, true), blackAndWhite));
        byte[] whole = make("P6 " + size + " 255\n", COLOURS, 3, 255, false);
        all.add(OddPicture.read("trailing.ppm", Arrays.copyOf(whole, whole.length + 100), COLOURS));
        all.add(OddPicture.refused("cut.ppm", Arrays.copyOf(whole, whole.length - 100), "truncated PNM"));
        all.add(OddPicture.refused(
                "map.pam",
                "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\nx".getBytes(StandardCharsets.US_ASCII),
                "a PAM picture, which is not read; convert it to PNG"));
        all.add(OddPicture.refused(
                "floats.pfm",
                "PF\n1 1\n-1.0\n000000000000".getBytes(StandardCharsets.US_ASCII),
                "a PFM picture, which is not read; convert it to PNG"));
        return all;
    }
}
