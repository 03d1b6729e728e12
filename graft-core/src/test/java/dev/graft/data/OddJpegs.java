package dev.graft.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** JPEGs as cameras, cut-off downloads and old programs leave them; the JDK's own decoder says what they show. */
final class OddJpegs {
    private static final Scene COLOURS = Scene.colours();
    private static final int SCAN = 0xDA;
    private static final int TABLES = 0xDB;
    private static final int CODES = 0xC4;

    private final List<OddPicture> all = new ArrayList<>();

    private OddJpegs() {}

    static List<OddPicture> all() {
        OddJpegs jpegs = new OddJpegs();
        byte[] baseline = make(COLOURS, false);
        byte[] progressive = make(COLOURS, true);
        jpegs.variants("", baseline, 0xC0);
        jpegs.variants("progressive-", progressive, 0xC2);
        jpegs.baselineOnly(baseline);
        jpegs.kinds(baseline);
        int scan = find(progressive, SCAN, find(progressive, SCAN, 0) + 4);
        jpegs.all.add(
                OddPicture.refused("progressive-first-scan.jpg", Arrays.copyOf(progressive, scan), "truncated JPEG"));
        return jpegs.all;
    }

    static byte[] make(Scene scene, boolean progressive) {
        BufferedImage image = new BufferedImage(scene.width, scene.height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < scene.height; y++) {
            for (int x = 0; x < scene.width; x++) {
                int[] pixel = scene.levels[y][x];
                image.setRGB(x, y, pixel[0] << 16 | pixel[1] << 8 | pixel[2]);
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(0.95f);
            settings.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** Red, green, blue and a fourth channel of level 100, as they are. */
    static byte[] fourBands(Scene scene) {
        WritableRaster raster =
                Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, scene.width, scene.height, 4, null);
        for (int y = 0; y < scene.height; y++) {
            for (int x = 0; x < scene.width; x++) {
                int[] pixel = scene.levels[y][x];
                raster.setPixel(x, y, new int[] {pixel[0], pixel[1], pixel[2], 100});
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(0.98f);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(raster, null, null), settings);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    static Scene seen(byte[] jpeg) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
            return new Scene(image.getWidth(), image.getHeight()).map((x, y) -> {
                int rgb = image.getRGB(x, y);
                return new int[] {rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255};
            });
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Where a marker stands, from {@code from} on. */
    static int find(byte[] jpeg, int marker, int from) {
        int at = from;
        while (jpeg[at] != (byte) 0xFF || jpeg[at + 1] != (byte) marker) {
            at++;
        }
        return at;
    }

    static byte[] insert(byte[] file, int at, int... bytes) {
        byte[] result = Arrays.copyOf(file, file.length + bytes.length);
        System.arraycopy(file, at, result, at + bytes.length, file.length - at);
        for (int i = 0; i < bytes.length; i++) {
            result[at + i] = (byte) bytes[i];
        }
        return result;
    }

    private void variants(String name, byte[] jpeg, int frameMarker) {
        Scene seen = seen(jpeg);
        int tables = find(jpeg, TABLES, 0);
        int scan = find(jpeg, SCAN, 0);
        int frame = find(jpeg, frameMarker, 0);
        int end = jpeg.length - 2;
        read(name + "stray-zeros", insert(jpeg, tables, 0, 0), seen);
        read(name + "stray-text", insert(jpeg, scan, 'a', 'b', 'c', 0xFF, 0, 'd'), seen);
        read(name + "stray-before-frame", insert(jpeg, frame, 7, 7, 7), seen);
        read(name + "fill", insert(insert(jpeg, scan, 0xFF, 0xFF), tables, 0xFF, 0xFF, 0xFF), seen);
        read(name + "fill-before-end", insert(jpeg, end, 0xFF, 0xFF, 0xFF), seen);
        read(name + "stray-before-end", insert(jpeg, end, 1, 2, 3, 4, 5), seen);
        read(name + "no-end", Arrays.copyOf(jpeg, end), seen);
        read(name + "half-end", Arrays.copyOf(jpeg, end + 1), seen);
        read(name + "no-end-trailing", insert(Arrays.copyOf(jpeg, end), end, 0, 0, 0, 0, 9, 9), seen);
        read(name + "trailing", Arrays.copyOf(jpeg, jpeg.length + 5000), seen);
        read(name + "trailing-jpeg", join(jpeg, Arrays.copyOf(jpeg, 400)), seen);
        read(name + "restarts-behind", insert(jpeg, end, 0xFF, 0xD0, 0xFF, 0xD1), seen);
        read(name + "private-marker", insert(jpeg, tables, 0xFF, 0x01), seen);
        read(name + "cut-note-behind", insert(Arrays.copyOf(jpeg, end), end, 0xFF, 0xFE, 0x20, 0, 'x'), seen);
        byte[] late =
                insert(jpeg, find(jpeg, frameMarker == 0xC0 ? 0xD9 : CODES, scan), 0xFF, 0xDC, 0, 4, 0, COLOURS.height);
        late[frame + 5] = 0;
        late[frame + 6] = 0;
        read(name + "late-height", late, seen);
        byte[] never = jpeg.clone();
        never[frame + 6] = 0;
        refused(name + "no-height", never, "corrupt JPEG: its size is 40 x 0 pixels");
        refused(name + "cut", Arrays.copyOf(jpeg, scan + (end - scan) * 2 / 3), "truncated JPEG");
        byte[] none = Arrays.copyOf(jpeg, end);
        none[scan + 4] = 0;
        refused(name + "scan-of-nothing", none, "corrupt JPEG: a scan of 0 components");
        refused(name + "header-only", Arrays.copyOf(jpeg, scan), "truncated JPEG");
        refused(
                name + "no-scan",
                join(Arrays.copyOf(jpeg, scan), new byte[] {(byte) 0xFF, (byte) 0xD9}),
                "it ends without a picture");
    }

    private void baselineOnly(byte[] jpeg) {
        Scene seen = seen(jpeg);
        int end = jpeg.length - 2;
        int scan = find(jpeg, SCAN, 0);
        int data = scan + 14;
        refused(
                "half-gone",
                join(Arrays.copyOf(jpeg, data + (end - data) / 2), new byte[] {(byte) 0xFF, (byte) 0xD9}),
                " % of the picture is missing");
        // JDK and libjpeg write the codes of annex K unless told otherwise
        byte[] without = jpeg;
        while (true) {
            int codes = indexOf(without, CODES);
            if (codes < 0) {
                break;
            }
            int length = (without[codes + 2] & 0xFF) << 8 | without[codes + 3] & 0xFF;
            without = join(
                    Arrays.copyOf(without, codes), Arrays.copyOfRange(without, codes + 2 + length, without.length));
        }
        read("standard-codes", without, seen);
        byte[] stray = insert(jpeg, find(jpeg, TABLES, 0), 0);
        read(
                "stray-then-exif",
                insert(stray, find(stray, TABLES, 0), OddOrientations.app1(OddOrientations.block(false, 3, 1, 6))),
                seen.turnedRight());
    }

    private static int indexOf(byte[] jpeg, int marker) {
        int scan = find(jpeg, SCAN, 0);
        for (int at = 0; at < scan; at++) {
            if (jpeg[at] == (byte) 0xFF && jpeg[at + 1] == (byte) marker) {
                return at;
            }
        }
        return -1;
    }

    private void kinds(byte[] jpeg) {
        int frame = find(jpeg, 0xC0, 0);
        int[][] markers = {{0xC3, 0}, {0xC5, 0}, {0xC7, 0}, {0xCB, 0}, {0xCE, 0}};
        for (int[] marker : markers) {
            byte[] other = jpeg.clone();
            other[frame + 1] = (byte) marker[0];
            boolean lossless = marker[0] == 0xC3 || marker[0] == 0xCB;
            refused(
                    Integer.toHexString(marker[0]),
                    other,
                    lossless ? "a lossless JPEG, which is not read" : "a hierarchical JPEG, which is not read");
        }
        byte[] deep = jpeg.clone();
        deep[frame + 4] = 12;
        refused("deep", deep, "a JPEG of 12 bits a sample, which is not read");
        byte[] two = jpeg.clone();
        two[frame + 9] = 2;
        refused("two", two, "a JPEG of 2 components, which is not read");
    }

    static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private void read(String name, byte[] bytes, Scene seen) {
        all.add(OddPicture.read(name + ".jpg", bytes, seen).within(2.5));
    }

    private void refused(String name, byte[] bytes, String reason) {
        all.add(OddPicture.refused(name + ".jpg", bytes, reason));
    }
}
