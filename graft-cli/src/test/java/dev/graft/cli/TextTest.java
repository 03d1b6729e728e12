package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.DisplayWidth;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @ParameterizedTest
    @CsvSource({
        "0.034,0.03 s",
        "0.996,1.0 s",
        "9.94,9.9 s",
        "9.96,10 s",
        "59.6,1 min 0 s",
        "185,3 min 5 s",
        "7440,2 h 4 min"
    })
    void seconds(double seconds, String shown) {
        assertThat(Text.seconds(seconds)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0.001338,0.1 %", "0.87,87 %", "0,0 %", "1,100 %"})
    void percent(double share, String shown) {
        assertThat(Text.percent(share)).isEqualTo(shown);
    }

    @Test
    void pathsCannotMoveTheCursor() {
        assertThat(Text.path(Path.of("a\u001b[2J\nb.jpg"))).isEqualTo("a\\u001B[2J\\u000Ab.jpg");
        // This one has no place in a path where the locale is plain ASCII.
        assertThat(Text.printable("b\u009bc.jpg")).isEqualTo("b\\u009Bc.jpg");
    }

    @Test
    void namesCannotTurnTheLineOrEndIt() {
        assertThat(Text.printable("cat\u202Egpj.exe\u2028\u2029 \u2066x\u2069"))
                .isEqualTo("cat\\u202Egpj.exe\\u2028\\u2029 \\u2066x\\u2069");
        assertThat(Text.printable("half \uD83D of a pair")).isEqualTo("half \\uD83D of a pair");
        assertThat(Text.printable("\uD83D\uDE00 고양이 قطة café")).isEqualTo("\uD83D\uDE00 고양이 قطة café");
    }

    @ParameterizedTest
    @CsvSource({
        "cat, 3",
        "고양이, 6",
        "猫, 2",
        "\uD83D\uDE00, 2",
        "cafe\u0301, 4",
        "\u1100\u1161\u11ab, 2",
        "\uD83D\uDC69\u200D\uD83D\uDCBB, 2",
        "'\u001b[1mbold\u001b[0m', 4",
        "ｆｕｌｌ, 8",
        "ﾊﾝｶｸ, 4",
    })
    void wideCharactersTakeTwoColumnsAndMarksNone(String text, int columns) {
        assertThat(DisplayWidth.of(text)).isEqualTo(columns);
    }

    @Test
    void tablesAlignByColumnsOfTheTerminal() {
        assertThat(Table.of("class", "n").row("고양이", "1").row("cat", "23").lines())
                .containsExactly("class    n", "고양이   1", "cat     23");
    }

    @Test
    void longNamesLoseTheirMiddleWhereATableWouldNotFit() {
        assertThat(Text.shortened("golden_retriever_puppy", 11)).isEqualTo("golde…puppy");
        assertThat(Text.shortened("고양이와 강아지", 9)).isEqualTo("고양…아지");
        String name = "a_class_of_the_longest_name_that_anybody_ever_gave_to_a_folder";
        assertThat(Table.of("class", "n").row(name, "1").lines(40))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40))
                .element(1)
                .isEqualTo(Text.shortened(name, 37) + "  1");
        assertThat(Table.of("class", "n").row(name, "1").lines()).element(1).isEqualTo(name + "  1");
    }

    @Test
    void whatARunIsResumedFromHasANameThatFitsBesideTheLongestModel() {
        assertThat(TrainSession.resumeFolder(Path.of("a/flowers.graft"))).isEqualTo(Path.of("a/flowers.graft.resume"));
        String longest = "x".repeat(249) + ".graft";
        String folder = TrainSession.resumeFolder(Path.of(longest)).toString();
        assertThat(folder).hasSize(255).startsWith("xxx").endsWith(".graft.resume");
        assertThat(folder)
                .isNotEqualTo(TrainSession.resumeFolder(Path.of("y" + longest.substring(1)))
                        .toString());
    }

    @Test
    void longLinesAreBrokenAtSpacesOnly() {
        assertThat(new Paragraph(30, 4).lines("    one line of words, which is too long for its place"))
                .containsExactly("    one line of words, which", "    is too long for its place");
        assertThat(new Paragraph(30, 2).lines("/a/path/that/is/longer/than/the/whole/terminal.jpg: is no picture"))
                .containsExactly("/a/path/that/is/longer/than/the/whole/terminal.jpg:", "  is no picture");
        assertThat(new Paragraph(30, 0).lines("고양이와 강아지를 구별하는 분류기를 만드는 그래프트"))
                .allSatisfy(line -> assertThat(DisplayWidth.of(line)).isLessThanOrEqualTo(30))
                .hasSize(2);
        assertThat(new Paragraph(100, 0).lines("loss 0.1234  accuracy 0.9"))
                .containsExactly("loss 0.1234  accuracy 0.9");
    }

    @Test
    void anItemStaysBesideItsTitle() {
        var out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, StandardCharsets.UTF_8, false).wrappedAt(() -> 50);
        terminal.item("Advice", 12, "500 to 5000 pictures: the head, then a part of the backbone gently with it");
        terminal.whole("graft train a-folder-of-pictures --recipe last --out a-name-of-my-own.graft");
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "Advice      500 to 5000 pictures: the head, then a",
                        "            part of the backbone gently with it",
                        "graft train a-folder-of-pictures --recipe last --out a-name-of-my-own.graft");
    }

    @ParameterizedTest
    @CsvSource(
            value = {"120, 120", "' 80 ', 80", "7, 0", "-1, 0", "wide, 0", "'', 0", "-, 0"},
            nullValues = "-")
    void theVariableColumnsCountsWhereItMakesSense(@Nullable String variable, int columns) {
        assertThat(TerminalWidth.columns(variable)).isEqualTo(columns);
    }

    @Test
    void tablesAlign() {
        assertThat(Table.of("class", "n")
                        .row("ox", "1,000")
                        .row("kangaroo", "7")
                        .lines())
                .containsExactly("class         n", "ox        1,000", "kangaroo      7");
    }

    @Test
    void jsonHasNoNaN() {
        ObjectNode node = JsonFile.NODES.objectNode();
        JsonFile.put(node, "loss", Double.NaN);
        JsonFile.put(node, "rate", Double.POSITIVE_INFINITY);
        JsonFile.put(node, "half", 0.5);
        assertThat(node).hasToString("{\"loss\":null,\"rate\":null,\"half\":0.5}");
    }

    @Test
    void aStatusLineIsRewrittenOnATerminalAndLeftOutElsewhere() {
        assertThat(written(true)).isEqualTo("\r\u001b[K\u001b[?7lhalf\u001b[?7h\r\u001b[K\u001b[1mdone\u001b[0m\n");
        assertThat(written(false)).isEqualTo("done\n");
    }

    private static String written(boolean interactive) {
        var out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, StandardCharsets.UTF_8, interactive);
        terminal.status("half");
        terminal.line(terminal.bold("done"));
        return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
