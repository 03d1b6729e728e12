package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

    @Test
    void whatIsVerifiedTakesItsPlaceOnlyIfItIsSound() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "before");
        List<Path> seen = new ArrayList<>();
        WholeFile checked = WholeFile.at(file).namedBy("--out").verifiedBy(half -> {
            seen.add(half);
            assertThat(file).hasContent("before");
            if (!Files.readString(half).equals("sound")) {
                throw new GraftException("damaged");
            }
        });
        refused(() -> checked.write(text("broken")), "damaged");
        assertThat(file).hasContent("before");
        checked.write(text("sound"));
        assertThat(file).hasContent("sound");
        assertThat(seen).hasSize(2).allSatisfy(half -> assertThat(half).doesNotExist());
        assertThat(folder).isDirectoryNotContaining("glob:**half");
    }

    /** Relative ones, several in a row, and one whose file is not there yet: the links stay, the file behind is written. */
    @Test
    void theFileBehindLinksIsWritten() throws IOException {
        Path after = Files.createDirectory(folder.resolve("after")).resolve("file");
        Path other = Files.createSymbolicLink(folder.resolve("after/other"), Path.of("file"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("after/other"));
        for (String text : new String[] {"made", "replaced"}) {
            WholeFile.at(link).check();
            WholeFile.at(link).write(text(text));
            assertThat(after).hasContent(text).isRegularFile();
            assertThat(Files.isSymbolicLink(after)).isFalse();
            assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("after/other"));
            assertThat(Files.readSymbolicLink(other)).isEqualTo(Path.of("file"));
        }
        assertThat(folder).isDirectoryNotContaining("glob:**half");
        assertThat(after.getParent()).isDirectoryNotContaining("glob:**half");
    }

    @Test
    void linksThatLeadNowhereAreSaid() throws IOException {
        Path away = folder.resolve("away");
        Path lost = Files.createSymbolicLink(folder.resolve("lost"), away.resolve("file"));
        refused(
                WholeFile.at(lost)::check,
                lost + ": is a link to " + away.resolve("file") + ", but there is no folder " + away
                        + "; make it, or choose another place");
        Path circle = folder.resolve("circle");
        Files.createSymbolicLink(circle, Path.of("back"));
        Files.createSymbolicLink(folder.resolve("back"), Path.of("circle"));
        String line = circle + ": cannot be written: its links lead in a circle; choose another place";
        refused(WholeFile.at(circle)::check, line);
        refused(() -> WholeFile.at(circle).write(text("x")), line);
    }

    /** Neither through its own name nor through a link is what is no file renamed over. */
    @Test
    void descriptorsAndDevicesBehindLinksStay() throws IOException {
        for (String name : new String[] {"/proc/self/fd/1", "/dev/null"}) {
            assumeThat(Path.of(name)).as("SKIPPED: not on this system").exists();
            Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(name));
            assertThat(Destination.of(link).stream()).isTrue();
            assertThat(Destination.of(link).standard()).isEqualTo(name.endsWith("1") ? 1 : 0);
            String line = link + ": is no file that could be replaced; choose another place";
            refused(WholeFile.at(link)::check, line);
            refused(() -> WholeFile.at(link).write(text("x")), line);
            assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of(name));
            Files.delete(link);
        }
    }

    @Test
    void aReplacedFileHandsOnItsPermissions() throws IOException {
        assumeThat(folder.getFileSystem().supportedFileAttributeViews())
                .as("SKIPPED: no permissions on this system")
                .contains("posix");
        Path fresh = folder.resolve("fresh");
        WholeFile.at(fresh).write(text("x"));
        assertThat(Files.getPosixFilePermissions(fresh))
                .isEqualTo(Files.getPosixFilePermissions(Files.createFile(folder.resolve("usual"))));
        for (String mode : new String[] {"rw-------", "rw-rw-r--", "r--r-----"}) {
            Path file = Files.createFile(folder.resolve(mode));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            WholeFile.at(file).write(out -> {
                try (Stream<Path> halves = Files.list(folder)) {
                    Path half = halves.filter(path -> path.toString().endsWith(".half"))
                            .findFirst()
                            .orElseThrow();
                    assertThat(Files.getPosixFilePermissions(half)).isEqualTo(PosixFilePermissions.fromString(mode));
                }
            });
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString(mode));
        }
    }

    /** Root gives a file back to whom it belonged; nobody else can have replaced a stranger's. */
    @Test
    void aReplacedFileKeepsItsOwner() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try {
            Files.setAttribute(file, "unix:uid", 12_345);
            Files.setAttribute(file, "unix:gid", 23_456);
        } catch (IOException | UnsupportedOperationException e) {
            assumeThat(e).as("SKIPPED: only root gives files away").isNull();
        }
        WholeFile.at(file).write(text("x"));
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(12_345);
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(23_456);
    }

    @Test
    void whatAFileSystemRefusesIsSaidWithTheRemedy() {
        Path file = folder.resolve("n".repeat(252) + ".json");
        assertThatThrownBy(WholeFile.at(file).namedBy("--json")::check)
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(file + ": cannot be written: ")
                .hasMessageEndingWith("--json");
        assertThat(folder).isEmptyDirectory();
        WholeFile json = WholeFile.at(Path.of("x.json")).namedBy("--json");
        String start = "x.json: cannot be written: ";
        assertThat(json.failure(new FileSystemException("/a/.half", null, "File name too long")))
                .hasMessage(start + "File name too long; give a shorter name with --json");
        assertThat(json.failure(new FileSystemException("/a/.half", null, "Too many open files")))
                .hasMessage(start + "Too many open files; allow more (ulimit -n 4096) and run the command again");
        assertThat(json.failure(new FileSystemException("/a/.half", null, "Read-only file system")))
                .hasMessage(start + "Read-only file system; choose another place with --json");
        assertThat(json.failure(new IOException("Disk quota exceeded")))
                .hasMessage(start + "Disk quota exceeded; make room or allow it, or choose another place with --json");
    }

    @Test
    void aStreamIsNoPlaceForAFile() {
        refused(
                WholeFile.at(Path.of("-")).namedBy("--out")::check,
                "-: standard output cannot take this, which needs a file; give its name with --out");
        assertThat(Path.of("-")).doesNotExist();
    }

    private static WholeFile.Content text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(GraftException.class).hasMessage(message);
    }
}
