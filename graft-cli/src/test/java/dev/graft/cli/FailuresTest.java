package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private String message(Throwable failure) {
        return Failures.message(failure, "train x", new GraftHome(temporary));
    }

    @Test
    void ourOwnMessagesAreShownInOneLineWithoutControlCharacters() {
        assertThat(message(new GraftException("a\nb\u001b[2J"))).isEqualTo("a?b?[2J");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void whatNobodyExpectedGoesIntoAFile() throws IOException {
        String message = message(new IllegalStateException("boom"));
        assertThat(message)
                .startsWith("unexpected: java.lang.IllegalStateException: boom; please report it with the file ")
                .doesNotContain("\n");
        String report = Files.readString(Path.of(message.substring(message.lastIndexOf(' ') + 1)));
        assertThat(report).startsWith("graft train x\nversion ").contains("at dev.graft.cli.FailuresTest");
    }

    @Test
    void memoryAndDiskHaveTheirOwnLines() {
        assertThat(message(new IllegalStateException(new OutOfMemoryError("Java heap space"))))
                .startsWith("out of memory")
                .contains("--batch", "GRAFT_JAVA_OPTS");
        var full = new FileSystemException("x", null, "No space left on device");
        assertThat(message(new UncheckedIOException(full)))
                .startsWith("the disk is full")
                .contains("free some space");
    }
}
