package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.DisplayWidth;
import dev.graft.report.Evaluation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

/** No line is longer than the terminal is wide, but for commands to copy and for names that are longer by themselves. */
class NarrowTerminalTest {
    /** A command to copy, or one word. */
    private static final String WHOLE = "((Try it: |Run ) *)?graft .*|\\S+";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private static List<String> run(int columns, Object... words) {
        var out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, StandardCharsets.UTF_8, true).wrappedAt(() -> columns);
        String[] command = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        assertThat(Main.run(terminal, command))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        return out.toString(StandardCharsets.UTF_8)
                // Status lines are cut off by the terminal.
                .replaceAll("\u001b\\[\\?7l.*?\u001b\\[\\?7h", "")
                .replaceAll("\r(?!\n)|\u001b\\[[0-9;?]*[a-zA-Z]", "")
                .lines()
                .toList();
    }

    private static void fits(List<String> lines, int columns) {
        assertThat(lines)
                .hasSizeGreaterThan(5)
                .filteredOn(line -> DisplayWidth.of(line) > columns)
                .allMatch(line -> line.strip().matches(WHOLE));
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 120})
    void listsAndSummaries(int columns) {
        fits(run(columns, "models"), columns);
        for (String model : List.of("mobilenet_v3_small", "resnet18", "vit_b_16")) {
            fits(run(columns, "summary", "--model", model, "--classes", 1000), columns);
        }
    }

    @Test
    void whatThereIsNoRoomForIsNamed() {
        assertThat(String.join(" ", run(60, "models")))
                .contains("There is no room here for: parameters, GMACs, input, trained on, licence.");
        assertThat(run(240, "models")).noneMatch(line -> line.contains("no room"));
        assertThat(run(120, "summary", "--model", "mobilenet_v3_small"))
                .anyMatch(line -> line.contains("│ head (Dense)"));
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60})
    void runs(int columns) throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("d"), 8);
        Path cache = temporary.resolve("cache");
        Path model = temporary.resolve("x.graft");
        fits(run(columns, "audit", pictures), columns);
        fits(run(columns, "advise", pictures, "--image-size=32", "--cache", cache), columns);
        fits(run(columns, "train", pictures, "--image-size=32", "--cache", cache, "--out", model), columns);
        fits(run(columns, "evaluate", model, pictures), columns);
        fits(run(columns, "find-rate", pictures, "--image-size=32", "--steps=10", "--cache", cache), columns);
    }

    @Test
    void theMatrixHasTheNamesOfItsColumnsWhereTheyFit() {
        assertThat(matrix(60, "cat", "dog"))
                .containsExactly(
                        "",
                        "  truth \\ taken for  cat  dog",
                        "  cat                 60    1",
                        "  dog                  2   60");
        assertThat(matrix(40, "a_dog", "a_house", "an_elephant"))
                .containsExactly(
                        "",
                        "  truth \\ taken for      1   2   3",
                        "  a_dog              1  60   1   1",
                        "  a_house            2   2  60   2",
                        "  an_elephant        3   3   3  60");
        String[] many = IntStream.range(0, 15).mapToObj(i -> "class_" + i).toArray(String[]::new);
        assertThat(matrix(120, many)).hasSize(17).allSatisfy(line -> assertThat(line)
                .hasSizeLessThanOrEqualTo(120));
        assertThat(String.join(" ", matrix(50, many)))
                .contains("no room here for the confusion matrix of 15 classes; --json FILE has it");
        String[] more = Collections.nCopies(21, "x").toArray(String[]::new);
        assertThat(String.join(" ", matrix(240, more))).contains("matrix of 21 classes; --json FILE has it");
    }

    /** 60 on the diagonal, elsewhere the number of the row. */
    private static List<String> matrix(int columns, String... classes) {
        List<List<Integer>> counts = IntStream.range(0, classes.length)
                .mapToObj(row -> IntStream.range(0, classes.length)
                        .mapToObj(column -> row == column ? 60 : row + 1)
                        .toList())
                .toList();
        var out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, StandardCharsets.UTF_8, true).wrappedAt(() -> columns);
        EvaluationText.confusion(terminal, new Evaluation(List.of(classes), counts, 0, 0));
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceAll("\u001b\\[[0-9]*m", ""))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 120})
    void examplesInTheHelpStayBelowEachOther(int width) {
        List<String> footer =
                List.of(TrainCommand.class.getAnnotation(Command.class).footer());
        List<String> lines = HelpFooter.lines(footer, width);
        fits(lines, width);
        assertThat(lines.stream().skip(2)).allMatch(line -> line.startsWith("  "));
        String last = lines.get(lines.size() - 1);
        switch (width) {
            case 60 -> assertThat(last).isEqualTo("      with what was added to the folder");
            case 80 -> assertThat(last).isEqualTo(" ".repeat(48) + "folder");
            default ->
                assertThat(last).startsWith("  graft train flowers --continue").endsWith("to the folder");
        }
        assertThat(Cli.run("train", "--help").out()).endsWith(" ".repeat(48) + "folder" + System.lineSeparator());
    }

    @Test
    void synopsesOfSeveralLinesFitTheNarrowestHelp() {
        assertThat(Stream.of(ExportCommand.class, SummaryCommand.class)
                        .map(command -> command.getAnnotation(Command.class).customSynopsis())
                        .flatMap(Arrays::stream))
                .hasSizeGreaterThan(8)
                .allMatch(line ->
                        line.length() <= 55 - "Usage: ".length() || line.startsWith(" ") && line.length() <= 55);
    }
}
