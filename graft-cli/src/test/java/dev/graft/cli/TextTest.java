package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
    @CsvSource({"0.0001,0.0001", "20,20", "1e-5,0.00001", "0.25,0.25"})
    void numbers(double number, String shown) {
        assertThat(Text.number(number)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0.001338,0.1 %", "0.87,87 %", "0,0 %", "1,100 %"})
    void percent(double share, String shown) {
        assertThat(Text.percent(share)).isEqualTo(shown);
    }

    @Test
    void pathsCannotMoveTheCursor() {
        assertThat(Text.path(Path.of("a\u001b[2J\nb.jpg"))).isEqualTo("a?[2J?b.jpg");
        // This one has no place in a path where the locale is plain ASCII.
        assertThat(Text.printable("b\u009bc.jpg")).isEqualTo("b?c.jpg");
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
