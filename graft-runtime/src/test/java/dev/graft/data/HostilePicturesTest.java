package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class HostilePicturesTest {
    private static final PictureReader READER = PictureReader.of(InputGeometry.stretch(32));

    static Stream<String> pictures() throws IOException {
        return TestPictures.all().stream().map(path -> path.getFileName().toString());
    }

    private static float[] read(byte[] file) throws UnreadablePictureException {
        return TestPictures.read(READER, file, View.plain());
    }

    private static void refused(byte[] file, String reason) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatIsNoPictureIsNamed() {
        refused(new byte[0], "empty file");
        refused("hello world".getBytes(StandardCharsets.US_ASCII), "not a picture (starts with 'hello wo')");
        refused(new byte[] {0, 1, 2}, "not a picture (starts with 00 01 02)");
        refused(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF}, "truncated JPEG");
        refused("P6".getBytes(StandardCharsets.US_ASCII), "not a picture");
    }

    /** At no length short of the whole does a file give a picture with a grey rest. */
    @ParameterizedTest
    @MethodSource("pictures")
    void truncatedFilesAreRefused(String name) {
        byte[] file = TestPictures.bytes(name);
        int needed = needed(name, file);
        for (double share : new double[] {0.02, 0.3, 0.5, 0.9, 0.99}) {
            byte[] cut = Arrays.copyOf(file, (int) (needed * share));
            assertThatThrownBy(() -> read(cut)).isInstanceOf(UnreadablePictureException.class);
        }
    }

    /** How many bytes the pixels need; without what only marks the end a file is whole. */
    private static int needed(String name, byte[] file) {
        return name.endsWith(".gif") ? firstFrame(file) - 2 : name.endsWith(".png") ? file.length - 12 : file.length;
    }

    private static int firstFrame(byte[] gif) {
        try {
            return PictureHeader.read(gif).body().length;
        } catch (UnreadablePictureException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "baseline.jpg, truncated JPEG: 2",
        "rgb.png, truncated PNG",
        "lossy.webp, truncated WebP",
        "palette.bmp, truncated BMP",
        "rgb.ppm, truncated PNM",
        "plain.gif, truncated GIF"
    })
    void truncationIsCalledSo(String name, String reason) {
        byte[] file = TestPictures.bytes(name);
        refused(Arrays.copyOf(file, file.length * 4 / 5), reason);
    }

    @Test
    void aDamagedPngIsRefused() {
        byte[] file = TestPictures.bytes("rgb.png");
        file[file.length / 2] ^= 1;
        refused(file, "corrupt PNG: the checksum of its chunk IDAT is wrong");
        byte[] palette = TestPictures.bytes("palette.png");
        palette[37] = 'X';
        refused(palette, "corrupt PNG: unknown chunk 'XLTE'");
    }

    /** libjpeg would fill with grey, print a warning and call it a success. */
    @Test
    void damagedJpegDataIsRefused() {
        byte[] file = TestPictures.bytes("baseline.jpg");
        byte[] cut = Arrays.copyOf(file, file.length * 3 / 4);
        cut[cut.length - 2] = (byte) 0xFF;
        cut[cut.length - 1] = (byte) 0xD9;
        assertThatThrownBy(() -> read(cut)).hasMessageMatching("truncated JPEG: [2-6]\\d % of the picture is missing");
        byte[] zeroed = file.clone();
        Arrays.fill(zeroed, file.length / 2, file.length / 2 + 300, (byte) 0);
        assertThatThrownBy(() -> read(zeroed)).hasMessageMatching("corrupt JPEG: [2-6]\\d % of the picture is lost");
    }

    @Test
    void strayBytesInAJpegDoNoHarm() throws UnreadablePictureException {
        byte[] file = TestPictures.bytes("baseline.jpg");
        int end = file.length - 2;
        byte[] before = Arrays.copyOf(file, file.length + 50);
        before[file.length + 48] = (byte) 0xFF;
        before[file.length + 49] = (byte) 0xD9;
        Arrays.fill(before, end, end + 50, (byte) 7);
        assertThat(read(before)).containsExactly(read(file));
        assertThat(PictureHeader.read(before).body()).isEqualTo(file);
        byte[] after = Arrays.copyOf(file, file.length + 5000);
        assertThat(read(after)).containsExactly(read(file));
    }

    /** No photograph that every other program reads may be refused. */
    @Test
    void soundPhotographsAreRead() throws Exception {
        int read = 0;
        for (String name : new String[] {"data/imagenet_samples", "data/cats_dogs/test/cat"}) {
            try (Stream<Path> files = Files.walk(TestPictures.shared(name))) {
                for (Path path : files.filter(Files::isRegularFile).toList()) {
                    read(PictureFiles.read(path));
                    read++;
                }
            }
        }
        assertThat(read).isGreaterThan(150);
    }

    @Test
    void hugePromisesAreRefusedWithoutMemory() {
        long before = Pointer.physicalBytes();
        refused(
                "P5 60000 60000 255\n".getBytes(StandardCharsets.US_ASCII),
                "60000 x 60000 pixels: over the limit of 200");
        refused(resized("rgb.bmp", 18, ByteOrder.LITTLE_ENDIAN, 60000), "60000 x 60000 pixels: over the limit");
        refused(
                resized("baseline.jpg", jpegFrame(), ByteOrder.BIG_ENDIAN, 60000),
                "60000 x 60000 pixels: over the limit");
        // within the limit, yet not within so few bytes
        refused(resized("baseline.jpg", jpegFrame(), ByteOrder.BIG_ENDIAN, 14000), "promises 14000 x 14000 pixels");
        assertThat(Pointer.physicalBytes() - before).isLessThan(100 << 20);
    }

    private static int jpegFrame() {
        byte[] file = TestPictures.bytes("baseline.jpg");
        for (int i = 0; ; i++) {
            if (file[i] == (byte) 0xFF && file[i + 1] == (byte) 0xC0) {
                return i + 5;
            }
        }
    }

    /** The file with both sides, of two or four bytes at {@code at}, replaced. */
    private static byte[] resized(String name, int at, ByteOrder order, int side) {
        byte[] file = TestPictures.bytes(name);
        ByteBuffer buffer = ByteBuffer.wrap(file).order(order);
        if (order == ByteOrder.BIG_ENDIAN) {
            buffer.putShort(at, (short) side).putShort(at + 2, (short) side);
        } else {
            buffer.putInt(at, side).putInt(at + 4, side);
        }
        return file;
    }

    /** Each damaged file is read or refused; anything else fails the test, a crash the whole build. */
    @ParameterizedTest
    @MethodSource("pictures")
    void mutatedFilesAreReadOrRefused(String name) {
        byte[] original = TestPictures.bytes(name);
        for (int seed = 0; seed < 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed * 31L + name.hashCode());
            byte[] file = original.clone();
            int reach = random.nextBoolean() ? Math.min(64, file.length) : file.length;
            for (int changes = 1 + random.nextInt(12); changes > 0; changes--) {
                file[random.nextInt(reach)] = (byte) random.nextInt(256);
            }
            try {
                float[] pixels = read(file);
                boolean inRange = true;
                for (float level : pixels) {
                    inRange &= level >= 0 && level <= 255;
                }
                assertThat(inRange).as("%s, seed %d", name, seed).isTrue();
            } catch (UnreadablePictureException refused) {
                assertThat(refused.reason())
                        .as("%s, seed %d", name, seed)
                        .isNotBlank()
                        .doesNotContain("OpenCV");
            }
        }
    }

    @Test
    void memoryStaysFlat() throws UnreadablePictureException {
        byte[] header = "P6 400 300 255\n".getBytes(StandardCharsets.US_ASCII);
        byte[] good = Arrays.copyOf(header, header.length + 400 * 300 * 3);
        byte[] jpeg = TestPictures.bytes("baseline.jpg");
        byte[] broken = Arrays.copyOf(TestPictures.bytes("lzw.tif"), 9000);
        long bytes = 0;
        long pointers = 0;
        for (int i = 0; i < 2500; i++) {
            if (i == 500) {
                bytes = Pointer.physicalBytes();
                pointers = Pointer.totalCount();
            }
            read(good);
            read(jpeg);
            refused(broken, "TIFF");
        }
        // fewer, when the collector meanwhile takes what tests before this one left
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers);
        // the good pictures decoded since hold 720 MB; the JVM's own heap may still grow a little
        assertThat(Pointer.physicalBytes() - bytes).isLessThan(200L << 20);
    }

    @Test
    void filesAreReadWithinBounds(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("a.jpg"), new byte[] {1, 2, 3});
        assertThat(PictureFiles.read(file)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> PictureFiles.read(folder.resolve("none.jpg"))).hasMessage("no such file");
        assertThatThrownBy(() -> PictureFiles.read(folder)).hasMessageContaining("a folder");
        try (var large = Files.newByteChannel(
                folder.resolve("large.png"),
                java.nio.file.StandardOpenOption.CREATE_NEW,
                java.nio.file.StandardOpenOption.WRITE)) {
            large.position(PictureFiles.MAX_BYTES).write(ByteBuffer.wrap(new byte[1]));
        }
        assertThatThrownBy(() -> PictureFiles.read(folder.resolve("large.png"))).hasMessage("larger than 256 MB");
    }
}
