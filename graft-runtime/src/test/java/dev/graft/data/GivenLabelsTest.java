package dev.graft.data;

import static dev.graft.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.testing.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenLabelsTest {
    @TempDir
    private Path root;

    @BeforeEach
    void files() throws IOException {
        Folders.fill(root, "b/2.jpg", "a.png", "b/1.jpg", "notes.txt");
    }

    private List<String> names(PictureSet set) {
        return set.pictures().stream()
                .map(picture -> root.relativize(picture.path()).toString().replace('\\', '/') + "="
                        + set.className(picture) + picture.label())
                .toList();
    }

    @Test
    void oneLabelAPictureInTheOrderOfPaths() {
        PictureSet set = PictureSet.labelled(root, List.of("dog", "cat", "dog"));
        assertThat(set.classes()).containsExactly("cat", "dog");
        assertThat(names(set)).containsExactly("b/1.jpg=cat0", "a.png=dog1", "b/2.jpg=dog1");
        refused(() -> PictureSet.labelled(root, List.of("dog")), "3 pictures but 1 labels");
    }

    @Test
    void labelsByFile() {
        PictureSet set = PictureSet.labelled(root, Map.of("a.png", "x", "b/1.jpg", "y", "b/2.jpg", "x"));
        assertThat(names(set)).containsExactly("a.png=x0", "b/2.jpg=x0", "b/1.jpg=y1");
        refused(() -> PictureSet.labelled(root, Map.of("a.png", "x", "b/1.jpg", "y")), "2.jpg: has no label");
        refused(
                () -> PictureSet.labelled(root, Map.of("a.png", "x", "b/1.jpg", "y", "b/2.jpg", "x", "b/3.jpg", "x")),
                "no picture 'b/3.jpg'",
                "did you mean 'b/1.jpg'");
    }

    @Test
    void bothUnicodeFormsAreOneName() throws IOException {
        assumeTrue(Folders.canName("\u00E9"), "SKIPPED: this locale has no such letters");
        Folders.fill(root, "\u00E9.png");
        Map<String, String> labels =
                Map.of("a.png", "\u00E9", "b/1.jpg", "y", "b/2.jpg", "e\u0301", "e\u0301.png", "y");
        PictureSet set = PictureSet.labelled(root, labels);
        assertThat(set.countPerClass()).containsExactly(2, 2);
        assertThat(set.withClasses(List.of("\u00E9", "y")).countPerClass()).containsExactly(2, 2);
        refused(() -> set.withClasses(List.of("\u00E9", "e\u0301", "y")), "named twice");
    }

    @Test
    void classesInAGivenOrder() {
        PictureSet set = PictureSet.labelled(root, List.of("dog", "cat", "dog"));
        PictureSet turned = set.withClasses(List.of("dog", "fox", "cat"));
        assertThat(turned.classes()).containsExactly("dog", "fox", "cat");
        assertThat(names(turned)).containsExactly("a.png=dog0", "b/2.jpg=dog0", "b/1.jpg=cat2");
        refused(() -> set.withClasses(List.of("dog", "fox")), "class 'cat' of 1 pictures", "(dog, fox)");
        refused(() -> set.withClasses(List.of("dog", "cat", "dog")), "named twice");
    }

    @Test
    void aFolderWithoutPictures() throws IOException {
        Path empty = Files.createDirectory(root.resolve("empty"));
        refused(() -> PictureSet.labelled(empty, List.of()), "no pictures in it");
        refused(() -> PictureSet.labelled(root.resolve("none"), List.of()), "no such folder");
    }
}
