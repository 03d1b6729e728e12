package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.bundle.Bundle;
import dev.graft.data.InputGeometry;
import dev.graft.layers.Dense;
import dev.graft.layers.Flatten;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.network.TransferNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft export} says what is in the file, and leaves none where it refuses. */
class ExportTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path temporary;

    @SuppressWarnings("NullAway.Init")
    private static Path model;

    @SuppressWarnings("NullAway.Init")
    private Path outputs;

    @BeforeAll
    static void makeModel() {
        model = temporary.resolve("drawings.graft");
        TransferNetwork network = TransferNetwork.of(new BackboneSource.OfZoo("mobilenet_v3_small"), 64, 2, 0);
        Bundle.of(
                        List.of("discs", "stripes"),
                        network.geometry(),
                        network.network(),
                        JsonNodeFactory.instance.objectNode())
                .write(model);
    }

    @BeforeEach
    void makeFolder() throws IOException {
        outputs = Files.createTempDirectory(temporary, "outputs");
    }

    @Test
    void anOnnxFileIsCheckedAndDescribed() throws IOException {
        // An older one, by the version and the producer that it begins with.
        Path file = Files.write(outputs.resolve("drawings.anything"), new byte[] {8, 9, 18, 1, 'x'});
        Cli export = Cli.run("export", model, "--onnx", file);
        assertThat(export.err()).isEmpty();
        assertThat(export.code()).isZero();
        assertThat(export.out())
                .containsPattern(
                        "Checked  ONNX Runtime and libtorch differ by at most \\d(\\.\\d)?e-\\d+ of the largest logit")
                .contains("Input    input [N, 3, 64, 64] float", "Output   logits [N, 2]", "File     " + file + ", 6.");
        assertThat(Files.size(file)).isGreaterThan(5_000_000);
    }

    @Test
    void preprocessingInsideIsSaid() {
        Path file = outputs.resolve("drawings.onnx");
        Cli export = Cli.run("export", model, "--onnx", file, "--with-preprocessing", "--keep-batch-norm");
        assertThat(export.err()).isEmpty();
        assertThat(export.code()).isZero();
        assertThat(export.out())
                .contains("Input    input [N, H, W, 3] uint8", "Output   probabilities [N, 2], logits [N, 2]");
        assertThat(file).exists();
    }

    @Test
    void batchNormalisationThatIsNotThereCannotBeKept() {
        Node input = Node.input(3, 8, 8);
        Node logits = input.then("flat", new Flatten()).then("head", Dense.of(2));
        Path plain = outputs.resolve("plain.graft");
        Bundle.of(
                        List.of("discs", "stripes"),
                        InputGeometry.stretch(8),
                        Network.of(Model.of("plain", input, logits), 1),
                        JsonNodeFactory.instance.objectNode())
                .write(plain);
        Cli export = Cli.run("export", plain, "--onnx", outputs.resolve("plain.onnx"), "--keep-batch-norm");
        assertThat(export.err()).isEmpty();
        assertThat(export.out()).contains("Note     --keep-batch-norm: without effect, as the network has no batch");
        Path file = outputs.resolve("drawings.onnx");
        assertThat(Cli.run("export", model, "--onnx", file, "--keep-batch-norm").out())
                .doesNotContain("Note");
    }

    @Test
    void safetensorsHaveTheBackbonesNames() {
        Path file = outputs.resolve("drawings.safetensors");
        Cli export = Cli.run("export", model, "--safetensors", file);
        assertThat(export.err()).isEmpty();
        assertThat(export.code()).isZero();
        assertThat(export.out()).contains("Names    those of mobilenet_v3_small", "File     " + file);
        assertThat(file).exists();
    }

    @Test
    void bothNeitherAndWhatDoesNotGoTogetherAreWrongUsage() throws IOException {
        Path file = outputs.resolve("a");
        String either = "give either --onnx FILE or --safetensors FILE";
        wrong(Cli.run("export", model), either);
        wrong(Cli.run("export", model, "--onnx", file, "--safetensors", outputs.resolve("b")), either);
        String only = "--with-preprocessing and --keep-batch-norm go with --onnx only";
        wrong(Cli.run("export", model, "--safetensors", file, "--with-preprocessing"), only);
        wrong(Cli.run("export", model, "--safetensors", file, "--keep-batch-norm"), only);
        byte[] before = Files.readAllBytes(model);
        wrong(Cli.run("export", model, "--onnx", model), "is what MODEL.graft names, which is read");
        assertThat(model).hasBinaryContent(before);
    }

    @Test
    void precisionsThatDoNotGoTogetherAreWrongUsage() throws IOException {
        Path file = outputs.resolve("a");
        wrong(Cli.run("export", model, "--onnx", file, "--fp16", "--int8"), "give either --fp16 or --int8");
        wrong(Cli.run("export", model, "--onnx", file, "--int8"), "--int8 needs pictures; name the folder");
        String needs = "--calibrate and --allow-loss go with --int8 only";
        wrong(Cli.run("export", model, "--onnx", file, "--calibrate", outputs), needs);
        wrong(Cli.run("export", model, "--onnx", file, "--fp16", "--allow-loss", "0.1"), needs);
        wrong(
                Cli.run("export", model, "--onnx", file, "--int8", "--calibrate", outputs, "--allow-loss", "5"),
                "--allow-loss: expected a share from 0 to 1");
        wrong(
                Cli.run("export", model, "--onnx", file, "--int8", "--keep-batch-norm", "--calibrate", outputs),
                "leave out --keep-batch-norm");
        wrong(Cli.run("export", model, "--safetensors", file, "--fp16"), "go with --onnx only");
    }

    @Test
    void aPublishedNetworkNeedsNoBundle() throws IOException {
        Path file = outputs.resolve("a");
        String either = "give either a MODEL.graft or --model NAME";
        wrong(Cli.run("export", model, "--model", "resnet18", "--onnx", file), either);
        wrong(Cli.run("export", "--onnx", file), either);
        wrong(Cli.run("export", model, "--image-size", 64, "--onnx", file), "go with --model only");
        wrong(Cli.run("export", "--model", "resnet81", "--onnx", file), "no backbone 'resnet81'");
        refused(Cli.run("export", "--model", "mobilenet_v3_small", "--onnx", file), "no classifier of known classes");
    }

    @Test
    void halfPrecisionIsHalfTheSize() throws IOException {
        Path file = outputs.resolve("half.onnx");
        Cli export = Cli.run("export", model, "--onnx", file, "--fp16");
        assertThat(export.err()).isEmpty();
        assertThat(export.code()).isZero();
        assertThat(export.out()).contains("allowed is 0.02", "File     " + file + ", 3.", "; in float32 6.");
    }

    private void wrong(Cli result, String message) throws IOException {
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines().toList()).hasSize(2).first().asString().contains(message);
        assertNothingIsLeft();
    }

    @Test
    void damagedModelsAndImpossiblePlacesAreRefusedInALine() throws IOException {
        Path truncated = temporary.resolve("truncated.graft");
        byte[] whole = Files.readAllBytes(model);
        Files.write(truncated, Arrays.copyOf(whole, whole.length / 2));
        Path missing = temporary.resolve("missing.graft");
        for (String option : List.of("--onnx", "--safetensors")) {
            refused(Cli.run("export", missing, option, outputs.resolve("a")), missing + ": no such file");
            refused(
                    Cli.run("export", truncated, option, outputs.resolve("a")),
                    truncated + ": not a valid .graft bundle");
            refused(Cli.run("export", model, option, outputs), "is a folder; give the name of a file with " + option);
            Path nowhere = outputs.resolve("nowhere/a");
            refused(Cli.run("export", model, option, nowhere), "there is no folder " + nowhere.getParent());
        }
    }

    private void refused(Cli result, String message) throws IOException {
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().toList()).hasSize(1).first().asString().contains(message);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(outputs)) {
            assertThat(left).isEmpty();
        }
    }
}
