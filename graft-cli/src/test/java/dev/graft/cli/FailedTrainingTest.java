package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.bundle.Bundle;
import dev.graft.formats.PackedWeights;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Safetensors;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user is told when fine-tuning fails, and of how a file of weights was read. */
class FailedTrainingTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    private Cli train(Object... more) throws IOException {
        Path folder = Drawings.folder(work.resolve("pictures"), 8);
        Object[] all = new Object[more.length + 8];
        Object[] first = {
            "train", folder, "--image-size", 48, "--out", work.resolve("out.graft"), "--cache", work.resolve("cache")
        };
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return Cli.run(all);
    }

    @Test
    void aRateThatIsFarTooHighLeavesTheHeadsModel() throws IOException {
        Path json = work.resolve("train.json");
        Cli result = train("--fine-tune-epochs", 2, "--fine-tune-lr", 1e12, "--json", json);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("graft: fine-tune diverged and is left out: the loss is ")
                .contains(" at a learning rate of ", work.resolve("out.graft").toString())
                .endsWith(" is saved with the weights of before, which are the head's. Lower --fine-tune-lr");
        assertThat(result.out()).contains("; without fine-tune, which failed").doesNotContain("--resume");
        assertThat(work.resolve("out.graft.resume")).doesNotExist();
        assertThat(Bundle.read(work.resolve("out.graft")).labels()).hasSize(2);
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.path("failure").path("phase").asText()).isEqualTo("fine-tune");
        assertThat(report.path("failure").path("diverged").asBoolean()).isTrue();
        assertThat(report.path("phases")).hasSize(1);
    }

    @Test
    void ratesBeyondTheNumbersOfWeightsAreWrongUsage() throws IOException {
        for (String option : new String[] {"--fine-tune-lr", "--lr"}) {
            Cli large = train(option, "1e16");
            assertThat(large.code()).as(option).isEqualTo(2);
            assertThat(large.err()).contains("lr: expected a learning rate of at most 1e15");
            for (String rate : new String[] {"3e38", "1e39", "Infinity"}) {
                Cli result = train(option, rate);
                assertThat(result.code()).as(option + " " + rate).isEqualTo(2);
                assertThat(result.err()).contains(option);
            }
        }
        assertThat(work.resolve("cache")).doesNotExist();
    }

    @Test
    void weightsBehindAPrefixAreReadWithALine() throws IOException {
        WeightFile packed = PackedWeights.mobileNetV3Small().file();
        Map<String, HostTensor> prefixed = new LinkedHashMap<>();
        packed.tensors().forEach((name, tensor) -> prefixed.put("_orig_mod.module.backbone." + name, tensor.read()));
        prefixed.put("optimizer.step", HostTensor.allocate(Shape.of(1)));
        Path file = work.resolve("mine.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            Safetensors.write(out, prefixed, Map.of());
        }
        Cli result = train("--fine-tune-epochs", 0, "--weights", file);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(file + ": the network's names stand after 'module.backbone.' in it; 1 other is left out:"
                        + " 'optimizer'");
        assertThat(result.out().lines().filter(line -> line.contains("stand after")))
                .hasSize(1);
    }
}
