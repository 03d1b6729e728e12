package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.bundle.Bundle;
import dev.graft.export.BundleExport;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.network.TransferNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft train --backbone FILE.onnx}, and what is done with the result. */
class OnnxBackboneTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path temporary;

    @SuppressWarnings("NullAway.Init")
    private static Path network;

    @SuppressWarnings("NullAway.Init")
    private static Path pictures;

    @BeforeAll
    static void exportANetwork() throws IOException {
        pictures = Drawings.folder(temporary.resolve("drawings"), 8);
        network = temporary.resolve("network.onnx");
        TransferNetwork own = TransferNetwork.of(new BackboneSource.OfZoo("mobilenet_v3_small"), 64, 2, 0);
        Bundle bundle =
                Bundle.of(List.of("a", "b"), own.geometry(), own.network(), JsonNodeFactory.instance.objectNode());
        BundleExport.of(bundle, "own").toOnnx(network);
    }

    private static Cli train(Object... more) {
        Object[] all = new Object[more.length + 4];
        System.arraycopy(new Object[] {"train", pictures, "--cache", temporary.resolve("cache")}, 0, all, 0, 4);
        System.arraycopy(more, 0, all, 4, more.length);
        return Cli.run(all);
    }

    @Test
    void trainedOnItIsAClassifierLikeAnyOther() throws IOException {
        Path copy = Files.copy(network, temporary.resolve("copy.onnx"));
        Path model = temporary.resolve("drawings.graft");
        Path json = temporary.resolve("train.json");
        Cli training = train("--backbone", copy, "--epochs", 8, "--out", model, "--json", json);
        assertThat(training.err()).isEmpty();
        assertThat(training.code()).isZero();
        assertThat(training.out())
                .containsSubsequence(
                        "Backbone    copy.onnx, 64x64 pixels",
                        "cut at v",
                        "[1, 1024], pixels from 0 to 255, as Graft exported it",
                        "Phase 2     none: what is in an ONNX file stays frozen",
                        "Accuracy    validation 1.000");
        JsonNode settings = new ObjectMapper().readTree(json.toFile()).get("settings");
        assertThat(settings.get("backbone").asText()).isEqualTo(copy.toString());
        assertThat(settings.get("fine_tune_epochs").asInt()).isZero();
        Files.delete(copy);
        assertThat(Cli.run("evaluate", model, pictures).out()).contains("Accuracy");
        assertThat(Cli.run("predict", model, pictures.resolve("discs/disc-3.png"))
                        .out())
                .contains("discs");
        assertThat(Cli.run("summary", model).out())
                .contains("graph (ForeignGraph)", "Trainable params: 2,050", "Input: 64x64");
        Cli onnx = Cli.run("export", model, "--onnx", temporary.resolve("out.onnx"), "--with-preprocessing");
        assertThat(onnx.err()).isEmpty();
        assertThat(onnx.out()).contains("Checked");
        assertThat(Cli.run("export", model, "--safetensors", temporary.resolve("out.safetensors"))
                        .out())
                .contains("Missing  the nodes that came from an ONNX file");
    }

    @Test
    void whatDoesNotGoTogetherIsWrongUsage() {
        wrong(train("--cut", "x"), "--cut and --normalize go with --backbone FILE.onnx only");
        wrong(train("--normalize", "unit"), "--cut and --normalize go with --backbone");
        wrong(train("--backbone", network, "--model", "resnet18"), "without --model and --weights");
        wrong(train("--backbone", network, "--weights", network), "without --model and --weights");
        wrong(train("--backbone", network, "--unfreeze", "all"), "stays frozen, as ONNX Runtime computes no gradients");
        wrong(train("--backbone", network, "--fine-tune-epochs", 2), "--fine-tune-epochs and --unfreeze out");
        wrong(train("--backbone", network, "--normalize", "imagnet"), "did you mean 'imagenet'?");
    }

    private static void wrong(Cli result, String message) {
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(message);
    }

    @Test
    void whatCannotBeCutIsToldInALine() throws IOException {
        Cli cut = train("--backbone", network, "--cut", "nothing");
        wrong(cut, "--cut: " + network + ": no node or value 'nothing'");
        Cli size = train("--backbone", network, "--image-size", 96);
        wrong(size, "--image-size: " + network + ": its network takes pictures of 64 pixels only, got 96");
        Path text = Files.writeString(temporary.resolve("text.onnx"), "ir_version: 8");
        refused(train("--backbone", text), text + ": not an ONNX file");
    }

    private static void refused(Cli result, String message) {
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines().toList()).hasSize(1).first().asString().contains(message);
    }
}
