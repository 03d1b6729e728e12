package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where Graft's folder is on machines whose homes are of no use. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there Java knows the home, and has no numbers of users")
class GraftHomeTest {
    @TempDir
    Path work;

    private Path home;
    private Path temporary;
    private Path fallback;

    @BeforeEach
    void folders() throws IOException {
        home = Files.createDirectory(work.resolve("home"));
        temporary = Files.createDirectory(work.resolve("tmp"));
        fallback = temporary.resolve("graft-" + Files.getAttribute(home, "unix:uid"));
    }

    @Test
    void theVariableCountsAndNotWhatJavaReadsInThePasswordFile() {
        assertThat(UserHome.of("/home/me", "/root")).isEqualTo(Path.of("/home/me"));
        assertThat(UserHome.of(null, "/root")).isEqualTo(Path.of("/root"));
        assertThat(UserHome.of("", "/root")).isEqualTo(Path.of("/root"));
        assertThat(UserHome.of("here", "/root")).isEqualTo(Path.of("/root"));
        assertThat(UserHome.of(null, "?")).isNull();
    }

    @Test
    void aHomeThatIsThereOrCanBeMadeIsUsedAndNothingIsMadeYet() {
        assertThat(GraftHome.of(home, temporary)).isEqualTo(home.resolve(".graft"));
        assertThat(GraftHome.of(home.resolve("new/er"), temporary)).isEqualTo(home.resolve("new/er/.graft"));
        assertThat(home).isEmptyDirectory();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void aFileInPlaceOfTheHomeOrOfItsFolderSendsToTheTemporaryFiles() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");
        assertThat(GraftHome.of(file, temporary)).isEqualTo(fallback);
        Files.writeString(home.resolve(".graft"), "");
        assertThat(GraftHome.of(home, temporary)).isEqualTo(fallback);
        assertThat(GraftHome.of(null, temporary)).isEqualTo(fallback);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fallback)))
                .isEqualTo("rwx------");
        assertThat(UserHome.below(temporary)).as("the second time").isEqualTo(fallback);
    }

    /** Natives are loaded from there: whoever can write there could run anything as this user. */
    @Test
    void aFolderThatOthersHavePreparedIsNotUsed() throws IOException {
        Path elsewhere = Files.createDirectory(work.resolve("elsewhere"));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(fallback, elsewhere);
        assertThat(UserHome.below(temporary)).as("a link").isNull();
        Files.delete(fallback);
        Files.createDirectory(fallback);
        Files.setPosixFilePermissions(fallback, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(UserHome.below(temporary)).as("writable for all").isNull();
        Files.delete(fallback);
        Files.writeString(fallback, "");
        assertThat(UserHome.below(temporary)).as("a file").isNull();
        assertThat(GraftHome.of(null, temporary)).as("still a name to say").isEqualTo(temporary.resolve("graft"));
    }

    @Test
    void whereThereAreNoTemporaryFilesTheHomeIsNamed() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");
        assertThat(GraftHome.of(file, work.resolve("missing"))).isEqualTo(file.resolve(".graft"));
    }
}
