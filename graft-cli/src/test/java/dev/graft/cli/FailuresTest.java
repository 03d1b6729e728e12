package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private String message(Throwable failure) {
        return Failures.message(failure, "train x", new GraftHome(temporary));
    }

    @Test
    void ourOwnMessagesAreShownInOneLineWithoutControlCharacters() {
        assertThat(message(new GraftException("a\nb\u001b[2J"))).isEqualTo("a\\u000Ab\\u001B[2J");
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

    /** As JDK 17 and 25, and JavaCPP, say it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Java heap space                                        | of heap                 | -Xmx4g
            GC overhead limit exceeded                             | of heap                 | -Xmx4g
            unable to create native thread: possibly out of memory | no more threads         | --threads
            Metaspace                                              | for classes             | MaxMetaspaceSize
            Compressed class space                                 | for classes             | MaxMetaspaceSize
            Cannot reserve 9 bytes of direct buffer memory         | beside the heap         | MaxDirectMemorySize
            Direct buffer memory                                   | beside the heap         | MaxDirectMemorySize
            Physical memory usage is too high: physicalBytes = 1G  | org.bytedeco.javacpp    | allow more
            Failed to allocate memory within limits: totalBytes    | org.bytedeco.javacpp    | allow more
            Map failed                                             | system gives no more    | ulimit -v
            """)
    void everyKindOfMemoryHasItsRemedy(String said, String what, String remedy) {
        assertThat(message(new IllegalStateException(new OutOfMemoryError(said))))
                .contains(what, remedy);
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void openFilesAndNamesOfAnotherLocaleHaveTheirOwnLinesToo() {
        var open = new FileSystemException("x", null, "Too many open files");
        assertThat(message(new UncheckedIOException(open))).contains("ulimit -n 1024");
        assertThat(message(new InvalidPathException("b\ufffdr", "Malformed input")))
                .contains("LC_ALL=C.UTF-8");
        assertThat(temporary).isEmptyDirectory();
    }
}
