package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "SKIPPED: links and pipes are made otherwise there")
class RegularFileTest {
    @TempDir
    private Path root;

    private Path link(String name, String target) throws IOException {
        return Files.createSymbolicLink(root.resolve(name), Path.of(target));
    }

    @Test
    void aFileIsOneAlsoBehindLinks() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "x");
        link("one", "file");
        Path two = link("two", "one");
        assertThat(RegularFile.obstacle(file)).isEmpty();
        assertThat(RegularFile.obstacle(two)).isEmpty();
        assertThatCode(() -> RegularFile.require(two, "")).doesNotThrowAnyException();
    }

    @Test
    void whatElseThereIsIsNamed() throws IOException {
        assertThat(RegularFile.obstacle(root)).contains("a folder, not a file");
        assertThat(RegularFile.obstacle(root.resolve("none"))).contains("no such file");
        assertThat(RegularFile.obstacle(link("gone", "none"))).contains("a link to nowhere (none)");
        assertThat(RegularFile.obstacle(link("self", "self"))).contains("a circular link");
        link("round", "about");
        assertThat(RegularFile.obstacle(link("about", "round"))).contains("a circular link");
        Path device = Path.of("/dev/null");
        Assumptions.assumeTrue(Files.exists(device), "SKIPPED: there is no /dev/null");
        assertThat(RegularFile.obstacle(device)).contains("a device, not a file");
    }

    @Test
    void whatIsMissingIsLeftToWhoeverOpensIt() {
        assertThatCode(() -> RegularFile.require(root.resolve("none"), "")).doesNotThrowAnyException();
        Refusals.refused(
                () -> RegularFile.require(root, "give a file"), root + ": is a folder, not a file; give a file");
    }
}
