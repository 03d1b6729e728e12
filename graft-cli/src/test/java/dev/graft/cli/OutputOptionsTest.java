package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.bundle.Bundle;
import dev.graft.export.BundleExport;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.zoo.Zoo;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Every option of every command that names a file to be written: what is there already is spared if it is of another kind. */
class OutputOptionsTest {
    /** Options that name what is read; every other one that takes a path has to say what it writes. */
    private static final Set<String> READ =
            Set.of("--augment", "--backbone", "--cache", "--calibrate", "--continue", "--test", "--val", "--weights");

    private static final Terminal NOWHERE =
            new Terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream(), StandardCharsets.UTF_8, false);

    /** By what they are in messages; those that have no name there are called by letters. */
    private static final Map<String, byte[]> FILES = new LinkedHashMap<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path shared;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @BeforeAll
    static void makeFiles() throws IOException {
        Path model = shared.resolve("model");
        Path onnx = shared.resolve("onnx");
        Path safetensors = shared.resolve("safetensors");
        TransferNetwork network = TransferNetwork.of(new BackboneSource.OfZoo(Zoo.DEFAULT), 32, 2, 0);
        Bundle bundle = Bundle.of(
                List.of("a", "b"), network.geometry(), network.network(), JsonNodeFactory.instance.objectNode());
        bundle.write(model);
        BundleExport.of(bundle, "m").toOnnx(onnx);
        BundleExport.of(bundle, "m").toSafetensors(safetensors);
        FILES.put("a Graft model", Files.readAllBytes(model));
        FILES.put("an ONNX file", Files.readAllBytes(onnx));
        FILES.put("a safetensors file", Files.readAllBytes(safetensors));
        FILES.put("a PNG picture", picture("png"));
        FILES.put("a JPEG picture", picture("jpg"));
        FILES.put("a JSON file", "[ {\n  \"path\" : \"a.jpg\"".getBytes(StandardCharsets.UTF_8));
        FILES.put("a ZIP archive", zip());
        FILES.put("a file of zeros", new byte[5000]);
        FILES.put("A", "years of work".getBytes(StandardCharsets.UTF_8));
        FILES.put("B", "[1] A note.\n[2] Another one.\n".getBytes(StandardCharsets.UTF_8));
        FILES.put("C", "[section]\nkey = 1\n".getBytes(StandardCharsets.UTF_8));
        FILES.put("D", "function{ return 1 }".getBytes(StandardCharsets.UTF_8));
        FILES.put("E", new byte[] {1});
    }

    private static byte[] picture(String format) throws IOException {
        var out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), format, out))
                .isTrue();
        return out.toByteArray();
    }

    private static byte[] zip() throws IOException {
        var out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("thesis.xml"));
            zip.write(1);
        }
        return out.toByteArray();
    }

    private static Stream<CommandSpec> commands(CommandLine line) {
        return Stream.concat(
                Stream.of(line.getCommandSpec()),
                line.getSubcommands().values().stream().flatMap(OutputOptionsTest::commands));
    }

    private static Stream<CommandSpec> commands() {
        return commands(Main.commandLine(NOWHERE));
    }

    /** An output of a command, by name: what picocli has parsed into is not parsed into again. */
    record Target(String command, String option, OutputKind kind) {
        /** The words of the command line with this option, and something for each argument that is needed. */
        List<Object> words(Object value) {
            List<Object> words = new ArrayList<>(List.of(command.split(" ")));
            words.add(option + "=" + value);
            spec().positionalParameters().forEach(one -> words.add("missing"));
            return words;
        }

        CommandSpec spec() {
            return commands()
                    .filter(one -> name(one).equals(command))
                    .findFirst()
                    .orElseThrow();
        }

        Path file(Path folder) {
            return folder.resolve("there.png");
        }
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName().replaceFirst("^graft ?", "");
    }

    static List<Target> targets() {
        return commands()
                .flatMap(command -> command.options().stream().flatMap(option -> Outputs.kind(option).stream()
                        .map(kind -> new Target(name(command), option.longestName(), kind))))
                .toList();
    }

    private static boolean takesPaths(ArgSpec argument) {
        return argument.type() == Path.class
                || Arrays.asList(argument.auxiliaryTypes()).contains(Path.class);
    }

    @Test
    void everyOptionThatTakesAPathIsReadOrSaysWhatItWrites() {
        assertThat(targets()).extracting(Target::option).contains("--json", "--out", "--grid", "--onnx");
        commands().forEach(command -> {
            for (OptionSpec option : command.options()) {
                String name = command.qualifiedName() + " " + option.longestName();
                boolean written = Outputs.kind(option).isPresent();
                assertThat(takesPaths(option))
                        .as(name + " is marked with @Output, or is one of those that are read")
                        .isEqualTo(written || READ.contains(option.longestName()));
                if (option.paramLabel().contains("FILE") || option.paramLabel().contains("DIR")) {
                    assertThat(takesPaths(option)).as(name + " takes a Path").isTrue();
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void whatIsOfAnotherKindIsSpared(Target target) throws IOException {
        Path file = target.file(temporary);
        for (Map.Entry<String, byte[]> there : FILES.entrySet()) {
            Files.write(file, there.getValue());
            if (there.getKey().equals(target.kind().title())) {
                assertThatCode(() -> check(target.words(file))).doesNotThrowAnyException();
                continue;
            }
            Cli refused = Cli.run(target.words(file).toArray());
            assertThat(refused.code()).as(refused.err()).isEqualTo(1);
            assertThat(refused.out()).isEmpty();
            String but = there.getKey().length() == 1 ? "" : ", but " + there.getKey();
            assertThat(refused.err().strip())
                    .isEqualTo("graft: " + file + ": exists and is not "
                            + target.kind().title()
                            + " that could be replaced" + but + "; choose another name with " + target.option()
                            + ", or remove it");
            assertThat(file).hasBinaryContent(there.getValue());
        }
        Files.write(file, new byte[0]);
        assertThatCode(() -> check(target.words(file))).doesNotThrowAnyException();
    }

    private static void check(List<Object> words) {
        CommandLine line = Main.commandLine(NOWHERE);
        var parsed = line.parseArgs(words.stream().map(Object::toString).toArray(String[]::new));
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        Outputs.of(parsed.commandSpec()).check();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void twoOutputsAreTwoFiles(Target target) throws IOException {
        Path file = target.file(temporary);
        Files.createDirectories(temporary.resolve("folder"));
        Files.createSymbolicLink(temporary.resolve("link"), temporary);
        Files.createSymbolicLink(temporary.resolve("there.too.png"), file);
        for (Target other : targets()) {
            if (!other.command().equals(target.command()) || other.option().compareTo(target.option()) <= 0) {
                continue;
            }
            for (String same : new String[] {
                file.getFileName().toString(),
                "./" + file.getFileName(),
                "folder/../" + file.getFileName(),
                "link/" + file.getFileName(),
                "there.too.png"
            }) {
                List<Object> words = target.words(file);
                words.add(other.option() + "=" + temporary + "/" + same);
                usage(words, target.option() + " and " + other.option() + " name one file");
                assertThat(file).doesNotExist();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void whatIsReadIsNotWritten(Target target) throws IOException {
        byte[] content = FILES.get(target.kind().title());
        Path file = Files.write(target.file(temporary), content);
        Path link = Files.createSymbolicLink(temporary.resolve("link.png"), file);
        for (PositionalParamSpec parameter : target.spec().positionalParameters()) {
            if (takesPaths(parameter)) {
                List<Object> words = target.words(link);
                int at = words.indexOf("missing") + parameter.index().min();
                words.set(at, file);
                usage(
                        words,
                        parameter.paramLabel() + " names, which is read; give another name with " + target.option());
            }
        }
        for (OptionSpec option : target.spec().options()) {
            if (READ.contains(option.longestName())) {
                List<Object> words = target.words(file);
                words.add(option.longestName() + "=" + link);
                if (target.option().equals("--out") && option.longestName().equals("--continue")) {
                    check(words);
                } else {
                    usage(words, "is what " + option.longestName() + " names, which is read");
                }
            }
        }
        assertThat(file).hasBinaryContent(content);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void linksInACircleAreALine(Target target) throws IOException {
        Path circle = temporary.resolve("circle.png");
        Files.createSymbolicLink(circle, circle);
        Cli circular = Cli.run(target.words(circle).toArray());
        assertThat(circular.code()).isEqualTo(1);
        assertThat(circular.err())
                .isEqualTo("graft: " + circle + ": cannot be written: its links lead in a circle; choose another place"
                        + " with " + target.option() + System.lineSeparator());
    }

    @ParameterizedTest
    @MethodSource("targets")
    void picturesEndAsPng(Target target) {
        if (target.kind().isPicture()) {
            for (String name : new String[] {"there.jpg", "there", "png"}) {
                usage(
                        target.words(temporary.resolve(name)),
                        target.option() + " draws a PNG; let the name end in .png");
            }
            assertThatCode(() -> check(target.words(temporary.resolve("THERE.PNG"))))
                    .doesNotThrowAnyException();
        }
    }

    private static void usage(List<Object> words, String message) {
        Cli wrong = Cli.run(words.toArray());
        assertThat(wrong.code()).as(words + wrong.err()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err().lines()).hasSize(2);
        assertThat(wrong.err()).startsWith("graft: ").contains(message);
    }
}
