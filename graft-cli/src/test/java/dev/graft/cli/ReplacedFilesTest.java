package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --json} would replace is spared where it is a picture or a model. */
class ReplacedFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @Test
    void neitherAModelNorAPictureIsReplacedByJson() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 6);
        Path model = temporary.resolve("model.graft");
        Cli both = train(pictures, model, model);
        assertThat(both.code()).isEqualTo(1);
        assertThat(both.err()).contains("--json and --out name one file");
        assertThat(model).doesNotExist();

        Path json = Files.writeString(temporary.resolve("old.json"), "{}");
        assertThat(train(pictures, model, json).code()).isZero();
        Path picture = pictures.resolve("discs/disc-1.png");
        byte[] before = Files.readAllBytes(picture);
        for (Path spared : new Path[] {model, picture}) {
            Cli predict = Cli.run("predict", model, pictures, "--json", spared);
            assertThat(predict.code()).isEqualTo(1);
            assertThat(predict.err()).contains("exists and is no JSON that could be replaced");
        }
        // What a command has written itself it may write again.
        for (int i = 0; i < 2; i++) {
            assertThat(Cli.run("predict", model, pictures, "--json", json).code())
                    .isZero();
        }
        assertThat(Bundle.read(model).labels()).hasSize(2);
        assertThat(picture).hasBinaryContent(before);
    }

    private static Cli train(Path pictures, Path model, Path json) {
        return Cli.run(
                "train",
                pictures,
                "--recipe=head",
                "--head=mean",
                "--image-size=32",
                "--no-cache",
                "--out",
                model,
                "--json",
                json);
    }
}
