package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.Sha256;
import dev.graft.model.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed at whatever moment, and go on. */
@Tag("slow")
class KilledTest {
    private static final ResumeCase KIND = ResumeCase.ADAM_W_MEANS;
    private static final Phase PHASE =
            Phase.of("long", 40).ema(0.9).accumulate(2).cosine();
    private static final int[] LINES_BEFORE_KILLS = {1, 9, 26};

    /** Trains until it is killed: goes on from what is in the folder, and says a line after each file. */
    static final class Training {
        private Training() {}

        public static void main(String[] arguments) {
            ResumeFolder folder = ResumeFolder.at(Path.of(arguments[0]));
            Network network = ResumeCase.network(1);
            try (Trainer trainer = KIND.trainer(network)) {
                folder.newest(damaged -> {}).map(ResumePoint::state).ifPresent(trainer::resume);
                trainer.keep(StateKeeper.every(Duration.ZERO, state -> {
                    folder.write(ResumePoint.of(state));
                    System.out.println("kept " + state.epoch() + " " + state.batches());
                }));
                trainer.fit(ResumeCase.training(), ResumeCase.validation(), PHASE);
            }
            System.out.println("ended " + hash(network));
        }
    }

    private static String hash(Network network) {
        var digest = Sha256.digest();
        network.weights().forEach((name, weight) -> TensorHash.update(digest, name, weight));
        return Sha256.hex(digest);
    }

    @TempDir
    Path folder;

    @Test
    void aKilledTrainingEndsInTheSameBits() throws IOException, InterruptedException {
        Network whole = ResumeCase.network(1);
        try (Trainer trainer = KIND.trainer(whole)) {
            trainer.fit(ResumeCase.training(), ResumeCase.validation(), PHASE);
        }
        String last = "";
        for (int lines : LINES_BEFORE_KILLS) {
            String now = train(lines);
            assertThat(now).startsWith("kept ").isNotEqualTo(last);
            last = now;
        }
        assertThat(train(Integer.MAX_VALUE)).isEqualTo("ended " + hash(whole));
    }

    /** Runs a process and kills it after so many lines, or a moment later; its last line. */
    private String train(int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Training.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = "";
        int seen = 0;
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = line;
                if (++seen == lines) {
                    // SIGKILL, while the next step or the next file is in the making.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.toHandle().destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return last;
    }
}
