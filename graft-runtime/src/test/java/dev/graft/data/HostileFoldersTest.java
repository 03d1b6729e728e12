package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testing.HostileFolders;
import dev.graft.testing.HostileFolders.Hostile;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders as people have them give the classes that they mean, or a clear word. */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "SKIPPED: other file systems know fewer names")
class HostileFoldersTest {
    @TempDir
    private Path root;

    /** JUnit warns of links out of its folder when it empties that. */
    @AfterEach
    void removeTheDevice() throws IOException {
        Files.deleteIfExists(root.resolve("cat/zero.png"));
    }

    static List<Hostile> folders() {
        return HostileFolders.all();
    }

    @Test
    void thereAreEnough() {
        assertThat(folders()).hasSizeGreaterThanOrEqualTo(60);
        assertThat(folders()).extracting(Hostile::name).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("folders")
    void eachGivesWhatIsRight(Hostile hostile) throws IOException {
        Path folder = made(hostile);
        if (hostile.right().equals("refused")) {
            Refusals.refused(() -> ImageFolder.read(folder), hostile.says().toArray(String[]::new));
            return;
        }
        LabelledPictures read = ImageFolder.read(folder);
        assertThat(described(read)).isEqualTo(hostile.right());
        String said = String.join("\n", read.remarks()) + "\n" + OtherFiles.text(read.ignored());
        if (hostile.says().isEmpty()) {
            assertThat(said).isBlank();
        } else {
            assertThat(said).contains(hostile.says());
        }
    }

    private Path made(Hostile hostile) {
        try {
            return hostile.making().in(root);
        } catch (IOException | IllegalArgumentException unsupported) {
            boolean here =
                    unsupported instanceof FileSystemException || unsupported instanceof IllegalArgumentException;
            Assumptions.assumeFalse(here, "SKIPPED: such a folder cannot be made here: " + unsupported);
            throw new IllegalStateException(unsupported);
        }
    }

    private static String described(LabelledPictures folder) {
        return counts("", folder.train()) + counts(" | val ", folder.validation()) + counts(" | test ", folder.test());
    }

    private static String counts(String before, @Nullable PictureSet set) {
        return set == null
                ? ""
                : before
                        + IntStream.range(0, set.classes().size())
                                .mapToObj(label -> set.classes().get(label) + "=" + set.countPerClass()[label])
                                .collect(Collectors.joining(" "));
    }
}
