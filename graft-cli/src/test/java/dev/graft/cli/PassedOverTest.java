package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What lies beside pictures is named with its reason by each command that goes through a folder. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has other links")
class PassedOverTest {
    private static final byte[] HEIC = "\0\0\0\034ftypheic\0\0\0\0mif1heic".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @SuppressWarnings("NullAway.Init")
    private Path set;

    @SuppressWarnings("NullAway.Init")
    private Path model;

    /** Drawings, one of which has a telephone's ending, and much beside them. */
    @BeforeEach
    void fill() throws IOException {
        set = Drawings.folder(temporary.resolve("set"), 6);
        Path discs = set.resolve("discs");
        Files.move(discs.resolve("disc-0.png"), discs.resolve("disc-0.heic"));
        for (int i = 1; i <= 5; i++) {
            Files.write(discs.resolve("IMG_" + i + ".HEIC"), HEIC);
        }
        Files.writeString(discs.resolve("scan.pdf"), "%PDF-1.4");
        Files.writeString(discs.resolve("notes.txt"), "later");
        Files.write(discs.resolve("old.tga"), new byte[] {0, 1, 1, 0, 0, 0, 1, 24});
        Files.copy(discs.resolve("disc-1.png"), discs.resolve(".hidden.png"));
        Files.createSymbolicLink(discs.resolve("gone"), Path.of("nowhere"));
        Files.createDirectories(discs.resolve("@eaDir"));
        Files.writeString(discs.resolve("Thumbs.db"), "x");
        Files.writeString(set.resolve("stripes/damaged.png"), "text");
        model = temporary.resolve("model.graft");
    }

    private void train() {
        Cli trained = run(
                "train",
                set,
                "--recipe=head",
                "--head=mean",
                "--image-size=32",
                "--no-cache",
                "--out",
                model,
                "--json",
                temporary.resolve("train.json"));
        assertThat(trained.out()).contains("12 pictures of 2 classes");
    }

    private static Cli run(Object... arguments) {
        Cli run = Cli.run(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    @Test
    void predictNamesWhatItDoesNotRead() throws IOException {
        train();
        Path report = temporary.resolve("predict.json");
        Path discs = set.resolve("discs");
        Cli predicted = run("predict", model, discs, discs, "--json", report);
        assertThat(predicted.out().lines()).hasSize(12).anyMatch(line -> line.startsWith(discs + "/disc-0.heic  "));
        String before = "graft: " + discs + ": ";
        assertThat(predicted.err().lines())
                .containsExactly(
                        before
                                + "passed over, as they are no pictures that are read: 5 .heic (HEIC, which is not read):"
                                + " IMG_1.HEIC, IMG_2.HEIC, IMG_3.HEIC and 2 more; 1 .pdf: scan.pdf; 1 .tga (Targa, which is"
                                + " not read): old.tga; 1 .txt: notes.txt",
                        before + "folders of systems and tools, and hidden ones, are passed over: @eaDir",
                        before + "hidden pictures are passed over: " + discs.resolve(".hidden.png"),
                        before + "links are passed over that lead nowhere or in a circle: " + discs.resolve("gone")
                                + " (a link to nowhere (nowhere))");
        Map<String, String> unreadable = new TreeMap<>();
        json(report).forEach(entry -> {
            if (entry.has("unreadable")) {
                unreadable.put(
                        discs.relativize(Path.of(entry.path("path").asText())).toString(),
                        entry.path("unreadable").asText());
            }
        });
        String heic = "a HEIC photo, which is not read; convert it to JPEG";
        assertThat(unreadable)
                .containsExactly(
                        Map.entry(".hidden.png", "a hidden file; rename it if it is wanted"),
                        Map.entry("@eaDir", "a folder of a system or a tool, or a hidden one"),
                        Map.entry("IMG_1.HEIC", heic),
                        Map.entry("IMG_2.HEIC", heic),
                        Map.entry("IMG_3.HEIC", heic),
                        Map.entry("IMG_4.HEIC", heic),
                        Map.entry("IMG_5.HEIC", heic),
                        Map.entry("gone", "a link to nowhere (nowhere)"),
                        Map.entry("notes.txt", "no picture by its name (.txt); rename it if it is one"),
                        Map.entry("old.tga", "Targa by its name, which is not read; convert it to JPEG"),
                        Map.entry("scan.pdf", "no picture by its name (.pdf); rename it if it is one"));
    }

    @Test
    void trainAndEvaluateNameTheSame() throws IOException {
        train();
        assertThat(json(temporary.resolve("train.json")).path("ignored").toString())
                .isEqualTo("{\"heic\":5,\"pdf\":1,\"tga\":1,\"txt\":1}");
        Path report = temporary.resolve("evaluate.json");
        Cli evaluated = run("evaluate", model, set, "--json", report);
        assertThat(evaluated.out()).contains("on 13 pictures in ", "damaged.png: not a picture (starts with 'text')");
        assertThat(json(report).at("/remarks/0").asText())
                .isEqualTo(
                        "passed over, as they are no pictures that are read: 5 .heic (HEIC, which is not read), 1 .pdf,"
                                + " 1 .tga (Targa, which is not read), 1 .txt");
    }

    @Test
    void exportNamesWhatItCannotCalibrateWith() {
        train();
        Cli exported = run(
                "export",
                model,
                "--onnx",
                temporary.resolve("model.onnx"),
                "--int8",
                "--calibrate",
                set,
                "--allow-loss=1");
        assertThat(exported.out())
                .containsSubsequence(
                        "passed over, as they are no pictures that are read: 5 .heic",
                        "hidden pictures are passed over: ",
                        "1 picture could not be read and was left out:",
                        "damaged.png: not a picture (starts with 'text')",
                        "Ranges   of 10 pictures");
    }

    @Test
    void theSystemIsNoSetOfPictures() {
        Path all = temporary.getRoot();
        for (Object[] words : new Object[][] {{"train", all, "--out", model}, {"audit", all}, {"find-rate", all}}) {
            Cli refused = Cli.run(words);
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err().lines())
                    .containsExactly("graft: " + all
                            + ": holds the system and its programs; give the folder in it that is meant");
        }
    }
}
