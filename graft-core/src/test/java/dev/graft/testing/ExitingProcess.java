package dev.graft.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A process that calls {@code System.exit} while threads of it work. A hook that takes its time lets them go on after the
 * libraries' own hooks have run, so that what those pull away is missed for certain and not once in a while.
 */
public final class ExitingProcess {
    private static final int CODE = 3;
    private static final int THREADS = 4;
    private static final int ROUNDS_BEFORE = 20;
    private static final int HOOK_MILLIS = 300;

    private ExitingProcess() {}

    /** For the {@code main} of such a process: works on threads without an end, and leaves in the middle. */
    public static void workAndExit(Runnable step) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> pause(HOOK_MILLIS)));
        List<Thread> threads = IntStream.range(0, THREADS)
                .mapToObj(i -> new Thread(() -> work(step, ROUNDS_BEFORE)))
                .toList();
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> work(step, Integer.MAX_VALUE));
            thread.setDaemon(true);
            thread.start();
        }
        pause(20);
        System.exit(CODE);
    }

    private static void work(Runnable step, int rounds) {
        for (int i = 0; i < rounds; i++) {
            step.run();
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Runs the process: it ends with the code that it asked for, and says nothing.
     *
     * @param main a class whose {@code main} calls {@link #workAndExit}
     * @param folder where a virtual machine that crashes leaves its report
     */
    public static void endsQuietly(Class<?> main, Path folder, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        // What this JVM was allowed, the other one needs too, or newer JDKs warn: natives.
        command.addAll(
                1,
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(argument -> argument.startsWith("--"))
                        .toList());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        List<String> lines;
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            lines = out.lines().filter(line -> !isOfTheJdk(line)).toList();
        } finally {
            process.toHandle().destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).isEmpty();
        assertThat(process.exitValue()).isEqualTo(CODE);
    }

    /** JDKs from 24 on warn of native access; JVMs tell of options that they picked up. */
    private static boolean isOfTheJdk(String line) {
        return line.startsWith("WARNING: ") || line.startsWith("Picked up ");
    }
}
