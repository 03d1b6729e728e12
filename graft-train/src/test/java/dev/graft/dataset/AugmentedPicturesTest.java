package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GeneratedPictures;
import dev.graft.data.ImageFolder;
import dev.graft.data.InputGeometry;
import dev.graft.data.Picture;
import dev.graft.data.PictureFiles;
import dev.graft.data.PictureReader;
import dev.graft.data.PictureSet;
import dev.graft.data.View;
import dev.graft.preprocessing.Augmentation;
import dev.graft.preprocessing.RandomCrop;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Refusals;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random views of pictures, from files to batches. */
@Timeout(60)
class AugmentedPicturesTest {
    private static final int COUNT = 23;
    private static final InputGeometry GEOMETRY = InputGeometry.centerCrop(24);
    private static final PictureReader READER = PictureReader.of(GEOMETRY).augment(Augmentation.standard());

    @TempDir
    private Path folder;

    private final List<Picture> pictures = new ArrayList<>();

    @BeforeEach
    void draw() {
        for (int i = 0; i < COUNT; i++) {
            Path file = folder.resolve("picture" + i + ".png");
            GeneratedPictures.write(file, i % 3, i);
            pictures.add(new Picture(file, i % 3));
        }
    }

    private Dataset dataset() {
        return Dataset.ofPictures(pictures, GEOMETRY);
    }

