package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.PictureSizes.Range;
import dev.graft.data.PictureSizes.Size;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes come from the headers, upright, and broken files do not count. */
class PictureSizesTest {
    @TempDir
    Path folder;

    private Picture picture(String name, String format, int width, int height) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, encoded(format, width, height));
        return new Picture(file, 0);
    }

    private static byte[] encoded(String format, int width, int height) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, bytes);
        return bytes.toByteArray();
    }

    @Test
    void theRangeAndTheMedianOfEachSide() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.png"), "no picture");
        List<Picture> pictures = List.of(
                picture("a.png", "png", 30, 70),
                new Picture(broken, 0),
                picture("b.jpg", "jpg", 50, 20),
                picture("c.bmp", "bmp", 40, 90),
                new Picture(folder.resolve("missing.png"), 0));
        PictureSizes sizes = PictureSizes.of(pictures, 100);
        assertThat(sizes.sizes()).containsExactly(new Size(30, 70), new Size(50, 20), new Size(40, 90));
        assertThat(sizes.widths()).isEqualTo(new Range(30, 40, 50));
        assertThat(sizes.heights()).isEqualTo(new Range(20, 70, 90));
    }

    /** Orientation 6: the camera was turned, what is stored as 60 x 20 is 20 wide. */
    @Test
    void aTurnedPictureCountsUpright() throws IOException {
        byte[] jpeg = encoded("jpg", 60, 20);
        byte[] exif = {
            (byte) 0xFF,
            (byte) 0xE1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            6,
            0,
            0,
            0,
            0,
            0,
            0
        };
        var turned = new ByteArrayOutputStream();
        turned.write(jpeg, 0, 2);
        turned.write(exif);
        turned.write(jpeg, 2, jpeg.length - 2);
        Path file = Files.write(folder.resolve("turned.jpg"), turned.toByteArray());
        assertThat(PictureSizes.of(List.of(new Picture(file, 0)), 1).sizes()).containsExactly(new Size(20, 60));
    }

    @Test
    void ofMoreThanAreLookedAtSomeAreTakenFromAllOver() throws IOException {
        List<Picture> pictures = List.of(
                picture("0.png", "png", 1, 1),
                picture("1.png", "png", 2, 1),
                picture("2.png", "png", 3, 1),
                picture("3.png", "png", 4, 1),
                picture("4.png", "png", 5, 1));
        assertThat(PictureSizes.of(pictures, 2).sizes()).containsExactly(new Size(1, 1), new Size(3, 1));
        assertThat(PictureSizes.of(List.of(), 2).isEmpty()).isTrue();
        assertThatThrownBy(() -> PictureSizes.of(List.of(), 2).widths())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no pictures were looked at");
    }

    @Test
    void whatIsSmallerThanTheResizeIsEnlarged() {
        PictureSizes sizes = new PictureSizes(
                List.of(new Size(256, 300), new Size(255, 900), new Size(900, 224), new Size(256, 256)));
        assertThat(sizes.enlarged(InputGeometry.centerCrop(224, 256))).isCloseTo(0.5, within(1e-12));
        assertThat(sizes.enlarged(InputGeometry.stretch(224))).isZero();
    }
}
