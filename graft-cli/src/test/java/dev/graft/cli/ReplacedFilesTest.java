package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.Bundle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands replace, and what they spare, when they run to their end. */
class ReplacedFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @Test
    void whatACommandHasWrittenItWritesAgain() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 6);
        // The same in another format is a near copy, so that there is something to draw.
        BufferedImage disc = ImageIO.read(pictures.resolve("discs/disc-1.png").toFile());
        ImageIO.write(disc, "bmp", pictures.resolve("discs/copy.bmp").toFile());
        Path model = temporary.resolve("model.graft");
        Path json = temporary.resolve("out.json");
        Path png = temporary.resolve("out.png");
        for (int i = 0; i < 2; i++) {
            done("train", pictures, "--recipe=head", "--head=mean", "--image-size=32", "--no-cache", "--out", model);
            done("predict", model, pictures, "--json", json);
            done("audit", pictures, "--grid", png, "--json", json);
        }
        assertThat(Bundle.read(model).labels()).hasSize(2);
        assertThat(png).exists();
    }

    @Test
    void aPngAmongThePicturesWasDrawnByNobodyHere() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 6);
        Path picture = pictures.resolve("discs/disc-1.png");
        byte[] before = Files.readAllBytes(picture);
        for (List<Object> command : List.<List<Object>>of(
                List.of("audit", pictures, "--grid"),
                List.of("audit", pictures, "--suspects"),
                List.of("find-rate", pictures, "--plot"),
                List.of("find-rate", "missing", "--val", pictures, "--plot"))) {
            List<Object> words = new ArrayList<>(command);
            words.add(picture);
            Cli refused = Cli.run(words.toArray());
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .isEqualTo("graft: " + picture + ": exists and is one of the pictures in " + pictures
                            + "; choose another name with " + words.get(words.size() - 2) + System.lineSeparator());
        }
        assertThat(picture).hasBinaryContent(before);
    }

    private static void done(Object... words) {
        Cli result = Cli.run(words);
        assertThat(result.code()).as(Arrays.toString(words) + result.err()).isZero();
    }
}
