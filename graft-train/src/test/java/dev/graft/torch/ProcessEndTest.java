package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process that is told to end while it computes. */
@Tag("slow")
class ProcessEndTest {
    /** Computes in one scope for a while, then opens another. */
    static final class Computing {
        private Computing() {}

        public static void main(String[] arguments) throws InterruptedException {
            Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> System.out.println(failure));
            try (var scope = Scope.open()) {
                System.out.println("computing");
                Thread.sleep(1000);
                Tensor.of(HostTensor.of(Shape.of(1), 1), Device.CPU).item();
                System.out.println("computed");
            }
            try (var scope = Scope.open()) {
                System.out.println("computing again");
            }
        }
    }

    @Test
    void theEndWaitsForTheStepAndLetsNoOtherBegin() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Computing.class.getName())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new ArrayList<>();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (line.equals("computing")) {
                    process.toHandle().destroy();
                }
            }
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).contains("computing", "computed").doesNotContain("computing again");
        assertThat(process.exitValue()).as("128 and SIGTERM").isEqualTo(143);
    }
}
