package dev.graft.train.listen;

import static dev.graft.train.listen.Told.metrics;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.GraftException;
import dev.graft.testing.Reference;
import dev.graft.train.listen.EventReader.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of TensorBoard's own writer, and what a reader of the documented format finds in them. */
class TensorBoardLogTest {
    private static final Instant START = Instant.parse("2023-11-14T22:13:20.250Z");

    @TempDir
    private Path folder;

    /** Stands still until it is moved. */
    private static final class Hand extends Clock {
        private Instant now = START;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final Hand clock = new Hand();

    private static Path only(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @Test
    void theChecksumOfTheTestsReaderIsTheDocumentedOne() {
        assertThat(EventReader.crc32c("123456789".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(0xE3069283);
    }

    @Test
    void theFileIsTheOneThatTensorBoardWouldWrite() throws IOException {
        JsonNode known = Reference.read("event_file.json");
        assertThat(START.toEpochMilli() / 1e3)
                .isEqualTo(known.get("first_wall_time").doubleValue());
        try (EventFile file = EventFile.in(folder, clock)) {
            long step = 0;
            for (JsonNode epoch : known.get("epochs")) {
                Map<String, Double> values = new LinkedHashMap<>();
                epoch.fields()
                        .forEachRemaining(value ->
                                values.put(value.getKey(), value.getValue().doubleValue()));
                clock.pass(Duration.ofSeconds(1));
                file.scalars(step++, values);
            }
            assertThat(HexFormat.of().formatHex(Files.readAllBytes(only(folder))))
                    .as("while it is still open")
                    .isEqualTo(known.get("hex").textValue());
        }
    }

    @Test
    void trainingAndValidationAreRunsAndPhasesGoOn() throws IOException {
        Path run = folder.resolve("logs/one");
        try (TensorBoardLog log = TensorBoardLog.to(run, clock)) {
            log.accept(Told.phase("head", 1));
            clock.pass(Duration.ofSeconds(5));
            log.accept(Told.epoch(1, metrics(0.5, 0.75), metrics(0.625, 0.6), 1, true));
            log.accept(Told.end("head", 1, 1, false, metrics(0, 0)));
            log.accept(Told.phase("fine-tune", 1));
            clock.pass(Duration.ofMillis(1500));
            log.accept(Told.epoch(1, metrics(1, Double.NaN), metrics(0.25, 0), 1, false));
        }
        double begun = START.toEpochMilli() / 1e3;
        assertThat(EventReader.read(only(run.resolve("train"))))
                .containsExactly(
                        new Event(begun, 0, "brain.Event:2", Map.of()),
                        new Event(
                                begun + 5,
                                0,
                                "",
                                Map.of("epoch_accuracy", 0.5f, "epoch_loss", 0.75f, "epoch_learning_rate", 0.001f)),
                        new Event(
                                begun + 6.5,
                                1,
                                "",
                                Map.of("epoch_accuracy", 1f, "epoch_loss", Float.NaN, "epoch_learning_rate", 0.001f)));
        assertThat(EventReader.read(only(run.resolve("validation"))))
                .containsExactly(
                        new Event(begun + 5, 0, "brain.Event:2", Map.of()),
                        new Event(begun + 5, 0, "", Map.of("epoch_accuracy", 0.625f, "epoch_loss", 0.6f)),
                        new Event(begun + 6.5, 1, "", Map.of("epoch_accuracy", 0.25f, "epoch_loss", 0f)));
    }

    @Test
    void theLearningRateIsAmongTraining() throws IOException {
        try (TensorBoardLog log = TensorBoardLog.to(folder, clock)) {
            log.add(new EpochValues("head", 1, 0.125, Map.of("loss", 2.0), Map.of(), 1));
        }
        assertThat(EventReader.read(only(folder.resolve("train"))).get(1).values())
                .isEqualTo(Map.of("epoch_loss", 2f, "epoch_learning_rate", 0.125f));
        assertThat(folder.resolve("validation")).doesNotExist();
    }

    @Test
    void whateverAMetricIsCalledItComesBack() throws IOException {
        Map<String, Double> named = new LinkedHashMap<>();
        for (String name :
                List.of("\ud83d\ude00", "f1, \"macro\"", "new\nline", " ", "\u202e", "e\u0301", "x".repeat(300))) {
            named.put(name, 1.0);
        }
        try (EventFile file = EventFile.in(folder, clock)) {
            file.scalars(1, named);
        }
        assertThat(EventReader.read(only(folder)).get(1).values().keySet()).isEqualTo(named.keySet());
    }

    /** TensorBoard looks for {@code tfevents} and reads the files of a run in the order of their names. */
    @Test
    void aSecondLogOfTheSameSecondLeavesTheFirstAlone() throws IOException {
        EventFile first = EventFile.in(folder, clock);
        first.scalars(7, Map.of("tag", 1.0));
        first.close();
        EventFile.in(folder, clock).close();
        EventFile.in(folder, clock).close();
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.sorted().toList();
            assertThat(all).hasSize(3);
            String name = all.get(0).getFileName().toString();
            assertThat(name).matches("events\\.out\\.tfevents\\.1700000000\\..+");
            assertThat(all.get(1)).hasFileName(name + ".1");
            assertThat(all.get(2)).hasFileName(name + ".2");
            assertThat(EventReader.read(all.get(0))).hasSize(2);
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsRefusedAtOnce() throws IOException {
        Path file = Files.createFile(folder.resolve("logs"));
        assertThatThrownBy(() -> TensorBoardLog.to(file))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(file.resolve("train").toString())
                .hasMessageContaining(": cannot be written: ");
    }
}
