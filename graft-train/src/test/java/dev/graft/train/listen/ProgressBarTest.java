package dev.graft.train.listen;

import static dev.graft.train.listen.Told.metrics;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.train.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed and when, to the character, by a clock that the test moves. */
class ProgressBarTest {
    private static final Metrics RUNNING = metrics(0.8912, 0.3012);
    private static final Metrics HELD = metrics(0.87, 0.35);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, false, UTF_8);
    private long nanos = Long.MAX_VALUE - 1_000_000_000L;

    private ProgressBar live(int columns) {
        return ProgressBar.live(out, columns, UTF_8, () -> nanos);
    }

    private void pass(double seconds) {
        nanos += Math.round(seconds * 1e9);
    }

    private String printed() {
        out.flush();
        String text = bytes.toString(UTF_8).replace(System.lineSeparator(), "\n");
        bytes.reset();
        return text;
    }

    @Test
    void aLineIsRewrittenWhileAnEpochRuns() {
        ProgressBar bar = live(100);
        bar.accept(Told.phase("head", 10));
        assertThat(printed()).isEmpty();
        pass(30);
        bar.accept(Told.step(1, 1, 38, RUNNING));
        assertThat(printed()).isEqualTo("Epoch 1/10\n\r 1/38 ──────────────────── - accuracy: 0.8912 - loss: 0.3012");
        pass(1.1);
        bar.accept(Told.step(1, 12, 38, metrics(0.9, 0.0001)));
        assertThat(printed())
                .isEqualTo("\r12/38 ━━━━━━────────────── 2s 100ms/step - accuracy: 0.9000 - loss: 1.0000e-04");
        pass(2.6);
        bar.accept(Told.step(1, 38, 38, RUNNING));
        assertThat(printed())
                .isEqualTo("\r38/38 ━━━━━━━━━━━━━━━━━━━━ 0s 100ms/step - accuracy: 0.8912 - loss: 0.3012    ");
        pass(9);
        bar.accept(Told.epoch(1, RUNNING, HELD, 12.7, true));
        assertThat(printed())
                .isEqualTo("\r38/38 13s 100ms/step - accuracy: 0.8912 - loss: 0.3012"
                        + " - val_accuracy: 0.8700 - val_loss: 0.3500\n");
    }

    @Test
    void inEightyColumnsValidationHasALineOfItsOwn() {
        ProgressBar bar = live(80);
        bar.accept(Told.phase("head", 2));
        bar.accept(Told.step(1, 1, 2, RUNNING));
        pass(0.045);
        bar.accept(Told.step(1, 2, 2, RUNNING));
        bar.accept(Told.epoch(1, RUNNING, HELD, 1.2, true));
        assertThat(printed()).isEqualTo("""
                        Epoch 1/2
                        \r1/2 ━━━━━━━━━━────────── - accuracy: 0.8912 - loss: 0.3012\
                        \r2/2 ━━━━━━━━━━━━━━━━━━━━ 1s 45ms/step - accuracy: 0.8912 - loss: 0.3012
                            - val_accuracy: 0.8700 - val_loss: 0.3500
                        """);
    }

    @Test
    void itIsNotRewrittenMoreThanFiveTimesASecond() {
        ProgressBar bar = live(80);
        bar.accept(Told.phase("head", 2));
        for (int step = 1; step <= 1000; step++) {
            bar.accept(Told.step(1, step, 1000, RUNNING));
            pass(0.002);
        }
        assertThat(printed().chars().filter(c -> c == '\r')).hasSize(10);
        for (int epoch = 2; epoch <= 40; epoch++) {
            pass(0.001);
            bar.accept(Told.step(epoch, 1, 1, RUNNING));
        }
        assertThat(printed().chars().filter(c -> c == '\r')).as("quick epochs").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 60, 79, 80, 81, 97, 98, 120})
    void noLineReachesTheLastColumn(int columns) {
        ProgressBar bar = live(columns);
        bar.accept(Told.phase("fine-tune", 10));
        for (int epoch = 1; epoch <= 2; epoch++) {
            for (int step = 1; step <= 3; step++) {
                pass(400);
                bar.accept(Told.step(epoch, step, 10_000, Told.named(1e-9, "accuracy", "top_5", "auc", "precision")));
            }
            bar.accept(Told.epoch(epoch, RUNNING, HELD, 7000, true));
        }
        bar.accept(Told.end("fine-tune", 2, 1, false, HELD));
        assertThat(printed().split("[\r\n]")).hasSizeGreaterThan(10).allMatch(line -> line.length() < columns);
    }

    @Test
    void withoutATerminalAnEpochIsOneLine() {
        ProgressBar bar = ProgressBar.plain(out, () -> nanos);
        bar.accept(Told.phase("head", 3));
        for (int step = 1; step <= 38; step++) {
            bar.accept(Told.step(1, step, 38, RUNNING));
            pass(0.045);
        }
        bar.accept(Told.epoch(1, RUNNING, HELD, 2.4, true));
        bar.accept(Told.step(2, 1, 38, RUNNING));
        bar.accept(Told.epoch(2, RUNNING, metrics(1, 2), 0.25, false));
        bar.accept(Told.end("head", 2, 1, false, HELD));
        assertThat(printed()).isEqualTo("""
                        Epoch 1/3 - 38/38 2s 45ms/step - accuracy: 0.8912 - loss: 0.3012 - val_accuracy: 0.8700 - val_loss: 0.3500
                        Epoch 2/3 -  1/38 0s 250ms/step - accuracy: 0.8912 - loss: 0.3012 - val_accuracy: 1.0000 - val_loss: 2.0000
                        head: stopped early after 2 of 3 epochs; best is epoch 1 - val_accuracy: 0.8700 - val_loss: 0.3500
                        """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10 | 10 | 4 | false | head: 10 of 10 epochs done; best is epoch 4
            10 |  7 | 4 | false | head: stopped early after 7 of 10 epochs; best is epoch 4
            10 |  7 | 7 | true  | head: stopped on request after 7 of 10 epochs; best is epoch 7
             1 |  1 | 0 | false | head: 1 of 1 epoch done; none was better than before
            """)
    void theEndSaysWhyAndWhichEpochWasBest(int epochs, int ran, int best, boolean stopped, String said) {
        ProgressBar bar = ProgressBar.plain(out, () -> nanos);
        bar.accept(Told.phase("head", epochs));
        bar.accept(Told.end("head", ran, best, stopped, HELD));
        assertThat(printed()).isEqualTo(said + " - val_accuracy: 0.8700 - val_loss: 0.3500\n");
    }

    @Test
    void aPhaseAfterOneThatFailedBeginsOnALineOfItsOwn() {
        ProgressBar bar = live(80);
        bar.accept(Told.phase("head", 2));
        bar.accept(Told.step(1, 1, 2, RUNNING));
        printed();
        bar.accept(Told.phase("again", 1));
        assertThat(printed()).isEqualTo("\n");
        bar.accept(Told.step(1, 2, 2, RUNNING));
        assertThat(printed()).startsWith("Epoch 1/1\n\r2/2 ");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8,━━─", "US-ASCII,==.", "ISO-8859-1,==.", "IBM850,==.", "GB18030,━━─"})
    void whereTheCharacterSetHasNoLinesTheBarIsAscii(String charset, String drawn) {
        ProgressBar bar = ProgressBar.live(out, 60, Charset.forName(charset), () -> nanos);
        bar.accept(Told.phase("head", 2));
        bar.accept(Told.step(1, 7, 10, new Metrics(1, Map.of())));
        String full = drawn.substring(0, 1).repeat(14) + drawn.substring(2).repeat(6);
        assertThat(printed()).startsWith("Epoch 1/2\n\r 7/10 " + full + " ");
    }

    @Test
    void aStreamThatIsNoTerminalGetsPlainLines() {
        ProgressBar bar = ProgressBar.on(out);
        bar.accept(Told.phase("head", 1));
        bar.accept(Told.step(1, 1, 1, RUNNING));
        bar.accept(Told.epoch(1, RUNNING, HELD, 2, true));
        assertThat(printed())
                .isEqualTo("Epoch 1/1 - 1/1 2s 2s/step - accuracy: 0.8912 - loss: 0.3012"
                        + " - val_accuracy: 0.8700 - val_loss: 0.3500\n");
    }

    @Test
    void aTerminalThatIsTooNarrowIsRefused() {
        assertThatThrownBy(() -> ProgressBar.live(out, 19))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a terminal has at least 20 columns, got 19");
    }
}
