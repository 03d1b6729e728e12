package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    @Test
    void aFileIsMadeAndReplaced() throws IOException {
        Path file = folder.resolve("file");
        for (String text : new String[] {"a longer text", "short"}) {
            WholeFile.at(file).check();
            WholeFile.at(file).write(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
            assertThat(file).hasContent(text);
        }
        assertThat(folder).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**half");
    }

    @Test
    void nothingIsSeenBeforeItIsWhole() {
        Path file = folder.resolve("file");
        WholeFile.at(file).write(out -> {
            out.write(new byte[100_000]);
            assertThat(file).doesNotExist();
        });
        assertThat(file).hasSize(100_000);
    }

    /** The old file is whole, whatever hinders the new one. */
    @Test
    void aFailureLeavesTheFileAsItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "before");
        refused(
                () -> WholeFile.at(file).write(out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("No space left on device");
                }),
                file + ": cannot be written: No space left on device"
                        + "; make room or allow it, or choose another place");
        assertThat(file).hasContent("before");
        assertThat(folder).isDirectoryNotContaining("glob:**half");
    }

    @Test
    void aPlaceThatIsNoGoodIsSaidBeforeTheWork() throws IOException {
        Path missing = folder.resolve("none/file");
        refused(
                WholeFile.at(missing)::check,
                missing + ": there is no folder " + missing.getParent() + "; make it, or choose another place");
        refused(
                WholeFile.at(missing).namedBy("--out")::check,
                missing + ": there is no folder " + missing.getParent()
                        + "; make it, or choose another place with --out");
        refused(
                WholeFile.at(folder).namedBy("--out")::check,
                folder + ": is a folder; give the name of a file with --out");
        Path root = folder.getRoot();
        refused(WholeFile.at(root)::check, root + ": is a folder; give the name of a file");
        Path file = Files.createFile(folder.resolve("file"));
        Path below = file.resolve("file");
        refused(WholeFile.at(below)::check, below + ": " + file + " is a file, not a folder; choose another place");
        assertThat(folder).isDirectoryNotContaining("glob:**half");
    }

    /** What is written is read back before it takes its place. */
    @Test
    void whatDoesNotReadBackIsNotKept() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "before");
        WholeFile verified = WholeFile.at(file).verifiedBy(written -> {
            if (!read(written).equals("sound")) {
                throw new GraftException(file + ": is not what was written");
            }
        });
        refused(
                () -> verified.write(out -> out.write("broken".getBytes(StandardCharsets.UTF_8))),
                file + ": is not what was written");
        assertThat(file).hasContent("before");
        verified.write(out -> out.write("sound".getBytes(StandardCharsets.UTF_8)));
        assertThat(file).hasContent("sound");
        assertThat(folder).isDirectoryNotContaining("glob:**half");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aDeviceIsNotReplaced() {
        Path device = Path.of("/dev/null");
        assumeThat(device).as("SKIPPED: no devices on this system").exists();
        refused(WholeFile.at(device)::check, device + ": is no file that could be replaced; choose another place");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(GraftException.class).hasMessage(message);
    }
}
