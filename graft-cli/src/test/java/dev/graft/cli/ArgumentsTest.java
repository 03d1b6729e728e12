package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Words that are no numbers and no files, and files that look like options. */
class ArgumentsTest {
    private static final Set<Class<?>> NUMBERS =
            Set.of(int.class, Integer.class, long.class, Long.class, double.class, Double.class);

    private static final List<String> NO_NUMBERS = List.of(
            "",
            " 5",
            "5 ",
            "1,5",
            "NaN",
            "Infinity",
            "-inf",
            "0x1p3",
            "0x10",
            "1_000",
            "5f",
            "5d",
            "\u0661\u0662",
            "\uff15",
            "99999999999999999999999",
            "1e39",
            "3e38",
            "-1e300");

    private static final Terminal NOWHERE =
            new Terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream(), StandardCharsets.UTF_8, false);

    static Stream<List<String>> numericOptions() {
        return Stream.of(
                        new AdviseCommand(NOWHERE),
                        new AuditCommand(NOWHERE),
                        new EvaluateCommand(NOWHERE),
                        new ExportCommand(NOWHERE),
                        new FindRateCommand(NOWHERE),
                        new PredictCommand(NOWHERE),
                        new SummaryCommand(NOWHERE),
                        new TrainCommand(NOWHERE))
                .map(command -> new CommandLine(command).getCommandSpec())
                .flatMap(command -> command.options().stream()
                        .filter(option -> NUMBERS.contains(option.type()))
                        .map(OptionSpec::longestName)
                        .map(option -> List.of(command.name(), option)));
    }

    @ParameterizedTest
    @MethodSource("numericOptions")
    void whatIsNoNumberIsSaidWithTheOption(List<String> option) {
        for (String word : NO_NUMBERS) {
            usage(Cli.run(option.get(0), "x", "y", option.get(1) + "=" + word), "'" + option.get(1) + "'");
        }
    }

    @Test
    void numbersWithinListsAndMapsAreReadAlike() {
        usage(Cli.run("train", "x", "--rate=a=NaN"), "--rate: 'NaN' is no number, such as 0.5 or 1e-4");
        usage(Cli.run("train", "x", "--hidden=3,x"), "'--hidden'");
        usage(Cli.run("train", "x", "--epochs=99999999999"), "'99999999999' is out of range; at most 2147483647");
        // What is a number goes on to what else is wrong.
        for (String number : List.of("1e-4", ".5", "5.", "+0.1", "1E2")) {
            Cli sound = Cli.run("train", "missing", "--head=dense", "--lr=" + number);
            assertThat(sound.err()).as(number).contains("missing: no such folder");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b"})
    void whatIsNoPathIsSaid(String path) {
        String why = path.isEmpty() ? "is empty; give the name of a file or folder" : "is no name that a file can have";
        for (List<String> words : List.of(
                List.of("train", path),
                List.of("advise", path),
                List.of("audit", path),
                List.of("find-rate", path),
                List.of("evaluate", path, "x"),
                List.of("evaluate", "x", path),
                List.of("predict", path, "x"),
                List.of("predict", "x", path),
                List.of("summary", path),
                List.of("export", path, "--onnx=x"),
                List.of("export", "x", "--onnx=" + path),
                List.of("train", "x", "--out=" + path),
                List.of("models", "--json=" + path))) {
            usage(Cli.run(words.toArray()), why);
        }
    }

    @Test
    void aFileThatLooksLikeAnOptionIsHintedAt(@TempDir Path folder) {
        String hint = "if the file is meant, write ./-dash.jpg or put -- before it";
        usage(Cli.run("predict", "x.graft", "-dash.jpg"), "unknown option '-dash.jpg'; " + hint);
        usage(Cli.run("predict", "x.graft", "y.jpg", "-dash.jpg"), "unknown option '-dash.jpg'; " + hint);
        // Neither are these -h and -V with something after them.
        usage(Cli.run("predict", "x.graft", "-hello.jpg"), "write ./-hello.jpg or put -- before it");
        usage(Cli.run("predict", "x.graft", "-Very.PNG"), "write ./-Very.PNG or put -- before it");
        usage(Cli.run("summary", "-model.graft"), "write ./-model.graft or put -- before it");
        assertThat(Cli.run("predict", "x.graft", "y.jpg", "--toop").err()).doesNotContain("if the file is meant");
        for (List<String> words : List.of(
                List.of("evaluate", "--", "-m.graft", "x"),
                List.of("predict", "--", "-m.graft", "x"),
                List.of("summary", "--", "-m.graft"),
                List.of("export", "--onnx=" + folder.resolve("x.onnx"), "--", "-m.graft"),
                List.of("train", "--", "-m.graft"),
                List.of("advise", "--", "-m.graft"),
                List.of("find-rate", "--", "-m.graft"),
                List.of("audit", "--", "-m.graft"))) {
            Cli read = Cli.run(words.toArray());
            assertThat(read.code()).as(words + read.err()).isEqualTo(1);
            assertThat(read.err()).startsWith("graft: -m.graft: no such f");
        }
    }

    /** Its content would be taken for options. */
    @Test
    void aNameThatBeginsWithAnAtIsAName(@TempDir Path folder) throws IOException {
        for (String command : List.of("train", "advise", "audit", "summary")) {
            assertThat(Cli.run(command, "@cat").err()).startsWith("graft: @cat: no such f");
        }
        Files.writeString(folder.resolve("options"), "--help");
        String name = "@" + folder.resolve("options");
        assertThat(Cli.run("train", name).err()).startsWith("graft: " + name + ": no such folder");
    }

    private static void usage(Cli result, String message) {
        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err().lines()).hasSize(2);
        assertThat(result.err()).startsWith("graft: ").contains(message).doesNotContain("unexpected:");
    }
}