    /** What the reader gives by itself. */
    private List<Float> view(int picture, View view) throws Exception {
        FloatBuffer pixels = FloatBuffer.allocate(GEOMETRY.elements());
        READER.read(PictureFiles.read(pictures.get(picture).path()), view, pixels);
        return Numbered.floats(HostTensor.of(Shape.of(3, 24, 24), pixels.array()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void everyPictureComesInItsViewWhateverTheThreads(int threads) throws Exception {
        Batched batches = dataset().augment(Augmentation.standard(), 5).batch(4).threads(threads);
        for (int epoch = 0; epoch < 3; epoch++) {
            int next = 0;
            try (Batches.Reader reader = batches.open(epoch)) {
                for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                    assertThat(batch.size()).isEqualTo(Math.min(4, COUNT - next));
                    assertThat(batch.inputs().get(0).isNative()).isTrue();
                    for (float[] pixels : batch.inputs().get(0).rows()) {
                        assertThat(Numbered.floats(HostTensor.of(Shape.of(pixels.length), pixels)))
                                .isEqualTo(view(next, new View(epoch + 1, 5)));
                        assertThat(batch.target().get(next % 4)).isEqualTo(next % 3);
                        next++;
                    }
                }
            }
            assertThat(next).isEqualTo(COUNT);
        }
    }

    /** Epoch and place decide which of three; the first is plain. */
    @Test
    void epochsRotateThroughTheViews() throws Exception {
        Dataset rotating = dataset().augment(Augmentation.standard(), 5, 3);
        for (int epoch = 0; epoch < 4; epoch++) {
            for (int i = 0; i < 4; i++) {
                int number = (epoch + i) % 3;
                View view = number == 0 ? View.plain() : new View(number, 5);
                assertThat(Numbered.floats(rotating.get(i, epoch).input())).isEqualTo(view(i, view));
            }
        }
        assertThat(rotating.get(0).input().sameBits(dataset().get(0).input())).isTrue();
        assertThatThrownBy(() -> dataset().augment(Augmentation.standard(), 5, 0))
                .hasMessage("augment: at least one view, got 0");
    }

    /** As long as pictures come as they are read, the file is what is augmented, and its place does not matter. */
    @Test
    void whatChoosesAndLabelsPicturesLeavesTheirViews() throws Exception {
        Dataset chosen = dataset()
                .skip(3)
                .labels(Labels.ONE_HOT)
                .weighted(example -> 2)
                .inOrder(epoch -> new int[] {7, 1})
                .augment(Augmentation.standard(), 5);
        assertThat(Numbered.floats(chosen.get(0, 1).input())).isEqualTo(view(10, new View(2, 5)));
        assertThat(chosen.get(1, 1).weight()).isEqualTo(2);
        assertThat(chosen.get(1, 1).target().toArray()).containsExactly(0, 1, 0);
    }

    /** The crop is then cut out of the square that the cache has. */
    @Test
    void cachedPicturesAreAugmentedToo() throws Exception {
        Dataset cached = dataset().cache().augment(Augmentation.standard(), 5);
        HostTensor first = cached.get(2, 0).input();
        assertThat(first.shape()).isEqualTo(Shape.of(3, 24, 24));
        assertThat(first.sameBits(dataset()
                        .cache()
                        .augment(Augmentation.standard(), 5)
                        .get(2, 0)
                        .input()))
                .isTrue();
        assertThat(first.sameBits(cached.get(2, 1).input())).isFalse();
        assertThat(first.sameBits(dataset().get(2).input())).isFalse();
        assertThat(Numbered.floats(first)).isNotEqualTo(view(2, new View(1, 5)));
        Dataset rotating = dataset().cache().augment(Augmentation.standard(), 5, 2);
        assertThat(rotating.get(2, 0).input().sameBits(dataset().get(2).input()))
                .isTrue();
        assertThat(rotating.get(2, 1).input().sameBits(rotating.get(2, 3).input()))
                .isTrue();
    }

    @Test
    void whatIsAugmentedTwiceIsAugmentedTwice() {
        Dataset once = dataset().augment(Augmentation.standard(), 5);
        Dataset twice = once.augment(Augmentation.standard(), 5);
        assertThat(twice.get(0).input().sameBits(once.get(0).input())).isFalse();
    }

    @Test
    void aCacheOfOtherViewsIsStale() {
        Path file = folder.resolve("views.cache");
        HostTensor one =
                dataset().augment(Augmentation.standard(), 5).cache(file).get(0).input();
        assertThat(dataset()
                        .augment(Augmentation.standard(), 5)
                        .cache(file)
                        .get(0, 3)
                        .input()
                        .sameBits(one))
                .as("frozen as in the first epoch")
                .isTrue();
        for (Dataset other : List.of(
                dataset().augment(Augmentation.standard(), 6),
                dataset().augment(Augmentation.trivial(), 5),
                dataset())) {
            assertThat(other.cache(file).get(0).input().sameBits(one)).isFalse();
        }
    }

    @Test
    void anAugmentationThatChangesTheSizeIsRefused() {
        Augmentation small = Augmentation.of(RandomCrop.of(20, 20));
        Refusals.refused(() -> dataset().augment(small, 1), "RandomCrop gives pictures of [N, 3, 20, 20]");
        assertThat(dataset().cache().augment(small, 1).get(0).input().shape()).isEqualTo(Shape.of(3, 20, 20));
        Dataset numbers = Numbered.of(3, 1).augment(small, 1);
        Refusals.refused(() -> numbers.get(1), "example 1: RandomCrop: expected a picture", "got [2]");
    }

    @Test
    void aPictureThatWasReadBeforeHasChanged() {
        Path broken = pictures.get(3).path();
        Dataset sound = dataset().withoutUnreadable();
        Dataset assumed = dataset().skip(1).assumeReadable();
        GeneratedPictures.writeBroken(broken);
        for (Dataset before : List.of(sound.skip(1), assumed.augment(Augmentation.standard(), 1))) {
            try (Batches.Reader reader = before.batch(2).open(0)) {
                assertThat(reader.next()).isNotNull();
                Refusals.refused(
                        reader::next,
                        broken + ": changed while training, now not a picture (starts with 'no pictu'); leave the"
                                + " pictures alone until the run ends");
            }
        }
    }

    /** As many in each epoch; what is left out and what comes twice is the order's business. */
    @Test
    void anOrderOfOnesOwn() {
        Dataset ordered = Numbered.of(5, 2).inOrder(epoch -> new int[] {4, epoch, 4});
        assertThat(Numbered.numbers(ordered, 0)).containsExactly(4, 0, 4);
        assertThat(Numbered.numbers(ordered, 2)).containsExactly(4, 2, 4);
        assertThat(ordered.batch(2).count()).isEqualTo(2);
        Refusals.refused(() -> ordered.take(1), "take after shuffle");
    }

    @Test
    void enoughIsMadeAheadForAllThreads() {
        assertThat(dataset().batch(32).threads(8).prefetch()).isEqualTo(2);
        assertThat(dataset().batch(2).threads(9).prefetch()).isEqualTo(5);
        assertThat(dataset().batch(2).threads(9).prefetch(0).prefetch()).isZero();
    }

    @Test
    void foldersGiveTheSame() throws Exception {
        PictureSet set = ImageFolder.read(GeneratedPictures.folder(folder.resolve("set"), 2, 4))
                .train();
        Dataset named = Dataset.ofPictures(set, GEOMETRY).augment(Augmentation.standard(), 3);
        Dataset numbered = Dataset.ofPictures(set.pictures(), GEOMETRY).augment(Augmentation.standard(), 3);
        assertThat(numbered.classes()).containsExactly("0", "1");
        assertThat(named.get(5).input().sameBits(numbered.get(5).input())).isTrue();
    }
}
