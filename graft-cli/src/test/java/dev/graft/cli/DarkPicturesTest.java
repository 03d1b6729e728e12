package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measurements of 12 bits in files of 16 are read, as nearly black as they are, and that is said once. */
class DarkPicturesTest {
    private static final String NOTE = "12 pictures use a sixteenth of the range or less, nearly black for the network";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @Test
    void valuesOfTwelveBitsInSixteenAreSaid() throws IOException {
        Path folder = pictures(1);
        assertThat(train(folder).out().lines().filter(line -> line.contains(NOTE)))
                .hasSize(1);
        assertThat(Cli.run("audit", folder).out()).contains(NOTE);
    }

    @Test
    void thoseOfTheWholeRangeAreNot() throws IOException {
        Path folder = pictures(16);
        assertThat(train(folder).out()).doesNotContain("a sixteenth");
        assertThat(Cli.run("audit", folder).out()).doesNotContain("a sixteenth");
    }

    private Cli train(Path folder) {
        Cli train = Cli.run(
                "train",
                folder,
                "--recipe=head",
                "--head=mean",
                "--image-size=32",
                "--no-cache",
                "--out",
                temporary.resolve("m.graft"));
        assertThat(train.code()).as(train.err()).isZero();
        return train;
    }

    private Path pictures(int factor) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 12; i++) {
            BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_USHORT_GRAY);
            for (int at = 0; at < 1600; at++) {
                int bright = i % 2 == 0 ? 2048 : 0;
                image.getRaster().setSample(at % 40, at / 40, 0, factor * (bright + random.nextInt(2048)));
            }
            Path file = temporary.resolve("set/" + (i % 2 == 0 ? "bright" : "dark") + "/" + i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
        return temporary.resolve("set");
    }
}
