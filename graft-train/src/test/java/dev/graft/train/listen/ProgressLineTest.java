package dev.graft.train.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.testing.Reference;
import dev.graft.train.listen.ProgressLine.Bar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A line's text against Keras 3.15.1, and how it gives way to a narrow terminal. */
class ProgressLineTest {
    private static final ProgressLine LINE = new ProgressLine(
            "12/38",
            "1s 45ms/step",
            List.of("accuracy: 0.8912", "loss: 0.3012"),
            List.of("val_accuracy: 0.8700", "val_loss: 0.3500"));

    static Stream<JsonNode> keras() {
        return Reference.each(Reference.read("progress.json"));
    }

    /** Keras tells what is done from what is to do by colour: here both ends look the same. */
    @ParameterizedTest
    @MethodSource("keras")
    void readsAsKerasWritesIt(JsonNode known) {
        int step = known.get("step").intValue();
        int steps = known.get("steps").intValue();
        List<String> metrics = new ArrayList<>();
        known.get("metrics")
                .fields()
                .forEachRemaining(metric -> metrics.add(ProgressText.metric(
                        Map.entry(metric.getKey(), metric.getValue().doubleValue()))));
        String times = ProgressText.timeLeft(known.get("per_step").doubleValue(), steps - step);
        ProgressLine line = new ProgressLine(ProgressText.count(step, steps), times, metrics, List.of());
        assertThat(line.running(120, new Bar('━', '━'), 0.5))
                .isEqualTo(known.get("text").textValue());
    }

    @Test
    void aTimeThatIsOverIsRounded() {
        assertThat(ProgressText.timeTaken(1.6, 0.045)).isEqualTo("2s 45ms/step");
        assertThat(ProgressText.timeTaken(3725.4, 2)).isEqualTo("1:02:05 2s/step");
        assertThat(ProgressText.metric(Map.entry("loss", Double.NaN))).isEqualTo("loss: NaN");
    }

    @Test
    void theBarGivesWayFirstAndThenPartsFromTheEnd() {
        assertThat(running(200))
                .isEqualTo("12/38 ======.............. 1s 45ms/step - accuracy: 0.8912 - loss: 0.3012"
                        + " - val_accuracy: 0.8700 - val_loss: 0.3500");
        assertThat(running(100))
                .isEqualTo(LINE.plain().replace("12/38 ", "12/38 =.... "))
                .hasSize(100);
        assertThat(running(99)).isEqualTo(LINE.plain()).hasSize(94);
        assertThat(running(94)).isEqualTo(LINE.plain());
        assertThat(running(93))
                .isEqualTo("12/38 =====............ 1s 45ms/step - accuracy: 0.8912 - loss: 0.3012"
                        + " - val_accuracy: 0.8700")
                .hasSize(93);
        assertThat(running(40)).isEqualTo("12/38 1s 45ms/step - accuracy: 0.8912");
        assertThat(running(12)).isEqualTo("12/38 1s 45m");
    }

    @Test
    void aFinishedLineLosesNothing() {
        assertThat(finished(100)).containsExactly(LINE.plain().replace("12/38 ", "12/38 =.... "));
        assertThat(finished(93))
                .containsExactly(
                        "12/38 ======.............. 1s 45ms/step - accuracy: 0.8912 - loss: 0.3012",
                        "    - val_accuracy: 0.8700 - val_loss: 0.3500");
        assertThat(finished(30))
                .containsExactly(
                        "12/38 ===........ 1s 45ms/step",
                        "    - accuracy: 0.8912",
                        "    - loss: 0.3012",
                        "    - val_accuracy: 0.8700",
                        "    - val_loss: 0.3500");
    }

    @Test
    void theBarIsAsFullAsTheEpoch() {
        assertThat(Bar.LINES.draw(20, 0)).isEqualTo("─".repeat(20));
        assertThat(Bar.LINES.draw(20, 0.999)).isEqualTo("━".repeat(19) + "─");
        assertThat(Bar.LINES.draw(20, 1)).isEqualTo("━".repeat(20));
    }

    private static String running(int width) {
        return LINE.running(width, Bar.ASCII, 12 / 38.0);
    }

    private static List<String> finished(int width) {
        return LINE.finished(width, Bar.ASCII, 12 / 38.0);
    }
}
