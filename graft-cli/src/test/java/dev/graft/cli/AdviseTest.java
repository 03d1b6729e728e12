package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code advise} on folders of drawings. */
class AdviseTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private Cli advise(Path pictures, Object... further) {
        List<Object> all = new ArrayList<>(List.of("advise", pictures, "--image-size=64", "--batch=8"));
        if (!List.of(further).contains("--no-cache")) {
            all.addAll(List.of("--cache", temporary.resolve("cache")));
        }
        all.addAll(List.of("--json", temporary.resolve("advice.json")));
        all.addAll(List.of(further));
        return Cli.run(all.toArray());
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(temporary.resolve("advice.json").toFile());
    }

    @Test
    void aFewDrawingsGetAHeadWithReasonsAndTheCommandThatTrainsIt() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("some drawings"), 40, 10);
        Files.copy(pictures.resolve("discs/disc-3.png"), pictures.resolve("discs/same.png"));
        Files.writeString(pictures.resolve("discs/broken.png"), "no picture");
        Cli advised = advise(pictures, "--threads=1");
        assertThat(advised.err()).isEmpty();
        assertThat(advised.code()).isZero();
        assertThat(advised.out())
                .contains("51 pictures of 2 classes")
                .contains("from 10 (stripes) to 41 (discs) of a class: uneven, --balance weights")
                .contains("64x64 pixels")
                .contains("warning: 100 % are smaller than the backbone takes them (73 pixels)")
                .contains("unreadable and left out: 1 picture, such as")
                .contains("1 picture is a copy")
                .contains("fewer than 500 pictures: the head only")
                .contains("recipe head: a head of kind logistic on the frozen backbone")
                .contains("should it be fine-tuned nevertheless, then the backbone from features.9 on")
                .contains("fine-tuning the backbone from features.9 on would take about")
                .containsPattern("light +mobilenet_v3_small .* here")
                .containsPattern("balanced .* graft models pull ");
        String command = "graft train '" + pictures + "' --image-size 64 --batch 8 --cache "
                + temporary.resolve("cache") + " --threads 1 --recipe head --balance weights";
        assertThat(advised.out()).endsWith("Run  " + command + System.lineSeparator());

        JsonNode json = json();
        assertThat(json.at("/classes/discs").asInt()).isEqualTo(41);
        assertThat(json.path("unbalanced").asBoolean()).isTrue();
        assertThat(json.at("/sizes/width/median").asInt()).isEqualTo(64);
        assertThat(json.at("/sizes/enlarged").asDouble()).isEqualTo(1);
        assertThat(json.path("skipped")).hasSize(1);
        assertThat(json.at("/care/copies").asInt()).isEqualTo(1);
        assertThat(json.at("/advice/depths")).hasSize(6);
        assertThat(json.at("/advice/depths/5/accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(json.path("recipe").asText()).isEqualTo("head");
        assertThat(json.path("unfreeze").isNull()).isTrue();
        assertThat(json.path("command").asText()).isEqualTo(command);
        assertThat(json.at("/cost/epochs").asInt()).isZero();
        assertThat(json.at("/cost/epoch").asDouble()).isPositive();
        assertThat(json.at("/cost/cache_bytes").asLong()).isGreaterThan(51 * 1024 * 4);
        assertThat(json.at("/cost/a_picture/from").asText()).isEqualTo("features.9");
        assertThat(json.at("/budgets/1/level").asText()).isEqualTo("balanced");
        assertThat(json.at("/budgets/1/epoch").asDouble())
                .isGreaterThan(json.at("/budgets/0/epoch").asDouble());
        Cli trained = Cli.run(
                "train",
                pictures,
                "--image-size=64",
                "--cache",
                temporary.resolve("cache"),
                "--recipe=head",
                "--balance=weights",
                "--out",
                temporary.resolve("x.graft"));
        assertThat(trained.err()).isEmpty();
        assertThat(trained.out()).as("the first look is not done twice").contains("51 of them from the cache");
    }

    @Test
    void whatIsAskedForOverridesTheAdvice() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 8);
        Cli advised = advise(pictures, "--recipe=last", "--unfreeze=features.12", "--fine-tune-epochs=3", "--no-cache");
        assertThat(advised.err()).isEmpty();
        assertThat(advised.out())
                .contains("8 of each class")
                .contains("then the backbone from features.12 on, up to 3 epochs")
                .contains("in each run, as nothing is cached")
                .contains("none for a cache")
                .endsWith("--recipe last --unfreeze features.12 --fine-tune-epochs 3 --no-cache"
                        + System.lineSeparator());
        JsonNode json = json();
        assertThat(json.at("/advice/recipe").asText()).isEqualTo("head");
        assertThat(json.path("recipe").asText()).isEqualTo("last");
        assertThat(json.path("unfreeze").asText()).isEqualTo("features.12");
        assertThat(json.at("/cost/epochs").asInt()).isEqualTo(3);
        assertThat(json.at("/cost/cache_bytes").asLong()).isZero();
        assertThat(json.at("/cost/total").asDouble())
                .isGreaterThanOrEqualTo(3 * json.at("/cost/epoch").asDouble());
    }

    @Test
    void whatIsWrongIsToldBeforeTheWork() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 4);
        Cli stage = advise(pictures, "--unfreeze=features.99", "--fine-tune-epochs=1");
        assertThat(stage.code()).isEqualTo(2);
        assertThat(stage.err()).contains("--unfreeze: no stage 'features.99' in mobilenet_v3_small", "did you mean");
        assertThat(stage.out()).isEmpty();
        Cli missing = advise(temporary.resolve("missing"));
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("missing");
        assertThat(Cli.run("advise").code()).isEqualTo(2);
        Cli json = Cli.run("advise", pictures, "--json", temporary.resolve("no/such/folder.json"));
        assertThat(json.code()).isEqualTo(1);
        assertThat(json.err()).contains("--json");
        assertThat(advise(pictures, "--model=mobilnet_v3_small").code()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    plain/path-1.x | plain/path-1.x
                    two words      | 'two words'
                    it's           | 'it'\\''s'
                    a$b            | 'a$b'
                    übung          | übung
                    """)
    void wordsAreQuotedForAShell(String word, String quoted) {
        assertThat(AdvisedCommand.quoted(word)).isEqualTo(quoted);
    }
}
