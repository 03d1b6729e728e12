package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GeneratedPictures;
import dev.graft.GraftException;
import dev.graft.data.ImageFolder;
import dev.graft.data.InputGeometry;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridTest {
    private static final int MARGIN = 16;
    private static final int CAPTION = 24;
    private static final int EDGE = 0xC8C8C8;

    @TempDir
    private Path folder;

    /** A picture of one colour. */
    private static HostTensor plain(int size, float red, float green, float blue) {
        float[] values = new float[3 * size * size];
        for (int i = 0; i < size * size; i++) {
            values[i] = red;
            values[i + size * size] = green;
            values[i + 2 * size * size] = blue;
        }
        return HostTensor.of(Shape.of(3, size, size), values);
    }

    private BufferedImage written(Grid grid) throws IOException {
        Path file = folder.resolve("grid.png");
        grid.write(file);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        return Objects.requireNonNull(ImageIO.read(file.toFile()));
    }

    private static int rgb(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xFFFFFF;
    }

    @Test
    void theFirstNineInThreeRows() throws IOException {
        Dataset dataset = Dataset.of(12, i -> Example.labelled(plain(200, 20 * i, 255, 10 * i), i % 2));
        BufferedImage image = written(Grid.of(dataset.withClasses(List.of("cat", "dog"))));
        assertThat(image.getWidth()).isEqualTo(4 * MARGIN + 3 * 200);
        assertThat(image.getHeight()).isEqualTo(4 * MARGIN + 3 * (200 + CAPTION));
        for (int i = 0; i < 9; i++) {
            int left = MARGIN + i % 3 * (200 + MARGIN);
            int top = MARGIN + CAPTION + i / 3 * (200 + CAPTION + MARGIN);
            int expected = (20 * i) << 16 | 255 << 8 | (10 * i);
            assertThat(rgb(image, left, top)).isEqualTo(expected);
            assertThat(rgb(image, left + 199, top + 199)).isEqualTo(expected);
            assertThat(rgb(image, left - 1, top + 100)).isEqualTo(EDGE);
            assertThat(rgb(image, left + 200, top + 100)).isEqualTo(EDGE);
            assertThat(rgb(image, left - 2, top + 100)).isEqualTo(0xFFFFFF);
            assertThat(rgb(image, left + 201, top + 100)).isEqualTo(0xFFFFFF);
            assertThat(ink(image, left, top - CAPTION))
                    .as("a name over picture " + i)
                    .isPositive();
        }
    }

    private static long ink(BufferedImage image, int left, int top) {
        long dark = 0;
        for (int y = top; y < top + CAPTION; y++) {
            for (int x = left; x < left + 200; x++) {
                dark += (rgb(image, x, y) & 0xFF) < 128 ? 1 : 0;
            }
        }
        return dark;
    }

    @Test
    void captionsSayTheClass() {
        HostTensor picture = plain(4, 0, 0, 0);
        List<String> classes = List.of("cat", "dog");
        Dataset dataset = Dataset.of(
                4,
                i -> Example.of(
                        picture,
                        switch (i) {
                            case 0 -> HostTensor.of(Shape.of(), 1);
                            case 1 -> HostTensor.of(Shape.of(2), 1, 0);
                            case 2 -> HostTensor.of(Shape.of(2), 0.3f, 0.7f);
                            default -> HostTensor.of(Shape.of(1), 0.25f);
                        }));
        assertThat(Grid.of(dataset, classes).cells())
                .extracting(Grid.Cell::caption)
                .containsExactly("dog", "cat", "", "0.2500");
    }

    @Test
    void levelsOutsideTheRangeAreCut() throws IOException {
        Dataset dataset = Dataset.of(1, i -> Example.labelled(plain(256, -40, 300, Float.NaN), 0));
        BufferedImage image = written(Grid.of(dataset));
        assertThat(rgb(image, MARGIN + 5, MARGIN + CAPTION + 5)).isEqualTo(0x00FF00);
        Dataset normalised = Dataset.of(1, i -> Example.labelled(plain(256, -1, 0, 1), 0));
        image = written(Grid.of(normalised).range(-1, 1));
        assertThat(rgb(image, MARGIN + 5, MARGIN + CAPTION + 5)).isEqualTo(0x0080FF);
    }

    @Test
    void smallPicturesGrowAndLargeOnesShrink() throws IOException {
        float[] half = new float[2 * 2];
        half[1] = 255;
        half[3] = 255;
        Dataset grey = Dataset.of(1, i -> Example.labelled(HostTensor.of(Shape.of(1, 2, 2), half), 0));
        BufferedImage image = written(Grid.of(grey));
        assertThat(image.getWidth()).isEqualTo(4 * MARGIN + 3 * 256);
        assertThat(rgb(image, MARGIN + 127, MARGIN + CAPTION + 3)).isEqualTo(0x000000);
        assertThat(rgb(image, MARGIN + 128, MARGIN + CAPTION + 3)).isEqualTo(0xFFFFFF);
        BufferedImage small = written(Grid.of(Dataset.of(1, i -> Example.labelled(plain(700, 9, 8, 7), 0))));
        assertThat(small.getWidth()).isEqualTo(4 * MARGIN + 3 * 256);
        assertThat(rgb(small, MARGIN + 255, MARGIN + CAPTION + 255)).isEqualTo(0x090807);
    }

    @Test
    void viewsOfOneExample() throws IOException {
        Example example = Example.labelled(plain(100, 0, 0, 0), 0);
        RandomFunction<HostTensor> brighter = (picture, random) -> plain(100, random.nextInt(256), 0, 0);
        Grid grid = Grid.ofViews(example, brighter, 3);
        assertThat(grid.cells().stream().map(cell -> cell.picture().get(0)).distinct())
                .hasSizeGreaterThan(5);
        assertThat(Grid.ofViews(example, brighter, 3).cells().get(8).picture().get(0))
                .isEqualTo(grid.cells().get(8).picture().get(0));
        BufferedImage image = written(grid);
        assertThat(image.getHeight()).isEqualTo(4 * MARGIN + 3 * 200);
        assertThat(rgb(image, MARGIN + 10, MARGIN + 10) >> 16)
                .isEqualTo((int) grid.cells().get(0).picture().get(0));
    }

    @Test
    void generatedPicturesAreDrawn() throws IOException {
        Path pictures = GeneratedPictures.folder(folder.resolve("pictures"), 3, 5);
        Dataset dataset = Dataset.ofPictures(ImageFolder.read(pictures).train(), InputGeometry.stretch(96))
                .skip(2);
        Path file = folder.resolve("first.png");
        Grid.of(dataset).write(file);
        BufferedImage image = Objects.requireNonNull(ImageIO.read(file.toFile()));
        HostTensor first = dataset.get(0).input();
        int middle = 48 * 96 + 48;
        int expected = Math.round(first.get(middle)) << 16
                | Math.round(first.get(middle + 96 * 96)) << 8
                | Math.round(first.get(middle + 2 * 96 * 96));
        assertThat(rgb(image, MARGIN + 96, MARGIN + CAPTION + 96)).isEqualTo(expected);
    }

    @Test
    void badGrids() {
        assertThatThrownBy(() -> Grid.of(Numbered.of(3, 1)))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("expected a picture [3, height, width] or [1, height, width], got [2]");
        Grid grid = Grid.of(Dataset.of(1, i -> Example.labelled(plain(2, 0, 0, 0), 0)));
        assertThatThrownBy(() -> grid.range(1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> grid.write(folder.resolve("none/grid.png")))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("grid.png: cannot be written: no such folder");
    }
}
