package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.testing.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies and pictures of one origin are found, and no split parts them. */
class PictureGroupsTest {
    @TempDir
    Path root;

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content.isEmpty() ? "" : "BM" + content);
    }

    private List<List<String>> names(PictureGroups groups) {
        return groups.groups().stream()
                .map(group -> group.stream()
                        .map(path -> root.relativize(path).toString())
                        .toList())
                .toList();
    }

    @Test
    void copiesAreFoundByContentWhateverTheirNamesAndClasses() throws IOException {
        write("ant/a.jpg", "one");
        write("ant/b.jpg", "two");
        write("ant/c.jpg", "three");
        write("bee/d.jpg", "one");
        write("bee/e.png", "one");
        write("bee/f.png", "four");
        write("bee/empty.png", "");
        write("bee/nothing.png", "");
        PictureGroups copies = PictureGroups.copies(ImageFolder.read(root).allPictures());
        assertThat(names(copies)).containsExactly(List.of("ant/a.jpg", "bee/d.jpg", "bee/e.png"));
    }

    @Test
    void originsAreTheFirstGroupOrAllThatMatchesBelowTheClass() throws IOException {
        Folders.fill(root, "ant/p1_a.jpg", "ant/p1_b.jpg", "ant/p2_a.jpg", "bee/p1_c.jpg", "bee/sub/p3_a.jpg");
        Folders.fill(root, "bee/sub/p4_a.jpg", "bee/other.jpg");
        LabelledPictures folder = ImageFolder.read(root);
        assertThat(names(PictureGroups.byName(folder, "(p\\d)_")))
                .containsExactly(List.of("ant/p1_a.jpg", "ant/p1_b.jpg", "bee/p1_c.jpg"));
        assertThat(names(PictureGroups.byName(folder, "^sub/")))
                .containsExactly(List.of("bee/sub/p3_a.jpg", "bee/sub/p4_a.jpg"));
    }

    @Test
    void partsOfAFolderDoNotCountAsNames() throws IOException {
        Folders.fill(root, "train/ant/p1_a.jpg", "train/ant/p2.jpg", "train/bee/p1_b.jpg", "train/bee/p2.jpg");
        Folders.fill(root, "test/ant/p1_c.jpg", "test/bee/p4.jpg");
        assertThat(names(PictureGroups.byName(ImageFolder.read(root), "^(p1)_")))
                .containsExactly(List.of("train/ant/p1_a.jpg", "train/bee/p1_b.jpg", "test/ant/p1_c.jpg"));
    }

    @Test
    void groupsThatShareAPictureBecomeOne() {
        Path a = Path.of("a");
        Path b = Path.of("b");
        Path c = Path.of("c");
        Path d = Path.of("d");
        PictureGroups merged = new PictureGroups(List.of(List.of(a, b), List.of(c, d)))
                .and(new PictureGroups(List.of(List.of(b, c), List.of(Path.of("e"), Path.of("f")))));
        assertThat(merged.groups()).hasSize(2);
        assertThat(merged.groups().get(0)).containsExactlyInAnyOrder(a, b, c, d);
    }

    @Test
    void namesBelowTheClassesOfParts() throws IOException {
        Folders.fill(
                root, "train/train/p1_a.jpg", "train/train/p2_a.jpg", "train/car/p3_a.jpg", "train/car/sub/p3_b.jpg");
        Folders.fill(root, "val/images/train/p1_c.jpg", "val/images/car/p4.jpg");
        PictureGroups groups = PictureGroups.byName(ImageFolder.read(root), "^(?:sub/)?(p\\d)");
        assertThat(groups.groups())
                .containsExactlyInAnyOrder(
                        List.of(root.resolve("train/car/p3_a.jpg"), root.resolve("train/car/sub/p3_b.jpg")),
                        List.of(root.resolve("train/train/p1_a.jpg"), root.resolve("val/images/train/p1_c.jpg")));
    }

    @Test
    void wrongExpressionsAreRefused() throws IOException {
        Folders.fill(root, "ant/a.jpg", "ant/b.jpg", "bee/a.jpg", "bee/b.jpg");
        LabelledPictures folder = ImageFolder.read(root);
        assertThatThrownBy(() -> PictureGroups.byName(folder, "(a"))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("group-by: '(a' is no regular expression: ")
                .hasMessageContaining("fix it");
        assertThatThrownBy(() -> PictureGroups.byName(folder, "patient(\\d+)"))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("is found in none of the 4 names")
                .hasMessageContaining("such as a.jpg");
    }

    @Test
    void aClassOfOneOriginCannotBeSplit() throws IOException {
        Folders.fill(root, "ant/p1_a.jpg", "ant/p1_b.jpg", "bee/p2_a.jpg", "bee/p3_b.jpg");
        LabelledPictures folder = ImageFolder.read(root);
        assertThatThrownBy(() -> folder.split(0.2, 0, 1, PictureGroups.byName(folder, "^(p\\d)")))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("class 'ant': its 2 pictures are copies of each other or of one origin");
    }

    /** 3 classes, some 300 pictures of 60 origins, which may have pictures of all classes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noOriginIsOnTwoSidesAndTheSharesAreEven(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 300; i++) {
            int origin = random.nextInt(60);
            int label = seed % 2 == 0 ? origin % 3 : random.nextInt(3);
            Folders.fill(root, "class" + label + "/p" + origin + "_" + i + ".jpg");
        }
        LabelledPictures folder = ImageFolder.read(root);
        PictureGroups groups = PictureGroups.byName(folder, "^(p\\d+)_");
        Splits splits = folder.split(0.2, 0.1, seed, groups);
        PictureSet test = splits.testPart().orElseThrow();

        Map<String, PictureSet> sides = new HashMap<>();
        for (PictureSet part : List.of(splits.train(), splits.validation(), test)) {
            for (Picture picture : part.pictures()) {
                String origin = picture.path().getFileName().toString().replaceFirst("_.*", "");
                assertThat(sides.putIfAbsent(origin, part)).isIn(null, part);
            }
        }
        assertThat(Stream.of(splits.train(), splits.validation(), test)
                        .flatMap(part -> part.pictures().stream())
                        .toList())
                .containsExactlyInAnyOrderElementsOf(folder.allPictures());
        int[] all = folder.train().countPerClass();
        for (int label = 0; label < 3; label++) {
            assertThat(splits.validation().countPerClass()[label] / (double) all[label])
                    .isBetween(0.1, 0.21);
            assertThat(test.countPerClass()[label] / (double) all[label]).isBetween(0.04, 0.12);
        }
        assertThat(folder.split(0.2, 0.1, seed, groups)).isEqualTo(splits);
        assertThat(folder.split(0.2, 0.1, seed + 1, groups)).isNotEqualTo(splits);
    }
}
