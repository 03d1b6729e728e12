package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.bundle.Bundle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where standard output cannot be written, and what else goes there. */
class OutputTest {
    private static final String FULL = "No space left on device";
    private static final String FULL_LINE = "graft: standard output: cannot be written: no space left on device";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path shared;

    @SuppressWarnings("NullAway.Init")
    private static Path model;

    @SuppressWarnings("NullAway.Init")
    private static Path pictures;

    @SuppressWarnings("NullAway.Init")
    private static Cli trained;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @BeforeAll
    static void train() throws IOException {
        pictures = Drawings.folder(shared.resolve("drawings"), 8);
        model = shared.resolve("model.graft");
        trained = Cli.run(training("--out", model, "--json", "-"));
    }

    private static Object[] training(Object... more) {
        List<Object> words =
                new ArrayList<>(List.of("train", pictures, "--recipe=head", "--cache", shared.resolve("cache")));
        words.addAll(Arrays.asList(more));
        return words.toArray();
    }

    /** Takes so many bytes, and then fails. */
    private static final class Failing extends OutputStream {
        private final String reason;
        private int left;

        Failing(int left, String reason) {
            this.left = left;
            this.reason = reason;
        }

        @Override
        public void write(int b) throws IOException {
            if (left == 0) {
                throw new IOException(reason);
            }
            left--;
        }
    }

    private static Cli into(OutputStream out, Object... words) {
        var err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(out, err, StandardCharsets.UTF_8, false);
        int code = Main.run(terminal, Arrays.stream(words).map(Object::toString).toArray(String[]::new));
        return new Cli(code, "", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void outputThatIsLostIsSaid() {
        for (int room : new int[] {0, 100}) {
            for (List<Object> words : List.<List<Object>>of(
                    List.of("models"),
                    List.of("models", "--json=-"),
                    List.of("summary", model),
                    List.of("predict", model, pictures),
                    List.of("evaluate", model, pictures),
                    List.of("audit", pictures),
                    List.of("--help"),
                    List.of("--version"),
                    List.of("train", "--help"))) {
                boolean fits = room > 0 && words.contains("--version");
                Cli full = into(new Failing(room, FULL), words.toArray());
                assertThat(full.code()).as(words + full.err()).isEqualTo(fits ? 0 : 1);
                assertThat(full.err().lines().filter(FULL_LINE::equals).count()).isEqualTo(fits ? 0 : 1);
            }
        }
        // A command that failed for another reason has said so, and keeps its code.
        assertThat(into(new Failing(0, FULL), "models", "extra").code()).isEqualTo(2);
    }

    /** As {@code | head -1} does; the missing files are there to be counted. */
    @Test
    void aReaderThatHasHadEnoughEndsTheRunWithoutAWord() {
        List<Object> words = new ArrayList<>(List.of("predict", model, firstPicture()));
        for (int i = 0; i < 200; i++) {
            words.add(temporary.resolve(i + ".jpg"));
        }
        Cli head = into(new Failing(0, "Broken pipe"), words.toArray());
        assertThat(head.code()).isEqualTo(128 + 13);
        assertThat(head.err().lines()).hasSize(63).allMatch(line -> line.contains(".jpg: "));
        Cli quiet = into(new Failing(10, "Broken pipe"), "models");
        assertThat(quiet.code()).isEqualTo(128 + 13);
        assertThat(quiet.err()).isEmpty();
    }

    @Test
    void aModelIsSavedWhoeverListens() throws IOException {
        for (String reason : new String[] {FULL, "Broken pipe"}) {
            Path saved = temporary.resolve("saved.graft");
            Cli result = into(new Failing(50, reason), training("--out", saved));
            assertThat(result.code()).isEqualTo(reason.equals(FULL) ? 1 : 141);
            assertThat(result.err()).isEqualTo(reason.equals(FULL) ? FULL_LINE + System.lineSeparator() : "");
            assertThat(saved).hasBinaryContent(Files.readAllBytes(model));
        }
    }

    @Test
    void whatIsSaidToPeopleMayFail() {
        Terminal terminal =
                new Terminal(new ByteArrayOutputStream(), new Failing(0, FULL), StandardCharsets.UTF_8, false);
        assertThat(Main.run(terminal, "models", "extra")).isEqualTo(2);
        assertThat(Main.run(terminal, "models", "--json=-")).isZero();
    }

    @Test
    void jsonAloneIsOnStandardOutput() throws IOException {
        assertThat(Bundle.read(model).labels()).containsExactly("discs", "stripes");
        JsonNode train = json(trained);
        assertThat(train.has("stopped")).isTrue();
        assertThat(trained.err()).contains("Try it:");
        assertThat(json(Cli.run("models", "--json", "-"))).hasSizeGreaterThan(50);
        assertThat(json(Cli.run("summary", model, "--json", "-")).isObject()).isTrue();
        assertThat(json(Cli.run("predict", model, pictures, "--json", "-"))).hasSize(16);
        assertThat(json(Cli.run("evaluate", model, pictures, "--json", "-")).isObject())
                .isTrue();
        assertThat(json(Cli.run("audit", pictures, "--json", "-"))
                        .path("pictures")
                        .intValue())
                .isEqualTo(16);
        Path cache = shared.resolve("cache");
        assertThat(json(Cli.run("advise", pictures, "--cache", cache, "--json", "-"))
                        .isObject())
                .isTrue();
        assertThat(json(Cli.run("find-rate", pictures, "--cache", cache, "--steps=10", "--json", "-"))
                        .isObject())
                .isTrue();
        assertThat(Path.of("-")).doesNotExist();
    }

    private static JsonNode json(Cli result) throws IOException {
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).isNotEmpty();
        return new ObjectMapper().readTree(result.out());
    }

    @Test
    void aPlotGoesToAStreamToo() throws IOException {
        Path cache = shared.resolve("cache");
        var out = new ByteArrayOutputStream();
        Cli plot = into(out, "find-rate", pictures, "--cache", cache, "--steps=10", "--plot=-");
        assertThat(plot.code()).as(plot.err()).isZero();
        assertThat(ImageIO.read(new ByteArrayInputStream(out.toByteArray())).getWidth())
                .isEqualTo(900);
        Cli both = Cli.run("find-rate", pictures, "--plot=-", "--json=-");
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("--json and --plot cannot both go to standard output");
    }

    @Test
    void aModelNeedsAFile() {
        for (Object[] words : new Object[][] {
            training("--out=-"),
            {"export", model, "--onnx=-"},
            {"export", model, "--safetensors=-"},
            {"audit", pictures, "--grid=-"},
            {"audit", pictures, "--suspects=-"}
        }) {
            Cli refused = Cli.run(words);
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).startsWith("graft: -: standard output cannot take this, which needs a file");
        }
        assertThat(Path.of("-")).doesNotExist();
    }

