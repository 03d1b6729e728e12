package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testing.Folders;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of known classes, or a hint at the one that was meant. */
class KnownFolderTest {
    private static final List<String> CLASSES = List.of("cat", "dog");

    @TempDir
    private Path root;

    private void files(String... names) throws IOException {
        Folders.fill(root, names);
    }

    private void refused(Path folder, String... parts) {
        Refusals.refused(() -> KnownFolder.read(folder, CLASSES), parts);
    }

    @Test
    void partsAreOfferedAndNothingIsToBeRenamed() throws IOException {
        files("train/cat/1.jpg", "train/dog/1.jpg", "Test/cat/2.jpg", "pred/1.jpg");
        Refusals.refused(
                        () -> KnownFolder.read(root, CLASSES),
                        root + ": the folders of the classes lie further below; give one of " + root.resolve("Test")
                                + ", " + root.resolve("train"))
                .hasMessageNotContainingAny("rename", "remove");
    }

    @Test
    void partsOfASetThatHasClassesCalledLikeParts() throws IOException {
        files("train/train/1.jpg", "train/test/1.jpg", "test/train/2.jpg", "test/test/2.jpg");
        List<String> classes = List.of("test", "train");
        Refusals.refused(() -> KnownFolder.read(root, classes), "give one of " + root.resolve("test"));
        KnownFolder part = KnownFolder.read(root.resolve("test"), classes);
        assertThat(part.pictures().countPerClass()).containsExactly(1, 1);
    }

    @Test
    void levelsAboveAndBelow() throws IOException {
        files("data/pets/cat/1.jpg", "data/pets/dog/1.jpg", "data/readme.txt");
        refused(root, "give " + root.resolve("data/pets"));
        refused(root.resolve("data"), "give " + root.resolve("data/pets"));
        refused(root.resolve("data/pets/cat"), "is itself the folder of a class, 'cat'; give the folder above, ");
    }

    @Test
    void looseAndOtherFolders() throws IOException {
        files("cat/1.jpg", "dog/1.jpg", "dog/2.heic", "2.jpg", "annotations/a.xml", "@eaDir/x.jpg");
        KnownFolder known = KnownFolder.read(root, CLASSES);
        assertThat(known.pictures().countPerClass()).containsExactly(1, 1);
        assertThat(known.remarks())
                .hasSize(4)
                .contains("'annotations' is no class that is known and is left out (1 .xml)")
                .contains("passed over, as they are no pictures that are read: 1 .heic (HEIC, which is not read)")
                .anyMatch(remark -> remark.startsWith("1 picture lies directly in "))
                .anyMatch(remark -> remark.endsWith("passed over: @eaDir"));
        files("cats/1.jpg");
        refused(root, "its class 'cats' (1 picture) is not among", "'cat' may be meant");
    }
}
