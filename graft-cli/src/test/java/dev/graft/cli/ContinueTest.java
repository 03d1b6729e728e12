package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft train --continue}: a model of discs and stripes learns of crosses. */
class ContinueTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path temporary;

    @SuppressWarnings("NullAway.Init")
    private static Path pictures;

    /** Never replaced. */
    @SuppressWarnings("NullAway.Init")
    private static Path old;

    @BeforeAll
    static void trainTheOldModel() throws IOException {
        pictures = Drawings.folder(temporary.resolve("drawings"), 12);
        old = temporary.resolve("old.graft");
        Cli training = train("--image-size", 64, "--recipe", "head", "--out", old);
        assertThat(training.err()).isEmpty();
        assertThat(training.code()).isZero();
        Drawings.crosses(pictures, 12);
    }

    private static Cli train(Object... more) {
        List<Object> all = new ArrayList<>(List.of("train", pictures, "--cache", temporary.resolve("cache")));
        all.addAll(List.of(more));
        return Cli.run(all.toArray());
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    @Test
    void aNewClassIsLearntIntoTheSameFile() throws IOException {
        Path model = Files.copy(old, temporary.resolve("same.graft"));
        Path json = temporary.resolve("same.json");
        Cli training =
                train("--continue", model, "--recipe", "head", "--test-split", 0.25, "--out", model, "--json", json);
        assertThat(training.err()).isEmpty();
        assertThat(training.code()).isZero();
        assertThat(training.out())
                .containsSubsequence(
                        "of 3 classes",
                        "new: crosses",
                        "Backbone    mobilenet_v3_small, 64x64 pixels",
                        "as " + model + " has it",
                        "replaces the one that is there",
                        "Compared with the old model on the test pictures",
                        "It may have learnt from some of them",
                        "Old classes accuracy ",
                        "of 6 pictures",
                        "New classes accuracy ",
                        "of 3 pictures")
                .doesNotContain("they decided which weights");
        JsonNode comparison = json(json).path("comparison");
        assertThat(comparison.path("pictures").asText()).isEqualTo("test");
        assertThat(comparison.path("new_classes")).hasToString("[\"crosses\"]");
        assertThat(comparison.at("/old_classes/accuracy_before").asDouble()).isEqualTo(1);
        assertThat(comparison.at("/old_classes/accuracy_after").asDouble()).isEqualTo(1);
        assertThat(comparison.at("/added/accuracy").asDouble()).isEqualTo(1);
        assertThat(json(json).at("/settings/continue").asText()).isEqualTo(model.toString());
        assertThat(Bundle.read(model).labels()).containsExactly("crosses", "discs", "stripes");
        assertThat(comparison.path("sha256"))
                .isEqualTo(Bundle.read(model).provenance().at("/continued_from/sha256"));
        Cli predicted = Cli.run("predict", model, pictures.resolve("crosses/cross-3.png"), "--top", 1);
        assertThat(predicted.out()).contains("crosses");
    }

    /** A head that has hardly learnt forgets a lot. */
    @Test
    void whatTheNewModelGetsWrongIsListed() throws IOException {
        Path model = temporary.resolve("forgetful.graft");
        Path json = temporary.resolve("forgetful.json");
        Cli training = train(
                "--continue",
                old,
                "--recipe",
                "head",
                "--head",
                "linear",
                "--epochs",
                1,
                "--lr",
                1e-9,
                "--out",
                model,
                "--json",
                json);
        assertThat(training.err()).isEmpty();
        assertThat(training.out())
                .containsSubsequence(
                        "Compared with the old model on the validation pictures",
                        "they decided which weights of the new one were kept",
                        "right before and wrong now",
                        "is",
                        "before",
                        "now");
        JsonNode lost = json(json).at("/comparison/right_to_wrong");
        assertThat(lost).isNotEmpty();
        for (JsonNode picture : lost) {
            Path path = Path.of(picture.path("path").asText());
            assertThat(pictures.relativize(path).getName(0).toString())
                    .isEqualTo(picture.path("truth").asText())
                    .isEqualTo(picture.at("/before/label").asText())
                    .isNotEqualTo(picture.at("/after/label").asText());
            assertThat(training.out()).contains(path.toString());
            assertThat(says(old, path)).isEqualTo(picture.at("/before"));
            assertThat(says(model, path)).isEqualTo(picture.at("/after"));
        }
    }

    /** What {@code predict} says, in the form of the report. */
    private static JsonNode says(Path model, Path picture) throws IOException {
        Path json = temporary.resolve("predict.json");
        Cli.run("predict", model, picture, "--top", 1, "--json", json);
        JsonNode best = json(json).at("/0/predictions/0");
        return new ObjectMapper()
                .createObjectNode()
                .put("label", best.path("label").asText())
                .put("probability", best.path("probability").asDouble())
                .put("unknown", json(json).at("/0/unknown").asBoolean());
    }

    @Test
    void whatContradictsIsWrongUsage() {
        String message = "--continue MODEL.graft starts from that model's backbone, weights and image size; leave ";
        wrong(train("--continue", old, "--model", "resnet18"), message + "--model out");
        wrong(train("--continue", old, "--weights", old), message + "--weights out");
        wrong(train("--continue", old, "--backbone", "x.onnx"), message + "--backbone out");
        wrong(train("--continue", old, "--image-size", 96), message + "--image-size out");
        wrong(train("--drop-classes"), "--drop-classes goes with --continue MODEL.graft only");
    }

    private static void wrong(Cli result, String message) {
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(message);
    }

    @Test
    void whatCannotBeContinuedIsToldInALine() throws IOException {
        Path text = Files.writeString(temporary.resolve("text.graft"), "no bundle");
        refused(train("--continue", text), text + ": not a valid .graft bundle: it is not a bundle");
        Path few = Drawings.folder(temporary.resolve("few"), 4);
        Drawings.crosses(few, 4);
        for (int i = 0; i < 4; i++) {
            Files.delete(few.resolve("stripes/stripes-" + i + ".png"));
        }
        Files.delete(few.resolve("stripes"));
        Path out = temporary.resolve("few.graft");
        Object[] continuing = {"train", few, "--continue", old, "--recipe", "head", "--no-cache", "--out", out};
        refused(Cli.run(continuing), few + ": has no pictures of 'stripes', which " + old + " knows; add some");
        assertThat(out).doesNotExist();
        List<Object> dropping = new ArrayList<>(List.of(continuing));
        dropping.add("--drop-classes");
        Cli dropped = Cli.run(dropping.toArray());
        assertThat(dropped.err()).isEmpty();
        assertThat(dropped.out()).containsSubsequence("new: crosses", "no longer known: stripes");
        assertThat(Bundle.read(out).labels()).containsExactly("crosses", "discs");
    }

    private static void refused(Cli result, String message) {
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines().toList()).hasSize(1).first().asString().contains(message);
    }
}
