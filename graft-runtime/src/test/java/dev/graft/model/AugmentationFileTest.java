package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.preprocessing.Augmentation;
import dev.graft.preprocessing.RandomFlip;
import dev.graft.preprocessing.RandomRotation;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AugmentationFileTest {
    @TempDir
    private Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("augment.json"), json);
    }

    static Stream<Augmentation> augmentations() {
        return Stream.of(
                Augmentation.none(),
                Augmentation.standard(),
                Augmentation.trivial(),
                Augmentation.rand(),
                Augmentation.of(RandomFlip.horizontal().seed(3), RandomRotation.of(0.1)));
    }

    @ParameterizedTest
    @MethodSource("augmentations")
    void anAugmentationComesBackUnchanged(Augmentation augmentation) throws IOException {
        String json = AugmentationFile.write(augmentation).toPrettyString();
        assertThat(AugmentationFile.read(file(json))).isEqualTo(augmentation);
    }

    @Test
    void theTextIsThatOfModels() {
        assertThat(AugmentationFile.write(Augmentation.of(RandomFlip.horizontal())))
                .hasToString("[{\"layer\":\"RandomFlip\",\"config\":{\"mode\":\"HORIZONTAL\",\"seed\":0}}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | expected a list",
                "{} | expected a list",
                "[ | breaks off after",
                "[] [] | is no JSON",
                "[1] | layer 1: expected {\"layer\": \"NAME\"",
                "[{'layer': 'RandomFlip'}] | layer 1: expected {\"layer\": \"NAME\"",
                "[{'layer': 'RandomFlip', 'config': []}] | layer 1: expected {\"layer\": \"NAME\"",
                "[{'layer': 'RandomFlop', 'config': {}}] | did you mean 'RandomFlip'?",
                "[{'layer': 'java.lang.Runtime', 'config': {}}] | unknown kind of layer 'java.lang.Runtime'",
                "[{'layer': 'Dense', 'config': {'units': 3, 'useBias': true}}] | Dense changes nothing at random",
                "[{'layer': 'RandomFlip', 'config': {}}] | expected mode (Mode), seed (long)",
                "[{'layer': 'RandomFlip', 'config': {'mode': 'SIDEWAYS', 'seed': 0}}] | does not fit it",
                "[{'layer': 'RandomFlip', 'config': {'mode': 0, 'seed': 0}}] | does not fit it",
                "[{'layer': 'RandomCrop', 'config': {'height': 0, 'width': 3, 'seed': 0}}] | at least 1x1 pixels, got 0x3"
            })
    void whatIsNoListOfRandomLayersIsRefusedInALine(String json, String says) throws IOException {
        Path file = file(json.replace('\'', '"'));
        Refusals.refused(() -> AugmentationFile.read(file), file + ": ", says);
    }

    @Test
    void theEntryIsNamed() throws IOException {
        Path file = file("[{\"layer\": \"RandomFlip\", \"config\": {\"mode\": \"VERTICAL\", \"seed\": 1}}, {}]");
        Refusals.refused(() -> AugmentationFile.read(file), "layer 2: expected");
    }

    @Test
    void hostileFilesAreRefused() throws IOException {
        Path nested = file("[".repeat(5000));
        Refusals.refused(() -> AugmentationFile.read(nested), "is nested too deeply");
        Path many = file(Collections.nCopies(101, "{}").toString());
        Refusals.refused(() -> AugmentationFile.read(many), "a list [...] of at most 100");
        Path large = file("[" + " ".repeat(2 << 20) + "]");
        Refusals.refused(() -> AugmentationFile.read(large), "larger than 1024 KB");
        Path binary = Files.write(folder.resolve("binary.json"), "[\"\u00e9\"]".getBytes(StandardCharsets.ISO_8859_1));
        Refusals.refused(() -> AugmentationFile.read(binary), "is not UTF-8 text");
        Refusals.refused(() -> AugmentationFile.read(folder), "is a folder, not a file; give a JSON file");
        Refusals.refused(() -> AugmentationFile.read(folder.resolve("none.json")), "no such file");
    }
}
