package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.testing.Folders;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    @TempDir
    private Path root;

    private void files(String... names) throws IOException {
        Folders.fill(root, names);
    }

    private List<String> names(PictureSet set) {
        return set.pictures().stream()
                .map(picture -> root.relativize(picture.path()).toString() + "=" + picture.label())
                .toList();
    }

    private static void refused(Path folder, String... parts) {
        Refusals.refused(() -> ImageFolder.read(folder), parts);
    }

    @Test
    void oneSubfolderAClass() throws IOException {
        files("dog/b.jpg", "dog/a.PNG", "cat/deep/er/z.webp", "cat/a.jpeg", "cat/.hidden.jpg", "cat/Thumbs.db");
        files("__MACOSX/cat/a.jpg", ".cache/a.jpg", "cat/.git/a.jpg", "cat/notes.txt", "dog/film.mp4", "dog/readme");
        LabelledPictures folder = ImageFolder.read(root);
        assertThat(folder.classes()).containsExactly("cat", "dog");
        assertThat(names(folder.train()))
                .containsExactly("cat/a.jpeg=0", "cat/deep/er/z.webp=0", "dog/a.PNG=1", "dog/b.jpg=1");
        assertThat(folder.train().countPerClass()).containsExactly(2, 2);
        assertThat(folder.ignored()).containsOnlyKeys("txt", "mp4", "");
        assertThat(folder.validation()).isNull();
    }

    @Test
    void partsInTheFolder() throws IOException {
        files("train/a/1.jpg", "train/a/2.jpg", "train/b/1.jpg", "train/b/2.jpg");
        files("valid/a/3.jpg", "valid/b/3.jpg", "test/a/4.jpg", "test/b/4.jpg");
        Splits splits = ImageFolder.read(root).split(0.2, 0, 1);
        assertThat(names(splits.train())).hasSize(4).allMatch(name -> name.startsWith("train/"));
        assertThat(names(splits.validation())).containsExactly("valid/a/3.jpg=0", "valid/b/3.jpg=1");
        assertThat(splits.testPart().map(this::names).orElseThrow())
                .containsExactly("test/a/4.jpg=0", "test/b/4.jpg=1");
    }

    @Test
    void trainMayBeAClass() throws IOException {
        files("train/1.jpg", "train/2.jpg", "car/1.jpg", "car/2.jpg");
        assertThat(ImageFolder.read(root).classes()).containsExactly("car", "train");
    }

    @Test
    void partsMustHaveTheSameClasses() throws IOException {
        files("train/a/1.jpg", "train/a/2.jpg", "train/b/1.jpg", "train/b/2.jpg", "val/a/1.jpg", "val/c/1.jpg");
        refused(root, "val", "has no class 'b'");
        files("val/b/1.jpg");
        refused(root, "val", "'c'", "(a, b)");
    }

    @Test
    void partsWithoutTrain() throws IOException {
        files("val/a/1.jpg", "val/a/2.jpg", "test/a/1.jpg", "test/b/2.jpg");
        refused(root, "test and val but no train");
    }

    @Test
    void badFolders() throws IOException {
        refused(root.resolve("none"), "none: no such folder");
        files("file.jpg");
        refused(root.resolve("file.jpg"), "is a file");
        refused(root, "1 picture lies directly in the folder");
        Path empty = Files.createDirectory(root.resolve("empty"));
        refused(empty, "empty: empty");
        files("one/a/1.jpg", "one/a/2.jpg");
        refused(root.resolve("one"), "only one class, 'a'");
        files("one/b/1.jpg");
        refused(root.resolve("one"), "b: only one picture");
        files("one/b/2.jpg", "one/c/notes.txt");
        refused(root.resolve("one"), "c: no pictures in this class");
    }

    @Test
    void unreadableFolder() throws IOException {
        files("a/1.jpg", "a/2.jpg", "b/1.jpg", "b/2.jpg");
        Path closed = root.resolve("b");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        boolean mayReadAnyway = Files.isReadable(closed);
        try {
            Assumptions.assumeFalse(mayReadAnyway, "SKIPPED: this user may read every folder");
            refused(root, "b: no permission");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void linksAreFollowedAndLoopsEnd() throws IOException {
        files("real/1.jpg", "set/a/1.jpg", "set/a/2.jpg", "set/b/1.jpg");
        Files.createSymbolicLink(root.resolve("set/b/linked"), root.resolve("real"));
        Files.createSymbolicLink(root.resolve("set/a/loop"), root.resolve("set/a"));
        assertThat(names(ImageFolder.read(root.resolve("set")).train()))
                .containsExactly("set/a/1.jpg=0", "set/a/2.jpg=0", "set/b/1.jpg=1", "set/b/linked/1.jpg=1");
    }

    @Test
    void anotherFolderWithTheSameClasses() throws IOException {
        files("b/1.jpg", "b/2.jpg");
        PictureSet set = ImageFolder.readAs(root, List.of("a", "b"));
        assertThat(set.classes()).containsExactly("a", "b");
        assertThat(names(set)).containsExactly("b/1.jpg=1", "b/2.jpg=1");
        assertThatThrownBy(() -> ImageFolder.readAs(root, List.of("x", "y")))
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll("'b'", "x, y");
    }

    @Test
    void splitsAreStratifiedAndCoverEverything() throws IOException {
        for (int i = 0; i < 50; i++) {
            files("a/" + i + ".jpg", "b/" + i + ".jpg");
        }
        files("c/1.jpg", "c/2.jpg");
        LabelledPictures folder = ImageFolder.read(root);
        Splits splits = folder.split(0.2, 0.1, 7);
        assertThat(splits.train().countPerClass()).containsExactly(35, 35, 1);
        assertThat(splits.validation().countPerClass()).containsExactly(10, 10, 1);
        assertThat(splits.testPart().orElseThrow().countPerClass()).containsExactly(5, 5, 0);
        Set<Picture> all = splits.train().pictures().stream().collect(Collectors.toSet());
        all.addAll(splits.validation().pictures());
        all.addAll(splits.testPart().orElseThrow().pictures());
        assertThat(all).containsExactlyInAnyOrderElementsOf(folder.train().pictures());
        assertThat(folder.split(0.2, 0.1, 7)).isEqualTo(splits);
        assertThat(folder.split(0.2, 0.1, 8).validation()).isNotEqualTo(splits.validation());
    }

    @Test
    void aTestPartWithoutPicturesIsRefused() throws IOException {
        files("a/1.jpg", "a/2.jpg", "b/1.jpg", "b/2.jpg");
        LabelledPictures folder = ImageFolder.read(root);
        assertThat(folder.split(0.2, 0, 7).validation().countPerClass()).containsExactly(1, 1);
        assertThatThrownBy(() -> folder.split(0.2, 0.2, 7))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(root + ": no class has enough pictures to learn from, validate and test on;");
    }

    @Test
    void anotherClassChangesNoSplit() throws IOException {
        for (int i = 0; i < 20; i++) {
            files("b/" + i + ".jpg", "c/" + i + ".jpg");
        }
        List<Path> before = validationOf("c");
        files("a/1.jpg", "a/2.jpg");
        assertThat(validationOf("c")).hasSize(4).isEqualTo(before);
    }

    private List<Path> validationOf(String name) {
        PictureSet set = ImageFolder.read(root).split(0.2, 0, 3).validation();
        return set.pictures().stream()
                .filter(picture -> set.className(picture).equals(name))
                .map(Picture::path)
                .toList();
    }

    /** macOS and Linux write the name in different forms; the pictures are the same. */
    @Test
    void theUnicodeFormOfANameChangesNoSplit() {
        List<Path> composed = validationOfAClassCalled("caf\u00E9");
        assertThat(composed).hasSize(4).isEqualTo(validationOfAClassCalled("cafe\u0301"));
        assertThat(validationOfAClassCalled("tea")).isNotEqualTo(composed);
    }

    private static List<Path> validationOfAClassCalled(String name) {
        List<Picture> pictures = IntStream.range(0, 20)
                .mapToObj(i -> new Picture(Path.of(i + ".jpg"), 0))
                .toList();
        PictureSet set = new PictureSet(List.of(name), pictures);
        return Splits.cut(set, PictureGroups.none(), 0.2, 0, 7).validation().pictures().stream()
                .map(Picture::path)
                .toList();
    }

    /** Pinned: a split must not change with a new release or JDK, or old results could not be repeated. */
    @Test
    void theSplitOfASeedIsPinned() throws IOException {
        for (int i = 0; i < 10; i++) {
            files("a/" + i + ".jpg", "b/" + i + ".jpg");
        }
        assertThat(names(ImageFolder.read(root).split(0.2, 0, 42).validation()))
                .containsExactly("a/0.jpg=0", "a/6.jpg=0", "b/3.jpg=1", "b/9.jpg=1");
    }
}
