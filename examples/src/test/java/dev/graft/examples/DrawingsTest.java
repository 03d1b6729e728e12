package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.ImageFolder;
import dev.graft.data.InputGeometry;
import dev.graft.data.LabelledPictures;
import dev.graft.data.Picture;
import dev.graft.dataset.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawingsTest {
    @TempDir
    Path folder;

    @Test
    void shapesAreFourClassesOfPicturesOfTheirSize() {
        LabelledPictures drawn = ImageFolder.read(Drawings.shapes(folder, 3, 32, 1));
        assertThat(drawn.classes()).containsExactly("circle", "square", "star", "triangle");
        assertThat(drawn.train().countPerClass()).containsExactly(3, 3, 3, 3);
        Dataset pictures = Dataset.ofPictures(drawn.train(), InputGeometry.stretch(32));
        assertThat(pictures.withoutUnreadable().size()).isEqualTo(12);
        assertThat(pictures.get(0).input().shape().sizes()).containsExactly(3, 32, 32);
    }

    @Test
    void facesAreOneClassAPerson() {
        LabelledPictures drawn = ImageFolder.read(Drawings.faces(folder, 4, 2, 32, 1));
        assertThat(drawn.classes()).containsExactly("anna", "boris", "carla", "deniz");
        assertThat(drawn.train().countPerClass()).containsExactly(2, 2, 2, 2);
    }

    @Test
    void moreFacesThanThereAreNamesForAreRefused() {
        assertThatThrownBy(() -> Drawings.faces(folder, 11, 1, 32, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("11 persons; between 1 and 10 can be drawn");
    }

    @Test
    void theSeedDecidesThePictures() throws IOException {
        List<byte[]> first = bytes(Drawings.shapes(folder.resolve("a"), 2, 32, 5));
        List<byte[]> again = bytes(Drawings.shapes(folder.resolve("b"), 2, 32, 5));
        List<byte[]> other = bytes(Drawings.shapes(folder.resolve("c"), 2, 32, 6));
        for (int i = 0; i < first.size(); i++) {
            assertThat(again.get(i)).isEqualTo(first.get(i));
            assertThat(other.get(i)).isNotEqualTo(first.get(i));
        }
    }

    @Test
    void noTwoPicturesAreEqual() throws IOException {
        List<byte[]> all = bytes(Drawings.faces(folder.resolve("faces"), 3, 4, 32, 1));
        all.addAll(bytes(Drawings.twoShapes(folder.resolve("shapes"), 4, 32, 1)));
        assertThat(new HashSet<>(all.stream().map(java.util.Arrays::hashCode).toList()))
                .hasSize(12 + 8);
    }

    private static List<byte[]> bytes(Path drawn) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (Picture picture : ImageFolder.read(drawn).train().pictures()) {
            files.add(Files.readAllBytes(picture.path()));
        }
        return files;
    }
}
