package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.Numbers;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code find-rate} on a folder of drawings. */
class FindRateTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private Cli find(Object... further) throws IOException {
        Path pictures = temporary.resolve("drawings");
        if (!Files.exists(pictures)) {
            Drawings.folder(pictures, 12);
            Files.createDirectories(pictures.resolve("lost+found"));
            Files.writeString(pictures.resolve("discs/empty.jpg"), "");
        }
        Object[] all = new Object[further.length + 6];
        Object[] common = {"find-rate", pictures, "--batch=8", "--cache", temporary.resolve("cache"), "--epochs=2"};
        System.arraycopy(common, 0, all, 0, common.length);
        System.arraycopy(further, 0, all, common.length, further.length);
        return Cli.run(all);
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(temporary.resolve("rates.json").toFile());
    }

    @Test
    void theHeadsRateIsPrintedDrawnAndWritten() throws IOException {
        Path plot = temporary.resolve("rates.png");
        Cli found = find("--plot", plot, "--json", temporary.resolve("rates.json"), "--steps=60");
        assertThat(found.err()).isEmpty();
        assertThat(found.code()).isZero();
        JsonNode json = json();
        double suggestion = json.get("suggestion").doubleValue();
        // Adam on 1024 features: far from both ends of the range.
        assertThat(suggestion).isBetween(1e-5, 1e-1);
        assertThat(found.out())
                .contains("rate", "smoothed", "1e-7")
                .contains("Try  --lr " + Numbers.text(suggestion))
                .contains("passed over: lost+found")
                .contains("unreadable");
        assertThat(json.get("phase").textValue()).isEqualTo("head");
        assertThat(json.get("points").size()).isBetween(30, 60);
        assertThat(found.out()
                        .lines()
                        .filter(line -> line.matches(" +\\S+ +\\d+\\.\\d{4} +\\d+\\.\\d{4}"))
                        .count())
                .isBetween(10L, 25L);
        BufferedImage picture = ImageIO.read(plot.toFile());
        assertThat(picture.getWidth()).isEqualTo(900);
        assertThat(picture.getHeight()).isEqualTo(560);
        assertThat(pixels(picture, 0x1f77b4)).as("the curve").isGreaterThan(300);
        assertThat(pixels(picture, 0xd62728)).as("the suggestion").isGreaterThan(300);
    }

    private static long pixels(BufferedImage picture, int colour) {
        long count = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                count += (picture.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void withUnfreezeTheHeadIsTrainedFirst() throws IOException {
        Cli found = find("--unfreeze=auto", "--steps=12", "--json", temporary.resolve("rates.json"));
        assertThat(found.err()).isEmpty();
        assertThat(found.code()).isZero();
        assertThat(found.out()).contains("Phase 1, head", "epoch 2/2", "Phase 2, rates");
        JsonNode json = json();
        assertThat(json.get("phase").textValue()).isEqualTo("fine-tune");
        // The head knows the drawings by then: a fresh one would begin at the logarithm of 2.
        assertThat(json.get("points").get(0).get("loss").doubleValue()).isLessThan(0.6);
        assertThat(found.out()).containsAnyOf("--fine-tune-lr", "No rate");
    }

    @Test
    void whatIsWrongIsToldBeforeTheWork() throws IOException {
        Cli range = find("--from=1", "--to=0.1");
        assertThat(range.code()).isEqualTo(2);
        assertThat(range.err()).contains("--from, --to: rates are tried from one above 0 up to a higher one");
        assertThat(find("--steps=3").err()).contains("--steps: expected 10 to 10000, got 3");
        Cli plot = find("--plot", temporary.resolve("rates.jpg"));
        assertThat(plot.code()).isEqualTo(2);
        assertThat(plot.err()).contains("rates.jpg: --plot draws a PNG; let the name end in .png");
        assertThat(find("--unfreeze=laier").err()).contains("no stage 'laier'");
        assertThat(plot.out()).isEmpty();
    }
}
