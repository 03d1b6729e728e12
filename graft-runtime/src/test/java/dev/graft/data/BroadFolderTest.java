package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.graft.testing.Folders;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system and a home are no sets of classes, and are not gone through to find that out. */
class BroadFolderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @SuppressWarnings("NullAway.Init")
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Path program;

    @BeforeEach
    void make() throws IOException {
        Folders.fill(
                root, "users/me/Desktop/a.jpg", "users/me/Documents/notes.txt", "users/me/.cache/x", "system/java/x");
        home = root.resolve("users/me");
        program = root.resolve("system/java");
    }

    private void refused(Path folder, String what) {
        Refusals.refused(
                () -> BroadFolder.refuse(folder, home, program),
                folder + ": " + what + "; give the folder in it that is meant");
    }

    @Test
    void theSystemAndHomesAreRefused() throws IOException {
        refused(root, "holds the system and its programs");
        refused(root.resolve("system"), "holds the system and its programs");
        refused(root.resolve("users"), "holds your home folder");
        refused(home, "is your home folder");
        refused(home.resolve("Desktop/.."), "is your home folder");
        refused(Files.createSymbolicLink(root.resolve("link"), home), "is your home folder");
    }

    @Test
    void whatLiesAtHomeOrElsewhereIsNot() throws IOException {
        Folders.fill(root, "users/other/cat/1.jpg", "users/mean/cat/1.jpg");
        for (String sound : new String[] {"users/me/Desktop", "users/other", "users/mean"}) {
            assertThatCode(() -> BroadFolder.refuse(root.resolve(sound), home, program))
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> BroadFolder.refuse(home, null, program)).doesNotThrowAnyException();
    }

    /** As in a container whose user's home is where the pictures are. */
    @Test
    void aHomeOfNothingButFoldersOfPicturesIsASet() throws IOException {
        Path only = root.resolve("data");
        Folders.fill(only, "cat/1.jpg", "dog/1.jpg", ".cache/x", "notes.txt");
        assertThatCode(() -> BroadFolder.refuse(only, only, program)).doesNotThrowAnyException();
    }

    @Test
    void everyListingOfThisSystemIsRefusedAtOnce() {
        Path all = Path.of(System.getProperty("java.home")).getRoot();
        String says = all + ": holds the system and its programs";
        Refusals.refused(() -> ImageFolder.read(all), says);
        Refusals.refused(() -> KnownFolder.read(all, List.of("cat")), says);
        Refusals.refused(() -> PictureFiles.below(all), says);
        Refusals.refused(() -> PictureFiles.requireBelow(all), says);
    }
}
