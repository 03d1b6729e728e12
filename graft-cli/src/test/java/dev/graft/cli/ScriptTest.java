package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code graft}, with programs in place of Java and Maven that only say how they were called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has a script of its own")
class ScriptTest {
    private static final Path SCRIPT = Path.of("..", "graft");

    private static final String JAVA = """
            #!/bin/sh
            case "$*" in *ArchiveClassesAtExit*) exit 1 ;; esac
            echo "charmap $(locale charmap 2>&1)"
            echo "messages ${LC_MESSAGES-}"
            printf '<%s>' "$@"
            echo
            """;

    private static final String MAVEN = """
            #!/bin/sh
            echo built >>"$BUILDS"
            echo built >"$JAR"
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    private Path root;
    private Path bin;

    private record Ran(int code, String out) {}

    @BeforeEach
    void install() throws IOException {
        Assumptions.assumeTrue(Files.exists(SCRIPT), "SKIPPED: no script beside the module");
        bin = Files.createDirectories(work.resolve("jdk/bin"));
        Files.writeString(work.resolve("jdk/release"), "JAVA_RUNTIME_VERSION=\"17.0.15+6-x\"\n");
        program("java", JAVA);
        program("javac", "#!/bin/sh\n");
        program("npm", "#!/bin/sh\n");
        program("mvn", MAVEN);
        root = install("root");
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.writeString(bin.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A checkout with its sources, not built yet. */
    private Path install(String name) throws IOException {
        Path folder = Files.createDirectories(work.resolve(name));
        Files.copy(SCRIPT, folder.resolve("graft"));
        Files.createDirectories(folder.resolve(".mvn"));
        Files.createDirectories(folder.resolve("graft-cli/src/main"));
        Files.createDirectories(folder.resolve("graft-cli/target/lib"));
        for (String file : List.of("pom.xml", "graft-cli/pom.xml", "graft-cli/src/main/Some.java")) {
            Files.writeString(folder.resolve(file), "some");
        }
        return folder;
    }

    private Ran run(String... settings) throws IOException, InterruptedException {
        return runIn(root, "", settings);
    }

    private Ran runIn(Path folder, String before, String... settings) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-c", before + "exec \"$0\" predict x", folder + "/graft");
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("LC_") || name.startsWith("LANG"));
        environment.remove("TMPDIR");
        environment.put("JAVA_HOME", work.resolve("jdk").toString());
        environment.put("PATH", bin + ":" + System.getenv("PATH"));
        environment.put("BUILDS", work.resolve("builds").toString());
        environment.put("JAR", folder.resolve("graft-cli/target/graft-cli.jar").toString());
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            environment.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        Process process = builder.redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out);
    }

    private long builds() throws IOException {
        Path file = work.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    /** None, those of old programs, ones that are not installed, and one category that spoils all others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X=",
                "LANG=C.UTF-8",
                "LC_ALL=C",
                "LC_ALL=POSIX",
                "LANG=xx_YY.UTF-8",
                "LC_ALL=xx_YY.ISO-8859-1",
                "LC_CTYPE=C LANG=C.UTF-8",
                "LC_TIME=xx_YY.UTF-8 LANG=C.UTF-8",
                "LC_ALL= LANG=C"
            })
    void everyLocaleBecomesOneThatNamesAllFiles(String settings) throws Exception {
        Assumptions.assumeTrue(
                runIn(root, "locale charmap; ", "LC_ALL=C.UTF-8").out().startsWith("UTF-8"),
                "SKIPPED: no locale C.UTF-8 here");
        assertThat(run(settings.split(" ")).out()).contains("charmap UTF-8\n");
    }

    @Test
    void whatTheUserChoseForMessagesStays() throws Exception {
        assertThat(run("LC_ALL=POSIX").out()).contains("messages POSIX\n");
        assertThat(run("LC_CTYPE=C", "LC_MESSAGES=POSIX").out()).contains("messages POSIX\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"with space", "q'uo\"te", "do$llar", "pct%20", "semi;colon", "hash#", "-dash", "{x}[y]*", "a\\b"
            })
    void theFolderMayHaveAnyName(String name) throws Exception {
        Path there = install(name);
        Ran ran = runIn(there, "");
        assertThat(ran.out())
                .endsWith("<-jar><" + there.toRealPath() + "/graft-cli/target/graft-cli.jar><predict><x>\n");
        assertThat(ran.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"co:lon", "bang!", "bang!/below"})
    void aNameThatJavaTakesForItsOwnIsRefused(String name) throws Exception {
        Ran ran = runIn(install(name), "");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .startsWith("graft: ")
                .contains("Rename the folder")
                .hasLineCount(1);
    }

    @Test
    void aSourceDatedInTheFutureIsBuiltOnceAndAgainWhenItChanges() throws Exception {
        Path source = root.resolve("graft-cli/src/main/Some.java");
        FileTime future = FileTime.from(Instant.now().plus(Duration.ofDays(2)));
        Files.setLastModifiedTime(source, future);
        Files.setLastModifiedTime(source.getParent(), future);
        run();
        run();
        assertThat(builds()).isEqualTo(1);
        Files.writeString(source, "changed");
        Files.setLastModifiedTime(source, future);
        run();
        run();
        assertThat(builds()).isEqualTo(2);
        Files.writeString(source.resolveSibling("Other.java"), "new");
        Files.setLastModifiedTime(source.getParent(), future);
        run();
        run();
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void whatCannotBeBuiltRunsAsItIs() throws Exception {
        run();
        Files.setLastModifiedTime(
                root.resolve("pom.xml"), FileTime.from(Instant.now().plus(Duration.ofDays(2))));
        Path target = root.resolve("target");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            Assumptions.assumeFalse(Files.isWritable(target), "SKIPPED: this user (root?) may write everywhere");
            assertThat(run().out()).contains("no permission to build", "<predict><x>");
        } finally {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void fewFileHandlesAreRefusedInOneLine() throws Exception {
        run();
        Ran ran = runIn(root, "ulimit -n 32; ");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .startsWith("graft: only 32 files")
                .contains("ulimit -n 1024")
                .hasLineCount(1);
    }

    @Test
    void temporaryFilesGoWhereTheVariableSaysAndThatIsOfUse() throws Exception {
        run();
        Path there = Files.createDirectory(work.resolve("tmp with space"));
        assertThat(run("TMPDIR=" + there).out()).contains("<-Djava.io.tmpdir=" + there + ">");
        assertThat(run("TMPDIR=" + work.resolve("missing")).out()).doesNotContain("missing");
        assertThat(run().out()).doesNotContain("tmpdir");
        assertThat(run("TMPDIR=" + there, "GRAFT_JAVA_OPTS=-Djava.io.tmpdir=/other")
                        .out())
                .as("the last one counts")
                .containsSubsequence("<-Djava.io.tmpdir=" + there + ">", "<-Djava.io.tmpdir=/other>");
    }
}
