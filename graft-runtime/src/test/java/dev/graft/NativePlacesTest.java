package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where natives are unpacked on machines whose folders do not allow it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such mounts, and another folder for temporary files")
class NativePlacesTest {
    private static final String LIBRARY = "library.so";

    @TempDir
    Path work;

    private final String homeBefore = System.getProperty("graft.home");
    private final String temporaryBefore = System.getProperty("java.io.tmpdir");
    private Path home;
    private Path fallback;

    @BeforeEach
    void folders() throws IOException {
        home = Files.createDirectory(work.resolve("home"));
        Path temporary = Files.createDirectory(work.resolve("tmp"));
        fallback = temporary.resolve("graft-" + Files.getAttribute(home, "unix:uid"));
        System.setProperty("graft.home", home.toString());
        System.setProperty("java.io.tmpdir", temporary.toString());
    }

    @AfterEach
    void restore() {
        System.setProperty("java.io.tmpdir", temporaryBefore);
        if (homeBefore == null) {
            System.clearProperty("graft.home");
        } else {
            System.setProperty("graft.home", homeBefore);
        }
    }

    /** A library that is one file, and a disk on which some folder is full. */
    private record One(@Nullable Path full) implements NativePlaces.Unpacking {
        @Override
        public boolean isDone(Path folder) {
            return Files.isExecutable(folder.resolve(LIBRARY));
        }

        @Override
        public void into(Path folder) throws IOException {
            if (full != null && folder.startsWith(full)) {
                throw new IOException("No space left on device");
            }
            Path file = Files.writeString(folder.resolve(LIBRARY), "library");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
    }

    private Path unpacked() {
        return NativePlaces.unpacked("one-1.0", new One(null));
    }

    @Test
    void graftsHomeIsFirst() {
        assertThat(unpacked()).isEqualTo(home.resolve("natives/one-1.0")).isDirectoryContaining("glob:**.so");
        assertThat(fallback).as("not needed, so not made").doesNotExist();
    }

    @Test
    void aFileInTheWayOrAFullDiskSendsToTheTemporaryFiles() throws IOException {
        assertThat(NativePlaces.unpacked("one-1.0", new One(home))).isEqualTo(fallback.resolve("natives/one-1.0"));
        Path file = Files.writeString(work.resolve("file"), "");
        System.setProperty("graft.home", file.toString());
        assertThat(unpacked()).isEqualTo(fallback.resolve("natives/one-1.0"));
    }

    @Test
    void whatIsThereIsUsedAlsoWhereNothingMayBeWritten() throws IOException {
        Path there = unpacked();
        System.setProperty("java.io.tmpdir", work.resolve("missing").toString());
        assertThat(NativePlaces.unpacked("one-1.0", new One(home))).isEqualTo(there);
    }

    @Test
    void whereNoPlaceIsLeftEachIsNamedWithItsReasonInOneLine() throws IOException {
        Path file = Files.writeString(work.resolve("file"), "");
        System.setProperty("graft.home", file.toString());
        System.setProperty("java.io.tmpdir", work.resolve("missing").toString());
        assertThatThrownBy(this::unpacked)
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll(
                        file + "/natives cannot be written",
                        work.resolve("missing") + " has no place",
                        "GRAFT_HOME=FOLDER",
                        "-Djava.io.tmpdir=FOLDER")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
    }

    /** The real thing, where this user may mount. */
    @Test
    void aFileSystemWithoutProgramsSendsToTheTemporaryFiles() throws Exception {
        Assumptions.assumeTrue(
                mount("mount", "-t", "tmpfs", "-o", "noexec,size=1m", "none", home.toString()),
                "SKIPPED: this user may not mount");
        try {
            assertThat(NativePlaces.refusal(home)).isEqualTo("holds no programs (mounted noexec)");
            assertThat(unpacked()).isEqualTo(fallback.resolve("natives/one-1.0"));
        } finally {
            assertThat(mount("umount", home.toString())).isTrue();
        }
        assertThat(NativePlaces.refusal(home)).isNull();
    }

    private static boolean mount(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatTheLinkerSaysIsPutInOurWords() {
        assertThat(failure("libx.so: failed to map segment from shared object")).contains("noexec", "GRAFT_HOME");
        assertThat(failure("Error loading shared library ld-linux-x86-64.so.2")).contains("GNU C library", "Alpine");
        assertThat(failure("libx.so: cannot open shared object file: Too many open files"))
                .contains("ulimit -n");
        assertThat(failure("libx.so: cannot allocate memory in static TLS block"))
                .contains("ulimit -v");
        assertThat(failure("who knows")).isEqualTo("OpenCV cannot be loaded: who knows; try another platform");
    }

    private static String failure(String innermost) {
        Throwable cause = new ExceptionInInitializerError(new UnsatisfiedLinkError(innermost));
        return String.valueOf(
                NativePlaces.failure("OpenCV", cause, "try another platform").getMessage());
    }
}
