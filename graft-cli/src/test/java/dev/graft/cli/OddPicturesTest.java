package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.OddPicture;
import dev.graft.data.OddPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All odd pictures in one set go through the commands of a user: those that can be read are, every other is named with its reason. */
class OddPicturesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @Test
    @Timeout(120)
    void everyPictureIsReadOrNamedWithItsReason() throws IOException {
        Path set = temporary.resolve("set");
        Map<String, String> refused = new TreeMap<>();
        // Of formats that are not read a folder is told by name: they are counted there and passed over.
        List<OddPicture> all = OddPictures.all().stream()
                .filter(each -> !each.name().matches(".*[.]p[af]m"))
                .toList();
        assertThat(all).hasSizeGreaterThanOrEqualTo(300);
        for (int i = 0; i < all.size(); i++) {
            Path folder = Files.createDirectories(set.resolve(i % 2 == 0 ? "even" : "odd"));
            Files.write(folder.resolve(all.get(i).name()), all.get(i).bytes());
            if (all.get(i).isRefused()) {
                refused.put(all.get(i).name(), all.get(i).reason());
            }
        }
        Path model = temporary.resolve("model.graft");

        JsonNode trained = run(
                "train",
                set,
                "--recipe=head",
                "--head=mean",
                "--image-size=32",
                "--no-cache",
                "--skip-unreadable",
                "--out",
                model);
        named(trained.path("skipped"), "reason", refused);
        named(run("evaluate", model, set).path("skipped"), "reason", refused);
        named(run("audit", set).path("skipped"), "reason", refused);
        JsonNode predicted = run("predict", model, set);
        assertThat(predicted).hasSize(all.size());
        List<JsonNode> without = new ArrayList<>();
        predicted.forEach(each -> {
            if (each.has("unreadable")) {
                without.add(each);
            }
        });
        named(JSON.valueToTree(without), "unreadable", refused);
        Path onnx = temporary.resolve("model.onnx");
        assertThat(Cli.run("export", model, "--onnx", onnx).code()).isZero();
        assertThat(onnx).isNotEmptyFile();
    }

    /** What a command writes to its {@code --json}; it ends with 0. */
    private JsonNode run(Object... arguments) throws IOException {
        Path json = temporary.resolve(arguments[0] + ".json");
        List<Object> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--json", json));
        Cli run = Cli.run(words.toArray());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("Exception", "unexpected");
        return JSON.readTree(json.toFile());
    }

    private static void named(JsonNode skipped, String key, Map<String, String> refused) {
        Map<String, String> found = new TreeMap<>();
        skipped.forEach(each -> found.put(
                Path.of(each.path("path").asText()).getFileName().toString(),
                each.path(key).asText()));
        assertThat(found.keySet()).isEqualTo(refused.keySet());
        assertThat(found.entrySet().stream()
                        .filter(each -> !each.getValue().contains(String.valueOf(refused.get(each.getKey()))))
                        .collect(Collectors.toList()))
                .as("pictures with another reason")
                .isEmpty();
    }
}
