package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong whatever the pictures are is wrong usage, said with the option's name, also where the network knows it first. */
class WrongValuesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path temporary;

    @SuppressWarnings("NullAway.Init")
    private static Path pictures;

    @BeforeAll
    static void draw() throws IOException {
        pictures = Drawings.folder(temporary.resolve("drawings"), 4);
    }

    private static Cli run(String command, String options) {
        Stream<Object> first = Stream.of(command, pictures);
        return Cli.run(Stream.concat(first, Stream.of(options.split(" "))).toArray());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --image-size 100000                   | --image-size: picture size must be 1 to 4096 pixels
                    --image-size 17 --model vgg16         | --image-size: MaxPooling2D 'features.30': expected
                    --unfreeze 999                        | --unfreeze: the last layers of 'backbone': expected 1 to 87
                    --unfreeze 0                          | --unfreeze: the last layers of 'backbone': expected 1 to 87
                    --unfreeze featres.12                 | --unfreeze: no stage 'featres.12'
                    --unfreeze gradual:nowhere            | --unfreeze: no stage 'nowhere'
                    --unfreeze features.12:3:0            | --unfreeze: 'features.12:3:0': expected a learning rate
                    --unfreeze a:b:c                      | --unfreeze: 'a:b:c' is not PLACE
                    --head dense --hidden 1000000000      | --hidden: 1000000000 units on 1024 inputs are more
                    --model vit_b_16 --pooling max        | --pooling: vit_b_16 gives tokens and no feature map
                    --group-by [                          | --group-by: '[' is no regular expression
                    --rate features.0=1                   | --rate: no layer or weight 'features.0' in
                    --rate features.0=1                   | did you mean 'backbone.features.0'?
                    --rate backbone.featrues.0=1          | did you mean 'backbone.features.0'?
                    --rate nolayer=1                      | --rate: no layer or weight 'nolayer' in
                    --rate nolayer=1                      | 'graft summary' lists
                    --rate backbone.features.2=1 --unfreeze features.12 | --rate: 'backbone.features.2' stays frozen
                    """, maxCharsPerColumn = 200)
    void exitCodeTwo(String options, String message) {
        for (String command : new String[] {"train", "advise", "find-rate"}) {
            boolean placed = options.contains("--unfreeze");
            if (command.equals("find-rate") && !placed && options.contains("--rate")) {
                continue;
            }
            Cli wrong = run(command, options);
            assertThat(wrong.code()).as(command + wrong.err()).isEqualTo(2);
            assertThat(wrong.out()).isEmpty();
            assertThat(wrong.err().lines())
                    .hasSize(2)
                    .element(0)
                    .asString()
                    .startsWith("graft: --")
                    .contains(message);
            assertThat(wrong.err()).contains("See 'graft " + command + " --help'.");
        }
    }

    @Test
    void ratesOfPhasesThatFollowEachOtherMayBeOfOneOfThem() {
        Cli sound = run(
                "train",
                "--unfreeze features.12:1,features.11:1 --rate backbone.features.11=1e-5 --image-size 32 --no-cache --out "
                        + temporary.resolve("x.graft"));
        assertThat(sound.err()).isEmpty();
        assertThat(sound.code()).isZero();
    }
}
