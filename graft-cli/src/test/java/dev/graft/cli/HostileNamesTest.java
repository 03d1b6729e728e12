package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.bundle.Bundle;
import dev.graft.onnx.OnnxBackbone;
import dev.graft.weights.Safetensors;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes and pictures of whatever names go through every command, and every name comes back as it is. */
class HostileNamesTest {
    private static final long SEED = 2026;
    private static final int AT_ONCE = 50;
    private static final int PICTURES = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    @Timeout(120)
    void everyNameComesBack(int part) throws IOException {
        List<String> all = HostileNames.of(SEED);
        // Every fourth, so that some are left in each part where a file system takes ASCII only.
        List<String> names =
                IntStream.range(0, AT_ONCE).mapToObj(i -> all.get(4 * i + part)).toList();
        Path pictures = temporary.resolve("pictures");
        List<String> made = draw(pictures, names);
        System.out.println("names that this file system takes, seed " + SEED + ": " + made.size() + " of " + AT_ONCE);
        assertThat(made).as("those in ASCII alone are more").hasSizeGreaterThan(4);
        Path model = temporary.resolve("model.graft");

        JsonNode trained = json(
                temporary.resolve("train.json"),
                "train",
                pictures,
                "--recipe=head",
                "--head=mean",
                "--image-size=32",
                "--no-cache",
                "--out",
                model);
        assertThat(trained.path("out").asText()).isEqualTo(model.toString());
        Bundle bundle = Bundle.read(model);
        assertThat(bundle.labels()).containsExactlyInAnyOrderElementsOf(made);
        assertThat(bundle.provenance().at("/data/training_per_class").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(bundle.labels());

        JsonNode evaluated = json(temporary.resolve("evaluate.json"), "evaluate", model, pictures);
        assertThat(evaluated.path("classes").findValuesAsText("name")).containsExactlyElementsOf(bundle.labels());
        JsonNode predicted = json(temporary.resolve("predict.json"), "predict", model, pictures);
        assertThat(new TreeSet<>(predicted.findValuesAsText("path"))).isEqualTo(new TreeSet<>(files(pictures)));
        assertThat(new TreeSet<>(predicted.findValuesAsText("label"))).isSubsetOf(made);
        JsonNode audited = json(temporary.resolve("audit.json"), "audit", pictures);
        assertThat(audited.toString()).isNotEmpty();
        exported(model, bundle.labels());
    }

    private static void assertQuiet(Cli run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).isNotEmpty().doesNotContain("\tat ", "\u001b", "Exception");
    }

    private static JsonNode json(Path file, Object... command) throws IOException {
        List<Object> all = new ArrayList<>(List.of(command));
        Collections.addAll(all, "--json", file);
        assertQuiet(Cli.run(all.toArray()));
        // By bytes and by characters: whoever reads it.
        JsonNode byBytes = JSON.readTree(Files.readAllBytes(file));
        assertThat(JSON.readTree(Files.readString(file))).isEqualTo(byBytes);
        return byBytes;
    }

    private void exported(Path model, List<String> labels) throws IOException {
        Path onnx = temporary.resolve("model.onnx");
        assertQuiet(Cli.run("export", model, "--onnx", onnx));
        assertThat(labels(OnnxBackbone.read(onnx).metadata().get("labels"))).isEqualTo(labels);
        Path safetensors = temporary.resolve("model.safetensors");
        assertQuiet(Cli.run("export", model, "--safetensors", safetensors));
        assertThat(labels(Safetensors.read(safetensors).metadata().get("labels")))
                .isEqualTo(labels);
    }

    private static List<String> labels(@Nullable String json) throws IOException {
        List<String> labels = new ArrayList<>();
        JSON.readTree(Objects.requireNonNull(json)).forEach(label -> labels.add(label.asText()));
        return labels;
    }

    /** A folder of pictures a name, which bear the names too. */
    private static List<String> draw(Path folder, List<String> names) throws IOException {
        List<String> made = new ArrayList<>();
        Iterator<String> files = names.iterator();
        for (String name : names) {
            String file = files.next();
            int number = made.size();
            try {
                Path of = Files.createDirectories(folder.resolve(name));
                for (int i = 0; i < PICTURES; i++) {
                    Files.write(of.resolve(shortened(file) + i + ".png"), picture(number, i));
                }
                made.add(name);
            } catch (InvalidPathException | IOException refused) {
                remove(folder, name);
            }
        }
        return made;
    }

    private static void remove(Path folder, String name) throws IOException {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (InvalidPathException refused) {
            // It was not made.
        }
    }

    /** With room for an ending within the 255 bytes that file systems take. */
    private static String shortened(String name) {
        String part = name;
        while (part.getBytes(StandardCharsets.UTF_8).length > 240) {
            part = part.substring(0, part.offsetByCodePoints(part.length(), -1));
        }
        return part;
    }

    private static byte[] picture(int number, int variant) throws IOException {
        BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.getHSBColor(number / 50f, 1, 0.5f + 0.1f * variant));
        graphics.fillRect(0, 0, 24, 24);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(number % 20, number / 5, 4 + variant, 3);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private static List<String> files(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }
}