    @Test
    void descriptorsAreWrittenToThroughLinksThatStay() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        assumeThat(descriptors)
                .as("SKIPPED: no descriptors as files on this system")
                .isDirectory();
        Path link = Files.createSymbolicLink(temporary.resolve("link"), descriptors.resolve("1"));
        for (Object out : new Object[] {descriptors.resolve("1"), link}) {
            assertThat(json(Cli.run("models", "--json", out))).isNotEmpty();
        }
        assertThat(Files.readSymbolicLink(link)).isEqualTo(descriptors.resolve("1"));
        Cli err = Cli.run("models", "--json", descriptors.resolve("2"));
        assertThat(err.out()).startsWith("name ");
        assertThat(new ObjectMapper().readTree(err.err())).isNotEmpty();
    }

    @Test
    @Timeout(60)
    void aNamedPipeIsFedAndStays() throws Exception {
        Path pipe = temporary.resolve("pipe");
        Process made;
        try {
            made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        } catch (IOException e) {
            assumeThat(e).as("SKIPPED: no named pipes on this system").isNull();
            return;
        }
        assertThat(made.waitFor()).isZero();
        CompletableFuture<JsonNode> read = CompletableFuture.supplyAsync(() -> {
            try {
                return new ObjectMapper().readTree(Files.readAllBytes(pipe));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(Cli.run("models", "--json", pipe).code()).isZero();
        assertThat(read.get(30, TimeUnit.SECONDS)).isNotEmpty();
        assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther())
                .isTrue();
    }

    /** With the process's own streams, where nothing stands in for the system. */
    @Test
    @Timeout(60)
    void aProcessSaysItAndReplacesNothing() throws Exception {
        Path full = Path.of("/dev/full");
        assumeThat(full).as("SKIPPED: no such device on this system").exists();
        Path err = temporary.resolve("err");
        assertThat(process(full, err, "models")).isEqualTo(1);
        assertThat(err).content().startsWith(FULL_LINE.substring(0, FULL_LINE.lastIndexOf(":")));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), Path.of("/proc/self/fd/1"));
        Path out = temporary.resolve("out");
        assertThat(process(out, err, "models", "--json", link)).isZero();
        assertThat(new ObjectMapper().readTree(out.toFile())).isNotEmpty();
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }

    private static int process(Path out, Path err, Object... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.graft.cli.Main"));
        Arrays.stream(words).map(Object::toString).forEach(command::add);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.start().waitFor();
    }

    private static Path firstPicture() {
        return pictures.resolve("discs/disc-0.png");
    }
}
