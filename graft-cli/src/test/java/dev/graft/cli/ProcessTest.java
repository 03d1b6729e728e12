package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own shows: signals, and which classes are loaded. */
class ProcessTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private Process start(List<String> jvm, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // What this JVM was allowed, the other one needs too: natives, on newer JDKs.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(command::add);
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.graft.cli.Main"));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(temporary.toFile());
        // A JVM says that it picked this up, among what the command prints.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** A signal that asks to end: {@code SIGTERM}, handled as Ctrl-C is, which a shell may have told us to ignore. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process cannot be asked to end there")
    @Timeout(60)
    void aSignalEndsTheRunWithTheBestWeightsSaved() throws Exception {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 8);
        Path model = temporary.resolve("model.graft");
        Path json = temporary.resolve("train.json");
        Process process = start(
                List.of(),
                "train",
                pictures,
                "--epochs",
                1_000_000,
                "--cache",
                temporary.resolve("cache"),
                "--out",
                model,
                "--json",
                json);
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines = reader(process)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                if (line.contains("epoch       5/1000000")) {
                    // Not Process.destroy, which closes the streams too.
                    process.toHandle().destroy();
                }
            }
        }
        assertThat(process.waitFor()).as(output.toString()).isEqualTo(128 + 15);
        assertThat(output)
                .contains("Stopping; the best weights so far will be saved")
                .contains("stopped after")
                .contains("the best weights so far")
                .doesNotContain("Phase 2, fine-tune");
        assertThat(Bundle.read(model).labels()).containsExactly("discs", "stripes");
        assertThat(Files.readString(json)).contains("\"stopped\" : true");
    }

    /** While it starts or looks at the pictures: there is nothing to save yet. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process cannot be asked to end there")
    @Timeout(60)
    void aSignalBeforeTheTrainingEndsTheRunWithItsNumberToo() throws Exception {
        Path model = temporary.resolve("model.graft");
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 400);
        Process process = start(List.of(), "train", pictures, "--out", model, "--no-cache");
        process.toHandle().destroy();
        try (BufferedReader lines = reader(process)) {
            assertThat(lines.lines().toList()).noneMatch(line -> line.contains("unexpected"));
        }
        assertThat(process.waitFor()).isEqualTo(128 + 15);
        assertThat(model).doesNotExist();
    }

    /** JavaCPP would refuse to go on where the process takes three times the heap, as libtorch alone does. */
    @Test
    @Timeout(120)
    void aSmallHeapIsEnough() throws Exception {
        Path model = temporary.resolve("model.graft");
        Process process = start(
                List.of("-Xmx64m"),
                "train",
                Drawings.folder(temporary.resolve("drawings"), 12),
                "--no-cache",
                "--recipe=last",
                "--fine-tune-epochs=1",
                "--out",
                model);
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines = reader(process)) {
            lines.lines().forEach(line -> output.append(line).append('\n'));
        }
        assertThat(process.waitFor()).as(output.toString()).isZero();
        assertThat(model).exists();
    }

    /** Killed in the head, in the pass before fine-tuning and in an epoch of it: each time it goes on, to the same bytes. */
    @Test
    @Timeout(180)
    void aKilledRunGoesOnToTheSameModel() throws Exception {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 12);
        Path whole = temporary.resolve("whole.graft");
        Path model = temporary.resolve("model.graft");
        Path resume = temporary.resolve("model.graft.resume");
        assertThat(Cli.run(training(pictures, whole)).code()).isZero();
        killed(training(pictures, model), "Phase 1, head");
        assertThat(Cli.run(resuming(pictures, model)).err()).contains("no interrupted run to resume");
        killed(training(pictures, model), "Phase 2, fine-tune", "epoch 1/3");
        assertThat(resume).isDirectory();
        assertThat(model).doesNotExist();
        killed(resuming(pictures, model), "epoch 2/3");
        Cli other = Cli.run(with(resuming(pictures, model), "--label-smoothing=0.1"));
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("cannot be resumed: label_smoothing was 0.0, is 0.1. Give what it was given");
        Cli end = Cli.run(resuming(pictures, model));
        assertThat(end.err()).isEmpty();
        assertThat(end.code()).isZero();
        assertThat(resume).doesNotExist();
        assertThat(model).hasBinaryContent(Files.readAllBytes(whole));
    }

    private Object[] training(Path pictures, Path model) {
        return new Object[] {
            "train",
            pictures,
            "--fine-tune-epochs=3",
            "--unfreeze=features.9",
            "--patience=3",
            "--batch=4",
            "--cache",
            temporary.resolve("cache"),
            "--out",
            model
        };
    }

    private Object[] resuming(Path pictures, Path model) {
        return with(training(pictures, model), "--resume");
    }

    private static Object[] with(Object[] arguments, String more) {
        Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = more;
        return all;
    }

    /** Runs until it has printed these, one after the other, and kills it then, without a chance to do anything. */
    private void killed(Object[] arguments, String... printed) throws Exception {
        Process process = start(List.of(), arguments);
        int next = 0;
        try (BufferedReader lines = reader(process)) {
            for (String line = lines.readLine(); line != null && next < printed.length; line = lines.readLine()) {
                next += line.contains(printed[next]) ? 1 : 0;
                if (next == printed.length) {
                    // Not Process.destroyForcibly, which closes the streams too.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(next).as("how much of " + List.of(printed) + " was printed").isEqualTo(printed.length);
        assertThat(process.waitFor()).isEqualTo(128 + 9);
    }

    /** Where no option names the model, it goes by the folder's name, or is the demo's. */
    @Test
    @Timeout(60)
    void aFileOfTheModelsNameIsSparedToo() throws Exception {
        for (String command : List.of("train flowers", "demo", "demo --json=demo.graft")) {
            Path file = temporary.resolve(command.startsWith("demo") ? "demo.graft" : "flowers.graft");
            Files.writeString(file, "years of work");
            Process process = start(List.of(), (Object[]) command.split(" "));
            String option = command.startsWith("demo") ? "work in another folder" : "choose another name with --out";
            try (BufferedReader lines = reader(process)) {
                assertThat(lines.readLine())
                        .isEqualTo(
                                command.contains("json")
                                        ? "graft: demo.graft: --json and the model name one file; give them names of"
                                                + " their own"
                                        : "graft: " + file.getFileName() + ": exists and is not a Graft model that"
                                                + " could be replaced; " + option + ", or remove it");
            }
            assertThat(process.waitFor()).isEqualTo(command.contains("json") ? 2 : 1);
            assertThat(file).hasContent("years of work");
        }
    }

    @Test
    @Timeout(60)
    void predictionNeverLoadsLibtorch() throws Exception {
        Path log = temporary.resolve("classes.txt");
        Process process = start(List.of("-Xlog:class+load:file=" + log), "warm-up");
        try (BufferedReader lines = reader(process)) {
            assertThat(lines.lines()).isEmpty();
        }
        assertThat(process.waitFor()).isZero();
        String classes = Files.readString(log);
        assertThat(classes).contains("dev.graft.bundle.Classifier");
        assertThat(classes).doesNotContain("org.bytedeco.pytorch", "dev.graft.torch.Torch");
    }

    @Test
    @Timeout(60)
    void theProcessHasTheExitCodeOfItsCommand() throws Exception {
        Process process = start(List.of(), "predict", temporary.resolve("missing.graft"), "x.jpg");
        try (BufferedReader lines = reader(process)) {
            assertThat(lines.lines()).hasSize(1).allSatisfy(line -> assertThat(line)
                    .startsWith("graft: "));
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
    }
}
