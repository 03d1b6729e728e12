package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of drawings becomes a classifier, which is then evaluated, asked and summed up. */
class EndToEndTest {
    private static final int PER_CLASS = 12;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path temporary;

    @SuppressWarnings("NullAway.Init")
    private static Cli training;

    @BeforeAll
    static void train() throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), PER_CLASS);
        Files.writeString(pictures.resolve("discs/empty.jpg"), "");
        Files.writeString(pictures.resolve("stripes/text.png"), "no picture at all");
        Files.writeString(pictures.resolve("stripes/notes.txt"), "not looked at");
        training = Cli.run(training(model(), "train.json"));
    }

    private static Object[] training(Path model, String json) {
        return new Object[] {
            "train",
            temporary.resolve("drawings"),
            "--epochs=6",
            "--fine-tune-epochs=1",
            "--batch=8",
            "--test-split=0.2",
            "--cache",
            temporary.resolve("cache"),
            "--out",
            model,
            "--json",
            temporary.resolve(json)
        };
    }

    private static Path model() {
        return temporary.resolve("drawings.graft");
    }

    private static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(temporary.resolve(name).toFile());
    }

    private static List<String> keys(JsonNode node) {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    @Test
    void summaryAndModelsWriteJsonToo() throws IOException {
        assertThat(Cli.run("summary", model(), "--json", temporary.resolve("summary.json"))
                        .code())
                .isZero();
        JsonNode summary = json("summary.json");
        assertThat(summary.get("total").asLong()).isEqualTo(1_532_018);
        long inLayers = 0;
        for (JsonNode layer : summary.get("layers")) {
            inLayers += layer.get("parameters").asLong();
        }
        assertThat(inLayers).isEqualTo(1_532_018);
        JsonNode head = summary.get("layers").get(summary.get("layers").size() - 1);
        assertThat(head.toString())
                .isEqualTo("{\"name\":\"head\",\"type\":\"Dense\",\"parameters\":2050,\"trainable\":true,"
                        + "\"output_shape\":[2]}");
        assertThat(summary.get("trainable").asLong()
                        + summary.get("non_trainable").asLong())
                .isEqualTo(1_532_018);
        assertThat(Cli.run("models", "--json", temporary.resolve("models.json")).code())
                .isZero();
        assertThat(json("models.json").get(0).get("name").asText()).isEqualTo("mobilenet_v3_small");
    }

    @Test
    void trainingTellsThePlanThenTheEpochsThenTheResults() {
        assertThat(training.err()).isEmpty();
        assertThat(training.code()).isZero();
        assertThat(training.out())
                .containsSubsequence(
                        "Looked at 26 pictures",
                        "24 pictures of 2 classes",
                        "passed over, as they are no pictures that are read: 1 .txt",
                        "Advice      fewer than 500 pictures: the head only",
                        "Phase 1     head: linear on the frozen backbone's features, 6 epochs",
                        "trainable 2,050 / total 1,519,906 (0.1%)",
                        "Phase 2     fine-tune: 1 epoch;",
                        "Cache       " + temporary.resolve("cache"),
                        "Model       " + model(),
                        "epoch 1/6  loss ",
                        "val_accuracy",
                        "epoch 6/6",
                        "epoch 1/1",
                        "Results on the test pictures",
                        "precision",
                        "2 pictures could not be read and were left out:",
                        "Accuracy    validation 1.000",
                        "test 1.000",
                        "Calibration error ",
                        "too few validation pictures to tell what is unknown",
                        "graft predict " + model())
                .doesNotContain("\u001b", "\r");
    }

    @Test
    void trainingWritesJson() throws IOException {
        JsonNode json = json("train.json");
        assertThat(json.path("accuracy").asDouble()).isEqualTo(1);
        assertThat(json.path("total").asInt())
                .isEqualTo(json.path("correct").asInt())
                .isPositive();
        assertThat(json.at("/classes/0/name").asText()).isEqualTo("discs");
        assertThat(json.path("confusion")).hasSize(2);
        assertThat(json.at("/test/total").asInt()).isPositive();
        assertThat(json.path("phases"))
                .extracting(phase -> phase.path("name").asText())
                .containsExactly("head", "fine-tune");
        assertThat(keys(json.at("/phases/0/epochs/0")))
                .containsExactly("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "lr", "seconds");
        assertThat(json.at("/phases/0/epochs")).hasSize(6);
        assertThat(json.at("/phases/0/best_epoch").asInt()).isPositive();
        assertThat(keys(json.path("timing")))
                .containsExactly("decode", "prefix", "head", "fine_tune", "frozen", "total");
        assertThat(json.path("timing"))
                .allSatisfy(seconds -> assertThat(seconds.asDouble()).isPositive());
        assertThat(json.at("/cache/hits").asInt()).isZero();
        assertThat(json.at("/cache/misses").asInt()).isEqualTo(2 * 2 * PER_CLASS);
        assertThat(json.at("/cache/bytes").asLong()).isPositive();
        assertThat(json.has("peak_rss_mb")).isTrue();
        assertThat(json.path("stopped").asBoolean()).isFalse();
        assertThat(json.path("skipped"))
                .extracting(entry -> entry.path("path").asText())
                .allSatisfy(path -> assertThat(path).startsWith(temporary.toString()))
                .hasSize(2);
        assertThat(json.at("/skipped/0/reason").asText()).isNotBlank();
    }

    @Test
    void evaluationCountsEveryReadablePicture() throws IOException {
        Cli evaluation = Cli.run(
                "evaluate", model(), temporary.resolve("drawings"), "--json", temporary.resolve("evaluate.json"));
        assertThat(evaluation.err()).isEmpty();
        assertThat(evaluation.code()).isZero();
        assertThat(evaluation.out())
                .containsSubsequence(
                        "precision", "discs", "truth \\ taken for", "2 pictures could not be read", "Accuracy");
        JsonNode json = json("evaluate.json");
        assertThat(keys(json))
                .containsExactly(
                        "accuracy", "correct", "total", "loss", "ece", "classes", "confusion", "skipped", "remarks");
        assertThat(json.path("total").asInt()).isEqualTo(2 * PER_CLASS);
        assertThat(json.path("accuracy").asDouble()).isGreaterThan(0.95);
        assertThat(keys(json.at("/classes/0"))).containsExactly("name", "precision", "recall", "f1", "support");
        assertThat(json.at("/classes/1/support").asInt()).isEqualTo(PER_CLASS);
        assertThat(json.at("/confusion/1/1").asInt()).isGreaterThan(10);
        assertThat(json.path("skipped")).hasSize(2);
    }

    @Test
    void predictionIsALineAPicture() throws IOException {
        Path disc = temporary.resolve("drawings/discs/disc-3.png");
        Cli prediction = Cli.run("predict", model(), disc, "--top", 2, "--json", temporary.resolve("predict.json"));
        assertThat(prediction.code()).isZero();
        assertThat(prediction.out()).matches("\\Q" + disc + "\\E  discs [01]\\.\\d\\d  stripes 0\\.\\d\\d\\R");
        JsonNode json = json("predict.json");
        assertThat(json).hasSize(1);
        assertThat(json.at("/0/path").asText()).isEqualTo(disc.toString());
        assertThat(json.at("/0/predictions/0/label").asText()).isEqualTo("discs");
        assertThat(json.at("/0/predictions/0/probability").asDouble()
                        + json.at("/0/predictions/1/probability").asDouble())
                .isBetween(0.999999, 1.000001);
    }

    @Test
    void foldersArePredictedWholeAndUnreadablePicturesListed() {
        Cli prediction = Cli.run("predict", model(), temporary.resolve("drawings"), "--top", 1);
        assertThat(prediction.code()).isZero();
        assertThat(prediction.out().lines()).hasSize(2 * PER_CLASS);
        assertThat(prediction.err().lines()).hasSize(3).allSatisfy(line -> assertThat(line)
                .startsWith("graft: " + temporary));
        assertThat(prediction.err()).contains("passed over, as they are no pictures that are read: 1 .txt: ");
    }

    @Test
    void aNamedPictureThatCannotBeReadFails() {
        Path disc = temporary.resolve("drawings/discs/disc-0.png");
        Path text = temporary.resolve("drawings/stripes/text.png");
        Cli prediction = Cli.run("predict", model(), disc, text, temporary.resolve("missing.jpg"));
        assertThat(prediction.code()).isEqualTo(1);
        assertThat(prediction.out()).startsWith(disc.toString());
        assertThat(prediction.err()).contains(text.toString()).contains("missing.jpg: no such file");
    }

    @Test
    void summaryHasLayersAndClasses() {
        Cli summary = Cli.run("summary", model());
        assertThat(summary.code()).isZero();
        assertThat(summary.out())
                .contains(
                        "head (Dense)",
                        "Classes: discs, stripes",
                        "Input: 224x224 pixels (shorter side to 256, then the middle, bilinear)");
    }

    @Test
    void aSecondRunFindsTheCacheReplacesTheModelAndMakesTheSameBytes() throws IOException {
        Path other = temporary.resolve("again.graft");
        Files.copy(model(), other);
        Cli again = Cli.onTerminal(training(other, "again.json"));
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("replaces the one that is there").contains("\u001b[1m");
        JsonNode json = json("again.json");
        assertThat(json.at("/cache/misses").asInt()).isZero();
        assertThat(json.at("/cache/hits").asInt()).isEqualTo(2 * 2 * PER_CLASS);
        assertThat(Files.readAllBytes(other)).isEqualTo(Files.readAllBytes(model()));
    }

    @Test
    void sizesThatCostAccuracyAreWarnedOf() throws IOException {
        Path folder = temporary.resolve("odd");
        Drawings.folder(folder, 4);
        Cli odd = Cli.run(
                "train",
                folder,
                "--image-size",
                "50",
                "--epochs",
                "1",
                "--fine-tune-epochs",
                "0",
                "--no-cache",
                "--out",
                temporary.resolve("odd.graft"));
        assertThat(odd.code()).isZero();
        assertThat(odd.out()).contains("warning: 50 is no multiple of 32").contains("try --image-size 64");
        Cli usual = Cli.run(
                "train",
                folder,
                "--image-size",
                "64",
                "--epochs",
                "1",
                "--fine-tune-epochs",
                "0",
                "--no-cache",
                "--out",
                temporary.resolve("usual.graft"));
        assertThat(usual.out()).doesNotContain("warning");
    }
}
