package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testing.HostileFolders;
import dev.graft.testing.HostileFolders.Hostile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each hostile folder goes through the commands of a user: done, or refused in one line; what is right of it the library's test says. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has neither such links nor such names")
class HostileFoldersTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    static List<Hostile> folders() {
        return HostileFolders.all();
    }

    @ParameterizedTest
    @MethodSource("folders")
    @Timeout(60)
    void everyCommandEndsWithAnAnswerOrOneLine(Hostile hostile) throws IOException {
        Path folder;
        try {
            folder = hostile.making().in(Files.createDirectory(temporary.resolve("set")));
        } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
            Assumptions.abort("this file system or locale cannot hold it: " + e);
            return;
        }
        Path model = temporary.resolve("model.graft");
        run("audit", folder, "--model=mobilenet_v3_small");
        Cli trained = run(
                "train",
                folder,
                "--recipe=head",
                "--head=mean",
                "--image-size=32",
                "--no-cache",
                "--threads=1",
                "--out",
                model);
        if (hostile.right().equals("refused")) {
            assertThat(trained.code()).as(trained.err()).isEqualTo(1);
        }
        // A model exists where training says so, and only there.
        assertThat(Files.exists(model)).as(trained.err()).isEqualTo(trained.code() == 0);
        if (trained.code() == 0) {
            run("evaluate", model, folder, "--threads=1");
            run("predict", model, folder, "--threads=1");
            run("export", model, "--onnx", temporary.resolve("model.onnx"));
        }
    }

    /** Runs a command: 0, or 1 and one line. */
    private static Cli run(Object... arguments) {
        Cli run = Cli.run(arguments);
        String all = Arrays.toString(arguments) + "\n" + run.out() + run.err();
        assertThat(run.code()).as(all).isIn(Set.of(0, 1));
        assertThat(run.err()).as(all).doesNotContain("unexpected", "Exception", "\tat ");
        if (run.code() == 1) {
            assertThat(run.err()
                            .lines()
                            .filter(line -> line.startsWith("graft: "))
                            .count())
                    .as(all)
                    .isPositive();
        }
        return run;
    }
}
