package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Refusals;
import dev.graft.weights.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a file, one message says so and names it. */
@Tag("slow")
class DamagedBundleTest {
    private static final int MUTANTS = 150;
    private static final String GRAPH = "graft.json";
    private static final String WEIGHTS = "weights.safetensors";

    @TempDir
    Path folder;

    private final Bundle bundle = TinyBundles.bundle(1);
    private Path file;
    private byte[] sound;

    @BeforeEach
    void save() throws IOException {
        file = folder.resolve("tiny.graft");
        bundle.write(file);
        sound = Files.readAllBytes(file);
    }

    private void refused(String... saying) {
        Refusals.refused(() -> Classifier.open(file, 1).close(), saying).hasMessageStartingWith(file.toString());
    }

    private void change(String entry, UnaryOperator<String> change) throws IOException {
        changeAll(entries -> entries.compute(entry, (name, bytes) -> {
            String before = new String(bytes, StandardCharsets.UTF_8);
            String after = change.apply(before);
            assertThat(after).as("the change hits").isNotEqualTo(before);
            return after.getBytes(StandardCharsets.UTF_8);
        }));
    }

    private void changeAll(Consumer<Map<String, byte[]>> change) throws IOException {
        Map<String, byte[]> entries = TinyBundles.entries(file);
        change.accept(entries);
        TinyBundles.writeStored(file, entries);
    }

    @Test
    void aSoundFileTakenApartAndPutTogetherIsSound() throws IOException {
        changeAll(entries -> {});
        Classifier.open(file, 1).close();
    }

    @Test
    void noFileAFolderATextAndForeignZips() throws IOException {
        Files.writeString(file, "just a text");
        refused("not a valid .graft bundle");
        Files.write(file, new byte[0]);
        refused("not a valid .graft bundle");
        TinyBundles.writeStored(file, Map.of("readme.txt", new byte[10]));
        refused("it has no graft.json");
        Files.delete(file);
        refused("no such file; train a model");
        Files.createDirectory(file);
        refused("is a folder, not a file");
    }

    @Test
    void cutOffAnywhere() throws IOException {
        for (int length = 1; length < sound.length; length += 1 + length / 7) {
            Files.write(file, Arrays.copyOf(sound, length));
            refused("not a valid .graft bundle");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"graft.json", "provenance.json", "weights.safetensors"})
    void aMissingOrCompressedOrDamagedEntry(String name) throws IOException {
        changeAll(entries -> entries.remove(name));
        refused("it has no " + name);

        Files.write(file, sound);
        Map<String, byte[]> entries = TinyBundles.entries(file);
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        refused("is compressed or too large");

        byte[] damaged = sound.clone();
        byte[] content = Objects.requireNonNull(entries.get(name));
        damaged[indexOf(content) + content.length - 2] ^= 4;
        Files.write(file, damaged);
        refused(name + " is damaged");
    }

