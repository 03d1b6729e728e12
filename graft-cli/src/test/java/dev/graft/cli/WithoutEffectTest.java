package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that change nothing: refused where the user himself excluded them, said where the pictures or the advice did. */
class WithoutEffectTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path temporary;

    @SuppressWarnings("NullAway.Init")
    private static Path pictures;

    @BeforeAll
    static void draw() throws IOException {
        pictures = Drawings.folder(temporary.resolve("drawings"), 10, 8);
    }

    private static Cli run(String command, String... options) {
        List<Object> all = new ArrayList<>(List.of(command, pictures, "--image-size=32"));
        all.addAll(List.of("--cache", temporary.resolve("cache")));
        all.addAll(List.of(options));
        return Cli.run(all.toArray());
    }

    private static String train(String... options) {
        List<String> all =
                new ArrayList<>(List.of("--out", temporary.resolve("x.graft").toString()));
        all.addAll(List.of(options));
        Cli trained = run("train", all.toArray(String[]::new));
        assertThat(trained.err()).isEmpty();
        assertThat(trained.code()).isZero();
        return trained.out().replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --recipe head --fine-tune-lr 1e-4     | --fine-tune-lr: without effect with --recipe head
                    --recipe head --schedule step --ema 0.9 | --schedule, --ema: without effect with --recipe head
                    --recipe head --rate head=1           | --rate: without effect with --recipe head
                    --fine-tune-epochs 0 --patience 3     | --patience: without effect with --fine-tune-epochs 0
                    --fine-tune-epochs 0 --no-blend       | --no-blend: without effect with --fine-tune-epochs 0
                    --backbone x.onnx --batch-norm frozen | --batch-norm: without effect with --backbone FILE.onnx
                    --head knn --warm-up 0.2              | --warm-up: without effect with --head knn
                    --head knn --recipe last              | --head knn keeps examples and has nothing that gradients
                    --head knn --unfreeze all             | --head knn keeps examples and has nothing that gradients
                    --head knn --fine-tune-epochs 3       | --head knn keeps examples and has nothing that gradients
                    --unfreeze all:3 --fine-tune-epochs 9 | --fine-tune-epochs: without effect, as each phase of
                    --unfreeze all:3:1e-4:2,2:1:1e-4 --fine-tune-lr 1 --patience 3 | --fine-tune-lr: without effect
                    --unfreeze all:3:1e-4:2 --patience 3  | --patience: without effect, as each phase of
                    --no-head-first --lr 1                | --epochs and --lr are of the head's own phase
                    --no-head-first --recipe head         | leaves out the only phase of --recipe head
                    --test y --test-split 0.2             | --test-split: without effect with --test DIR
                    """, maxCharsPerColumn = 200)
    void whatTheUserExcludedIsRefused(String options, String message) {
        for (String command : new String[] {"train", "advise", "find-rate"}) {
            if (command.equals("find-rate") && options.contains("--no-head-first")) {
                continue;
            }
            Cli wrong = run(command, options.split(" "));
            assertThat(wrong.code()).as(wrong.err()).isEqualTo(2);
            assertThat(wrong.err()).contains(message).contains("leave").hasLineCount(2);
        }
    }

    @Test
    void aCacheThatIsNotKeptHasNoPlace() {
        Cli wrong = run("train", "--no-cache");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("--no-cache keeps nothing; leave --cache and --cache-size out");
    }

    @Test
    void whatTheAdviceDecidedIsNoted() throws IOException {
        Path json = temporary.resolve("train.json");
        String out = train("--fine-tune-lr=1e-4", "--patience=2", "--rate=backbone=1e-5", "--json=" + json);
        String note = "--fine-tune-lr, --rate, --patience: without effect, as the head alone is solved";
        assertThat(out).contains("Phase 2 none Note " + note);
        JsonNode notes = new ObjectMapper().readTree(json.toFile()).path("notes");
        assertThat(notes.toString()).isEqualTo("[\"" + note + "\"]");
        assertThat(train("--epochs=2", "--batch=4", "--no-blend"))
                .contains("Note --no-blend: without effect, as the head alone trains");
        assertThat(train("--batch=4")).contains("Note --batch: without effect");
        assertThat(train()).doesNotContain("Note");
        assertThat(train("--recipe=last", "--fine-tune-epochs=1", "--rate=backbone.features.0=1e-5"))
                .contains("Note --rate backbone.features.0: without effect, as that stays frozen");
    }

    @Test
    void whatThePicturesDecidedIsNoted() {
        assertThat(train("--head=knn", "--neighbours=500"))
                .contains("Note --neighbours 500: all 14 pictures to train on vote, as there are no more");
        assertThat(train("--group-by=.*"))
                .contains("Note --group-by '.*': every picture is of another origin, so that it keeps none together");
        assertThat(train("--head=mean", "--balance=weights"))
                .contains("Note --balance weights: without effect on a head of kind mean");
        assertThat(train("--balance=weights")).doesNotContain("Note");
    }

    @Test
    void theCommandThatIsAdvisedIsOneThatIsTaken() {
        Cli advised = run("advise", "--fine-tune-lr=1e-4", "--ema=0.9", "--threads=1");
        assertThat(advised.err()).isEmpty();
        assertThat(advised.out())
                .contains("--fine-tune-lr, --ema: without effect, as the head alone is solved")
                .containsPattern("Run  graft train .* --threads 1 --recipe head\\R");
    }

    @Test
    void aSearchSaysWhatItDoesNotLookAt() {
        Cli head = run("find-rate", "--steps=10", "--epochs=2", "--schedule=step");
        assertThat(head.err()).isEmpty();
        assertThat(head.out())
                .contains("  --schedule: without effect, as the head alone trains")
                .contains("  --epochs: without effect on the search for a rate");
        assertThat(run("find-rate", "--steps=10", "--head=svm").out())
                .contains("a head of kind svm is solved and has no rate: this is the one of --head linear");
        Cli tuning = run(
                "find-rate",
                "--steps=10",
                "--unfreeze=features.12",
                "--no-head-first",
                "--fine-tune-lr=1",
                "--ema=0.9");
        assertThat(tuning.err()).isEmpty();
        assertThat(tuning.out()).contains("  --fine-tune-lr, --ema: without effect on the search for a rate");
    }
}
