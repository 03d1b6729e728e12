package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.GraftException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How an example starts and ends. */
class ExampleTest {
    private final Printed out = new Printed();
    private final Printed err = new Printed();
    private final PrintStream console = System.out;
    private final PrintStream errors = System.err;

    @BeforeEach
    void take() {
        System.setOut(out.out);
        System.setErr(err.out);
    }

    @AfterEach
    void giveBack() {
        System.setOut(console);
        System.setErr(errors);
    }

    private static int execute(Example example, String... arguments) {
        return Example.execute(WorkflowOne.class, arguments, example);
    }

    @Test
    void getsItsOptions() {
        List<ExampleOptions> got = new ArrayList<>();
        assertThat(execute((options, to) -> got.add(options), "pictures", "--epochs", "3"))
                .isZero();
        assertThat(got).singleElement().satisfies(options -> {
            assertThat(options.folder).isEqualTo(Path.of("pictures"));
            assertThat(options.epochs(7)).isEqualTo(3);
            assertThat(options.imageSize(160)).isEqualTo(160);
        });
    }

    @Test
    void whatAUserCanMendIsOneLine() {
        int code = execute((options, to) -> {
            throw new GraftException("pictures: empty, expected one subfolder of pictures a class");
        });
        assertThat(code).isEqualTo(1);
        assertThat(err.text()).isEqualTo("WorkflowOne: pictures: empty, expected one subfolder of pictures a class\n");
    }

    @Test
    void aFileThatFailsIsOneLineToo() {
        int code = execute((options, to) -> {
            throw new IOException("disk full");
        });
        assertThat(code).isEqualTo(1);
        assertThat(err.text()).isEqualTo("WorkflowOne: disk full\n");
    }

    @Test
    void aWrongArgumentRunsNothing() {
        int code = execute((options, to) -> to.println("ran"), "--epoch", "3");
        assertThat(code).isEqualTo(2);
        assertThat(err.text()).contains("Unknown option: '--epoch'").contains("Possible solutions: --epochs");
        assertThat(out.text()).isEmpty();
    }

    @Test
    void helpRunsNothing() {
        int code = execute((options, to) -> to.println("ran"), "--help");
        assertThat(code).isZero();
        assertThat(out.text()).startsWith("Usage: examples/run WorkflowOne").doesNotContain("ran");
    }
}
