package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GeneratedPictures;
import dev.graft.GraftException;
import dev.graft.data.ImageFolder;
import dev.graft.data.InputGeometry;
import dev.graft.data.Picture;
import dev.graft.data.PictureFiles;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureReader;
import dev.graft.data.PictureSet;
import dev.graft.data.Skipped;
import dev.graft.data.View;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PictureDatasetTest {
    private static final InputGeometry GEOMETRY = InputGeometry.centerCrop(24);

    @TempDir
    private Path root;

    private Path pictures;

    @BeforeEach
    void draw() {
        pictures = GeneratedPictures.folder(root.resolve("pictures"), 3, 6);
    }

    private Dataset dataset() {
        return Dataset.ofPictures(ImageFolder.read(pictures).train(), GEOMETRY);
    }

    @Test
    void picturesAreDecodedAsTheReaderDoes() throws Exception {
        PictureSet set = ImageFolder.read(pictures).train();
        Dataset dataset = dataset();
        assertThat(dataset.classes()).containsExactly("discs", "squares", "stripes");
        assertThat(dataset.countPerClass()).containsExactly(6, 6, 6);
        PictureReader reader = PictureReader.of(GEOMETRY);
        for (int i = 0; i < dataset.size(); i++) {
            FloatBuffer pixels = FloatBuffer.allocate(GEOMETRY.elements());
            reader.read(PictureFiles.read(set.pictures().get(i).path()), View.plain(), pixels);
            Example example = dataset.get(i);
            assertThat(example.input().sameBits(HostTensor.of(Shape.of(3, 24, 24), pixels.array())))
                    .isTrue();
            assertThat(example.label()).isEqualTo(set.pictures().get(i).label());
        }
    }

    @Test
    void batchesOfPicturesDoNotDependOnThreads() {
        Dataset flipped = dataset()
                .shuffle(4)
                .mapInputs((picture, random) ->
                        random.nextBoolean() ? HostTensor.of(picture.shape(), reversed(picture.toArray())) : picture);
        List<List<Float>> alone = Numbered.inputs(flipped.batch(5).threads(1), 1);
        assertThat(Numbered.inputs(flipped.batch(5).threads(4).prefetch(3), 1)).isEqualTo(alone);
        assertThat(alone).hasSize(4);
    }

    private static float[] reversed(float[] values) {
        float[] turned = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i] = values[values.length - 1 - i];
        }
        return turned;
    }

    @Test
    void anUnreadablePictureIsNamedWithTheRemedy() {
        Path broken = pictures.resolve("discs/picture3.png");
        GeneratedPictures.writeBroken(broken);
        try (Batches.Reader reader = dataset().batch(2).threads(2).open(0)) {
            assertThat(reader.next()).isNotNull();
            assertThatThrownBy(reader::next)
                    .isInstanceOf(GraftException.class)
                    .hasMessageContainingAll(broken.toString(), "not a picture", "withoutUnreadable()");
        }
    }

    @Test
    void unreadablePicturesCanBeLeftOut() {
        Path first = pictures.resolve("discs/picture3.png");
        Path second = pictures.resolve("stripes/picture0.png");
        GeneratedPictures.writeBroken(first);
        GeneratedPictures.writeBroken(second);
        Dataset sound = dataset().withoutUnreadable();
        assertThat(sound.skipped())
                .containsExactly(
                        new Skipped(first, "not a picture (starts with 'no pictu')"),
                        new Skipped(second, "not a picture (starts with 'no pictu')"));
        assertThat(sound.countPerClass()).containsExactly(5, 6, 5);
        assertThat(Numbered.inputs(sound.batch(4), 0)).hasSize(4);
        assertThat(sound).hasToString("16 examples of 3 classes, 2 unreadable left out");
        assertThat(dataset()
                        .take(4)
                        .mapInputs(input -> input)
                        .withoutUnreadable()
                        .size())
                .isEqualTo(3);
        assertThat(sound.withoutUnreadable().skipped()).hasSize(2);
    }

    @Test
    void aClassWithNothingReadableIsAnError() {
        for (int i = 0; i < 6; i++) {
            GeneratedPictures.writeBroken(pictures.resolve("squares/picture" + i + ".png"));
        }
        assertThatThrownBy(() -> dataset().withoutUnreadable())
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("class 'squares': none of its pictures can be read");
        assertThatThrownBy(() -> dataset().skip(6).take(6).withoutUnreadable())
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll("none of the 6 pictures can be read", "squares/picture0.png");
    }

    @Test
    void noPictures() {
        assertThatThrownBy(() -> Dataset.ofPictures(new PictureSet(List.of("a"), List.of()), GEOMETRY))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("no pictures");
    }

    @Test
    void labelsOfFolders() {
        assertThat(dataset().labels(Labels.ONE_HOT).get(17).target().toArray()).containsExactly(0, 0, 1);
        assertThatThrownBy(() -> dataset().labels(Labels.BINARY))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("got 3 (discs, squares, stripes)");
        PictureSet turned = ImageFolder.read(pictures).train().withClasses(List.of("stripes", "discs", "squares"));
        assertThat(Dataset.ofPictures(turned, GEOMETRY).countPerClass()).containsExactly(6, 6, 6);
        assertThat(Dataset.ofPictures(turned, GEOMETRY)
                        .get(0)
                        .input()
                        .sameBits(dataset().get(12).input()))
                .isTrue();
    }

    /** Pictures 0 and 1, and 2 and 3 of each class belong together. */
    @Test
    void partsKeepGroupsWhole() {
        Dataset all = dataset();
        PictureGroups groups = new PictureGroups(Stream.of("discs", "squares", "stripes")
                .flatMap(name -> Stream.of(pair(name, 0), pair(name, 2)))
                .toList());
        for (long seed = 0; seed < 20; seed++) {
            List<Dataset> parts = all.skip(1).mapInputs(input -> input).split(groups, seed, 0.5, 0.5);
            Set<String> first = names(parts.get(0));
            Set<String> second = names(parts.get(1));
            assertThat(first).as("seed " + seed).doesNotContainAnyElementsOf(second);
            assertThat(first.size() + second.size()).isEqualTo(17);
            groups.groups().forEach(group -> {
                long here = group.stream()
                        .filter(path -> first.contains(path.toString()))
                        .count();
                long there = group.stream()
                        .filter(path -> second.contains(path.toString()))
                        .count();
                assertThat(Math.min(here, there)).isZero();
            });
            assertThat(second.size()).isBetween(7, 9);
        }
    }

    private List<Path> pair(String name, int first) {
        return List.of(
                pictures.resolve(name + "/picture" + first + ".png"),
                pictures.resolve(name + "/picture" + (first + 1) + ".png"));
    }

    private static Set<String> names(Dataset part) {
        return IntStream.range(0, part.size()).mapToObj(i -> part.name(i, 0)).collect(Collectors.toSet());
    }

    @Test
    void groupsThatCannotBeKeptAreRefused() {
        PictureGroups one = new PictureGroups(List.of(ImageFolder.read(pictures).train().ofClass(1).stream()
                .map(Picture::path)
                .toList()));
        Refusals.refused(
                () -> dataset().split(one, 1, 0.5, 0.5), "class 'squares' is of too few groups", "all 2 parts");
        Refusals.refused(
                () -> Numbered.of(4, 2).split(one, 1, 0.5, 0.5),
                "split: groups are of picture files, which example 0 does not come from; split without groups");
    }

    @Test
    void theCacheOfAChangedPictureIsStale() throws IOException {
        Path cache = root.resolve("pictures.cache");
        HostTensor before = dataset().cache(cache).get(4).input();
        FileTime written = Files.getLastModifiedTime(cache);
        assertThat(dataset().cache(cache).get(4).input().sameBits(before)).isTrue();
        assertThat(Files.getLastModifiedTime(cache)).isEqualTo(written);
        GeneratedPictures.write(pictures.resolve("discs/picture4.png"), 2, 77);
        HostTensor after = dataset().cache(cache).get(4).input();
        assertThat(after.sameBits(before)).isFalse();
        assertThat(after.sameBits(dataset().get(4).input())).isTrue();
        // decoded to another size
        Dataset smaller = Dataset.ofPictures(ImageFolder.read(pictures).train(), InputGeometry.stretch(8));
        assertThat(smaller.cache(cache).get(4).input().shape()).isEqualTo(Shape.of(3, 8, 8));
    }
}
