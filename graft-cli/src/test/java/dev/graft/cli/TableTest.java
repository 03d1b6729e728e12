package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Tables where there is little room. */
class TableTest {
    private static Table models() {
        return Table.of("name", "parameters", "top-1", "weights")
                .left(3)
                .row("mobilenet_v3_small (default)", "1,517,856", "", "here")
                .row("efficientnet_v2_s", "20,177,488", "84.2", "graft models pull efficientnet_v2_s");
    }

    @Test
    void columnsThatMayBeAreLeftOutInTheirOrder() {
        Table table = models().typed(0).optional(3, 1, 2);
        assertThat(table.lines(60))
                .containsExactly(
                        "name                          parameters  top-1",
                        "mobilenet_v3_small (default)   1,517,856",
                        "efficientnet_v2_s             20,177,488   84.2");
        assertThat(table.lines(40)).element(2).isEqualTo("efficientnet_v2_s              84.2");
        assertThat(table.lines()).element(2).asString().endsWith("  graft models pull efficientnet_v2_s");
    }

    @Test
    void whatIsLeftOutIsNamed() {
        Terminal narrow = terminal(new ByteArrayOutputStream(), true, 40);
        assertThat(models().optional(3, 1).leftOut(narrow, "  ")).containsExactly("parameters", "weights");
        assertThat(models().optional(3, 1).leftOut(terminal(new ByteArrayOutputStream(), false, 40), "  "))
                .isEmpty();
    }

    @Test
    void gapsBecomeNarrowThenNamesShort() {
        Table table = Table.of("class", "precision", "recall", "f1", "support")
                .row("a_class_of_some_length", "0.833", "1.000", "0.909", "5");
        assertThat(table.lines(58)).element(1).asString().startsWith("a_class_of_some_length  ");
        assertThat(table.lines(54))
                .element(1)
                .asString()
                .startsWith("a_class_of_some_length     ")
                .hasSize(53);
        assertThat(table.lines(44))
                .element(1)
                .asString()
                .startsWith("a_clas…length     ")
                .hasSize(44);
        assertThat(table.isWhole(41)).isTrue();
        assertThat(table.isWhole(40)).isFalse();
    }

    @Test
    void aRowTakesSeveralLinesAtTheWorst() {
        assertThat(models().typed(0, 3).lines(40))
                .containsExactly(
                        "name                          parameters",
                        "  top-1",
                        "  weights",
                        "mobilenet_v3_small (default)   1,517,856",
                        "  here",
                        "efficientnet_v2_s             20,177,488",
                        "  84.2",
                        "  graft models pull efficientnet_v2_s");
        // A command is not broken where it is too long, a sentence is.
        assertThat(models().typed(0, 3).lines(30)).contains("  graft models pull efficientnet_v2_s");
        assertThat(models().lines(30)).contains("  graft models pull", "  efficientnet_v2_s");
    }

    @Test
    void aNameAloneIsAboveAllElseWhereThatFits() {
        assertThat(Table.of("Layer (type)", "Output Shape", "Param #")
                        .left(1)
                        .typed(0)
                        .row("└ layer4.0.downsample.1 (BatchNormalization)", "(None, 7, 7, 512)", "2,048")
                        .lines(40))
                .containsExactly(
                        "Layer (type)",
                        "  Output Shape       Param #",
                        "└ layer4.0.downsample.1",
                        "  (BatchNormalization)",
                        "  (None, 7, 7, 512)    2,048");
    }

    private static Terminal terminal(ByteArrayOutputStream out, boolean interactive, int columns) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Terminal(stream, stream, StandardCharsets.UTF_8, interactive).wrappedAt(() -> columns);
    }
}
