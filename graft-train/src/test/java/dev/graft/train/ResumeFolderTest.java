package dev.graft.train;

import static dev.graft.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Points to resume from, on disk. */
class ResumeFolderTest {
    private static final int MUTANTS = 400;

    @TempDir
    Path parent;

    private static final TrainerState STATE = new TrainerState(
            Map.of("phase", "head", "epochs", "3"),
            new TrainerState.PhaseNumbers(
                    2,
                    5,
                    1.25,
                    Metrics.none(),
                    List.of(new History.Epoch(
                            1, new Metrics(0.1 + 0.2, Map.of("auc", 1 / 3.0)), Metrics.none(), 1e-3, 2)),
                    new BestEpoch.State(Double.NEGATIVE_INFINITY, 0, 0, 1, 0.1),
                    new Meter.State(12.345678901234567, 20, List.of(new double[] {7, 20}, new double[] {1e-300, -0.0})),
                    0.7,
                    12,
                    Map.of("fc.weight", 12L)),
            Map.of("weight/fc.weight", HostTensor.of(Shape.of(2, 2), 1, -0.0f, Float.MIN_VALUE, Float.NaN)));

    private Path folder() {
        return parent.resolve("resume");
    }

    private static ResumePoint point(int number) {
        return new ResumePoint(
                STATE,
                Map.of("number", Integer.toString(number), "data", "größe\n\"x\""),
                Map.of("probe", HostTensor.of(Shape.of(1), number)));
    }

    private int newest(List<String> damaged) {
        ResumePoint point = ResumeFolder.at(folder()).newest(damaged::add).orElseThrow();
        return (int) Objects.requireNonNull(point.tensors().get("probe")).get(0);
    }

    @Test
    void everyBitComesBack() {
        ResumeFolder.at(folder()).write(point(1));
        ResumePoint read = ResumeFolder.at(folder()).newest(damaged -> {}).orElseThrow();
        assertThat(read.facts()).isEqualTo(point(1).facts());
        TrainerState state = Objects.requireNonNull(read.state());
        assertThat(state.plan()).isEqualTo(STATE.plan());
        assertThat(state.phase()).isEqualTo("head");
        assertThat(state.tensors().keySet()).isEqualTo(STATE.tensors().keySet());
        assertThat(Objects.requireNonNull(state.tensors().get("weight/fc.weight"))
                        .sameBits(Objects.requireNonNull(STATE.tensors().get("weight/fc.weight"))))
                .isTrue();
        assertThat(state.numbers())
                .usingRecursiveComparison()
                .withEqualsForType((one, other) -> Double.compare(one, other) == 0, Double.class)
                .isEqualTo(STATE.numbers());
    }

    @Test
    void aPointBetweenPhasesHasNoState() {
        ResumeFolder.at(folder()).write(new ResumePoint(null, Map.of("done", "head"), Map.of()));
        ResumePoint read = ResumeFolder.at(folder()).newest(damaged -> {}).orElseThrow();
        assertThat(read.state()).isNull();
        assertThat(read.facts()).containsExactly(Map.entry("done", "head"));
    }

    @Test
    void theNewestTwoStayAndNothingElseIsTouched() throws IOException {
        assertThat(ResumeFolder.at(folder()).newest(damaged -> {})).isEmpty();
        for (int number = 1; number <= 11; number++) {
            // Another process each time.
            ResumeFolder.at(folder()).write(point(number));
            assertThat(newest(new ArrayList<>())).isEqualTo(number);
        }
        Files.createFile(folder().resolve("notes.txt"));
        Files.createFile(folder().resolve(".graft-0.half"));
        ResumeFolder.at(folder()).write(point(12));
        assertThat(names()).containsExactly("notes.txt", "resume-11.safetensors", "resume-12.safetensors");
        ResumeFolder.at(folder()).clear();
        assertThat(names()).containsExactly("notes.txt");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void ofADamagedNewestTheOneBeforeIsTaken() throws IOException {
        ResumeFolder.at(folder()).write(point(1));
        ResumeFolder.at(folder()).write(point(2));
        Path newest = folder().resolve("resume-2.safetensors");
        byte[] sound = Files.readAllBytes(newest);
        for (int cut : List.of(0, 5, 100, sound.length / 2, sound.length - 1)) {
            Files.write(newest, Arrays.copyOf(sound, cut));
            List<String> damaged = new ArrayList<>();
            assertThat(newest(damaged)).isEqualTo(1);
            assertThat(damaged).hasSize(1).allMatch(line -> line.contains("resume-2") && !line.contains("\n"));
        }
        byte[] flipped = sound.clone();
        flipped[sound.length - 3] ^= 1;
        Files.write(newest, flipped);
        List<String> damaged = new ArrayList<>();
        assertThat(newest(damaged)).isEqualTo(1);
        assertThat(damaged).containsExactly(newest + ": damaged: its content does not have the hash that it says");
        ResumeFolder.at(folder()).write(point(3));
        assertThat(newest(new ArrayList<>())).isEqualTo(3);
    }

    @Test
    void whereNoneIsWholeOneLineSaysWhy() throws IOException {
        ResumeFolder.at(folder()).write(point(1));
        ResumeFolder.at(folder()).write(point(2));
        Files.write(folder().resolve("resume-1.safetensors"), new byte[0]);
        Files.write(folder().resolve("resume-2.safetensors"), new byte[] {1, 2, 3});
        refused(
                () -> ResumeFolder.at(folder()).newest(damaged -> {}),
                folder() + ": nothing that could be resumed is whole: ",
                "resume-2.safetensors: ",
                "resume-1.safetensors: ",
                ". Begin again");
    }

    @Test
    void aFolderThatCannotBeMadeIsSaid() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        refused(() -> ResumeFolder.at(file.resolve("resume")).write(point(1)), "cannot be written");
    }

    /** No damage passes for a point, whatever it hits. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void damageIsAlwaysSeen(long seed) throws IOException {
        ResumeFolder.at(folder()).write(point(1));
        Path path = folder().resolve("resume-1.safetensors");
        byte[] sound = Files.readAllBytes(path);
        Random random = new Random(seed);
        Path mutant = parent.resolve("mutant.safetensors");
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] file = sound.clone();
            for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(128);
            }
            Files.write(mutant, file);
            try {
                ResumePoint read = ResumeFile.read(mutant);
                assertThat(read.facts()).as("seed %s, mutant %s", seed, i).isEqualTo(point(1).facts());
                assertThat(Objects.requireNonNull(read.state()).plan()).isEqualTo(STATE.plan());
            } catch (GraftException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(MUTANTS * 9 / 10);
    }
}
