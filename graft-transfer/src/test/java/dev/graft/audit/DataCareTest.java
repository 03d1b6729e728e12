package dev.graft.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.Workers;
import dev.graft.audit.NearCopies.Pair;
import dev.graft.data.ImageFolder;
import dev.graft.data.LabelledPictures;
import dev.graft.data.Picture;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies are counted, those between given parts are dropped from what is learnt from. */
class DataCareTest {
    @TempDir
    Path root;

    private Path write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "BM" + content);
    }

    @Test
    void copiesOfTestPicturesAreNotLearntFrom() throws IOException {
        Path leaked = write("train/ant/a.jpg", "tested");
        write("train/ant/b.jpg", "1");
        write("train/ant/c.jpg", "2");
        write("train/bee/d.jpg", "3");
        Path twice = write("train/bee/e.jpg", "validated");
        write("train/bee/f.jpg", "4");
        write("val/ant/g.jpg", "5");
        write("val/bee/h.jpg", "validated");
        Path wrong = write("val/bee/i.jpg", "tested");
        Path tested = write("test/ant/j.jpg", "tested");
        write("test/bee/k.jpg", "6");
        LabelledPictures folder = ImageFolder.read(root);
        PictureGroups copies = PictureGroups.copies(folder.allPictures());
        DataCare care = DataCare.of(folder.allPictures(), copies);
        assertThat(care.copies()).isEqualTo(3);
        assertThat(care.contradictions()).containsExactly(List.of(leaked, wrong, tested));

        DataCare.Separated parts = DataCare.separate(folder.split(0.2, 0, 1, copies), copies);
        assertThat(parts.dropped()).containsExactlyInAnyOrder(leaked, twice, wrong);
        assertThat(parts.splits().train().size()).isEqualTo(4);
        assertThat(parts.splits().validation().size()).isEqualTo(2);
        assertThat(parts.splits().testPart().orElseThrow().size()).isEqualTo(2);
    }

    @Test
    void aClassWithoutAnythingElseIsRefused() throws IOException {
        write("train/ant/a.jpg", "x");
        write("train/ant/b.jpg", "x");
        write("train/bee/c.jpg", "1");
        write("train/bee/d.jpg", "2");
        write("val/ant/e.jpg", "x");
        write("val/bee/f.jpg", "3");
        LabelledPictures folder = ImageFolder.read(root);
        PictureGroups copies = PictureGroups.copies(folder.allPictures());
        assertThatThrownBy(() -> DataCare.separate(folder.split(0.2, 0, 1, copies), copies))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("class 'ant': each of its pictures has a copy");
    }

    @Test
    void copiesStayOnOneSideOfACut() throws IOException {
        for (int i = 0; i < 40; i++) {
            write("ant/" + i + ".jpg", "a" + i / 2);
            write("bee/" + i + ".jpg", "b" + i / 2);
        }
        LabelledPictures folder = ImageFolder.read(root);
        PictureGroups copies = PictureGroups.copies(folder.allPictures());
        assertThat(copies.groups()).hasSize(40);
        PictureSet validation = folder.split(0.2, 0, 1, copies).validation();
        assertThat(validation.countPerClass()).containsExactly(8, 8);
        List<Path> paths = validation.pictures().stream().map(Picture::path).toList();
        copies.groups().forEach(group -> assertThat(paths.containsAll(group)).isEqualTo(paths.contains(group.get(0))));
        // Without groups the same seed parts some.
        List<Path> parted = folder.split(0.2, 0, 1).validation().pictures().stream()
                .map(Picture::path)
                .toList();
        assertThat(copies.groups()).anyMatch(group -> parted.contains(group.get(0)) != parted.contains(group.get(1)));
    }

    @Test
    void nearCopiesAreFoundByTheirDirection() {
        List<float[]> features = List.of(
                new float[] {1, 0, 0, 0, 0}, new float[] {0, 1, 0, 0, 1}, new float[] {9, 1, 0, 0, 0}, new float[5]);
        try (Workers workers = new Workers(2)) {
            List<Pair> pairs = NearCopies.of(features, NearCopies.THRESHOLD, workers);
            assertThat(pairs).hasSize(1);
            assertThat(pairs.get(0).first()).isZero();
            assertThat(pairs.get(0).second()).isEqualTo(2);
            assertThat(pairs.get(0).cosine()).isBetween(0.99388, 0.99389);
        }
    }
}