    private int indexOf(byte[] content) {
        for (int at = 0; at + content.length <= sound.length; at++) {
            if (Arrays.equals(sound, at, at + content.length, content, 0, content.length)) {
                return at;
            }
        }
        throw new AssertionError("not stored");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"filters\":4 | \"filters\":2147483647 | gives [N, 2147483647, 8, 8]",
                "\"filters\":4 | \"filters\":2147483648 | does not fit it",
                "\"filters\":4 | \"filters\":-1 | does not fit it",
                "\"filters\":4 | \"filters\":5 | weights do not fit",
                "[3,16,16] | [3,2147483647,2147483647] | Model 'body': expected input",
                "[3,16,16] | [3,-16,16] | an input has size -16",
                "\"Conv2D\" | \"Conv9D\" | unknown kind of layer 'Conv9D'",
                "\"Conv2D\" | \"java.lang.Runtime\" | unknown kind of layer",
                "\"units\":2 | \"units\":3 | for 2 labels",
                "\"squares\" | \"squares\",\"stripes\" | for 3 labels",
                "\"labels\" | \"tables\" | for 0 labels",
                "\"format\":2 | \"format\":3 | use a newer Graft",
                "\"format\":2 | \"format\":1 | train it again",
                "\"temperature\":1.0 | \"temperature\":0 | a temperature is above 0",
                "\"temperature\":1.0 | \"warmth\":1 | a temperature is above 0",
                "\"temperature\":1.0 | \"temperature\":1,\"threshold\":0.5 | it has no in_distribution.safetensors",
                "\"frozen\":[] | \"frozen\":[\"neck\"] | it freezes a layer 'neck' that it does not have",
                "\"format\":2 | \"format\":0 | it says no format",
                "\"geometry\" | \"geography\" | it has no geometry",
                "\"size\":16 | \"size\":0 | picture size must be",
                "\"size\":16 | \"sighs\":16 | ",
                "\"interpolation\":\"BILINEAR\" | \"interpolation\":null | its geometry is none that is known: {",
                "\"fit\":\"CENTER_CROP\" | \"fit\":null | its geometry is none that is known: {",
                "\"BILINEAR\" | \"LANCZOS\" | its geometry is none that is known: {",
                "\"inputs\":[0] | \"inputs\":[9] | takes value 9",
                "\"outputs\":[4] | \"outputs\":[] | no output depends on input 1",
                "\"test\":[ | \"test\":[7, | its test picture gives",
                "{ | [ | graft.json is no JSON from character ",
            })
    void aDescriptionThatCannotBe(String from, String to, String saying) throws IOException {
        change(GRAPH, json -> json.replaceFirst(Pattern.quote(from), to));
        refused(saying == null ? "" : saying);
    }

    /** Layers without weights could ask for any memory. */
    @Test
    void aLayerThatGivesMoreThanAnyMemory() throws IOException {
        change(GRAPH, json -> json.replace("\"top\":1", "\"top\":1000000").replace("\"left\":1", "\"left\":1000000"));
        refused("gives [N, 4, ");
    }

    @Test
    void deepNestingIsNoStackOverflow() throws IOException {
        change(GRAPH, json -> "[".repeat(1_000_000));
        refused("graft.json is nested too deeply, or holds more than it may");
    }

    @Test
    void missingAndSurplusWeightsAreListed() throws IOException {
        Map<String, HostTensor> weights = new LinkedHashMap<>(bundle.network().weights());
        HostTensor moved = weights.remove("head.bias");
        weights.put("tail.bias", moved);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Safetensors.write(bytes, weights, Map.of());
        changeAll(entries -> entries.put(WEIGHTS, bytes.toByteArray()));
        refused("1 missing: 'head.bias'", "1 left over: 'tail.bias'");
    }

    @Test
    void otherWeightsThanThoseOfTheTestVector() throws IOException {
        Map<String, HostTensor> weights = new LinkedHashMap<>(bundle.network().weights());
        weights.put("head.bias", HostTensor.of(Shape.of(2), 1, 2));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Safetensors.write(bytes, weights, Map.of());
        changeAll(entries -> entries.put(WEIGHTS, bytes.toByteArray()));
        refused("its test picture gives [");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void mutatedFilesAreReadOrRefused(long seed) throws IOException {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = mutate(sound, random);
            Files.write(file, mutant);
            refused += opens(seed, i) ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(MUTANTS / 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void mutatedDescriptionsInSoundZipsAreReadOrRefused(long seed) throws IOException {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            Files.write(file, sound);
            String entry = i % 5 == 0 ? WEIGHTS : GRAPH;
            changeAll(entries -> entries.computeIfPresent(entry, (name, bytes) -> mutate(bytes, random)));
            refused += opens(seed, i) ? 0 : 1;
        }
        assertThat(refused).isBetween(MUTANTS / 10, MUTANTS - MUTANTS / 20);
    }

    private boolean opens(long seed, int mutant) {
        try {
            Classifier.open(file, 1).close();
            return true;
        } catch (GraftException refused) {
            assertThat(refused.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ", mutant " + mutant, e);
        }
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) "0123456789[]{},:\"-.e".charAt(random.nextInt(20));
                default -> bytes = Arrays.copyOf(bytes, random.nextInt(8) == 0 ? at + 1 : bytes.length);
            }
        }
        return bytes;
    }
}
