package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.preprocessing.Augmentation;
import dev.graft.preprocessing.ColorJitter;
import dev.graft.preprocessing.RandomCrop;
import dev.graft.preprocessing.RandomFlip;
import dev.graft.preprocessing.RandomResizedCrop;
import dev.graft.preprocessing.Range;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Refusals;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureViewTest {
    private static final int SIZE = 32;
    private static final byte[] FILE = TestPictures.bytes("rgb.png");
    private static final PictureReader READER =
            PictureReader.of(InputGeometry.centerCrop(SIZE, 36)).augment(Augmentation.standard());
    private static final Augmentation CROPS = Augmentation.of(RandomResizedCrop.of(Range.of(0.3, 0.6)));
    private static final float[] PLAIN = read(READER, 0, 0);

    private static float[] read(PictureReader reader, int number, long seed) {
        try {
            return TestPictures.read(reader, FILE, new View(number, seed));
        } catch (UnreadablePictureException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void viewZeroIsPlainWhateverTheSeed() {
        assertThat(read(READER, 0, 99)).containsExactly(PLAIN);
    }

    @Test
    void sameSeedSamePixelsOtherViewsDiffer() {
        assertThat(read(READER, 3, 7)).containsExactly(read(READER, 3, 7));
        assertThat(Arrays.equals(read(READER, 3, 7), read(READER, 4, 7))).isFalse();
        assertThat(Arrays.equals(read(READER, 3, 7), read(READER, 3, 8))).isFalse();
        assertThat(Arrays.equals(read(READER, 3, 7), PLAIN)).isFalse();
    }

    @Test
    void aFlipIsTheExactMirrorAndHalfOfTheViewsAreFlipped() {
        PictureReader flipping = READER.augment(Augmentation.of(RandomFlip.horizontal()));
        float[] mirrored = new float[PLAIN.length];
        for (int i = 0; i < PLAIN.length; i++) {
            mirrored[i] = PLAIN[i / SIZE * SIZE + SIZE - 1 - i % SIZE];
        }
        int flips = 0;
        for (int number = 1; number <= 200; number++) {
            float[] view = read(flipping, number, 1);
            boolean flipped = Arrays.equals(view, mirrored);
            assertThat(flipped || Arrays.equals(view, PLAIN)).isTrue();
            flips += flipped ? 1 : 0;
        }
        assertThat(flips).isBetween(75, 125);
    }

    @Test
    void noAugmentationMakesEveryViewPlain() {
        assertThat(read(READER.augment(Augmentation.none()), 5, 3)).containsExactly(PLAIN);
        assertThat(read(PictureReader.of(READER.geometry()), 5, 3)).containsExactly(PLAIN);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5})
    void jitterStaysInRangeAndKeepsThePlace(double jitter) {
        float[] view = read(READER.augment(Augmentation.of(ColorJitter.of(jitter))), 1, 1);
        float least = 255;
        float most = 0;
        double correlation = 0;
        for (int i = 0; i < view.length; i++) {
            least = Math.min(least, view[i]);
            most = Math.max(most, view[i]);
            correlation += Math.abs(view[i] - PLAIN[i]) / view.length;
        }
        assertThat(least).isGreaterThanOrEqualTo(0);
        assertThat(most).isLessThanOrEqualTo(255);
        assertThat(correlation).isBetween(0.5, 255 * jitter);
    }

    /** What is decoded is the part that the crop draws of the whole picture, wherever the other layers are. */
    @Test
    void aCropAtTheHeadChoosesWhatIsDecoded() throws UnreadablePictureException {
        PictureHeader header = PictureHeader.read(FILE);
        InputGeometry stretch = InputGeometry.stretch(SIZE);
        for (int number = 1; number <= 5; number++) {
            View view = new View(number, 5);
            CropBox box = CROPS.crop(header.width(), header.height(), view.random(FILE))
                    .orElseThrow();
            float[] crop = TestPictures.read(PictureReader.of(stretch).augment(CROPS), FILE, view);
            float[] seen = TestPictures.read(PictureReader.of(stretch).augment(new Fixed(box)), FILE, view);
            assertThat(crop).containsExactly(seen);
        }
    }

    /** One part of every picture. */
    private record Fixed(CropBox box) implements RandomViews {
        @Override
        public void requireSize(int size) {}

        @Override
        public Optional<CropBox> crop(int width, int height, SplittableRandom random) {
            return Optional.of(box);
        }

        @Override
        public FloatBuffer change(float[] pixels, int size, SplittableRandom random) {
            return FloatBuffer.wrap(pixels);
        }
    }

    /** Behind another layer the same crop is cut out of the square, which is coarser. */
    @Test
    void aCropElsewhereIsCutOutOfTheSquare() throws UnreadablePictureException {
        InputGeometry stretch = InputGeometry.stretch(SIZE);
        ColorJitter still = ColorJitter.of(0);
        RandomResizedCrop crop = RandomResizedCrop.of(0.3);
        float[] plain = TestPictures.read(PictureReader.of(stretch), FILE, View.plain());
        View view = new View(1, 5);
        float[] seen = TestPictures.read(PictureReader.of(stretch).augment(Augmentation.of(still, crop)), FILE, view);
        HostTensor square = HostTensor.of(Shape.of(3, SIZE, SIZE), plain);
        assertThat(seen)
                .containsExactly(Augmentation.of(still, crop)
                        .apply(square, view.random(FILE))
                        .toArray());
    }

    @Test
    void theSquareKeepsItsSize() {
        Refusals.refused(
                () -> READER.augment(Augmentation.of(RandomFlip.horizontal(), RandomCrop.of(SIZE - 1, SIZE))),
                "augmentation: RandomCrop gives pictures of [N, 3, 31, 32], expected [N, 3, 32, 32]; leave it out");
        assertThat(read(READER.augment(Augmentation.of(RandomCrop.of(SIZE, SIZE))), 1, 1))
                .containsExactly(PLAIN);
    }

    /** Catmull-Rom shows the same crop as a triangle does, with sharper edges. */
    @Test
    void randomViewsFollowTheInterpolation() throws UnreadablePictureException {
        InputGeometry stretch = InputGeometry.stretch(SIZE);
        byte[] edges = TestPictures.bytes("bilevel.png");
        for (int number = 1; number <= 5; number++) {
            View view = new View(number, 5);
            float[] bilinear = TestPictures.read(PictureReader.of(stretch).augment(CROPS), edges, view);
            float[] bicubic =
                    TestPictures.read(PictureReader.of(stretch.bicubic()).augment(CROPS), edges, view);
            assertThat(deviation(bicubic)).isGreaterThan(deviation(bilinear));
            assertThat(Math.abs(mean(bicubic) - mean(bilinear))).isLessThan(3);
        }
    }

    private static double mean(float[] pixels) {
        double sum = 0;
        for (float pixel : pixels) {
            sum += pixel;
        }
        return sum / pixels.length;
    }

    private static double deviation(float[] pixels) {
        double mean = mean(pixels);
        double sum = 0;
        for (float pixel : pixels) {
            sum += (pixel - mean) * (pixel - mean);
        }
        return Math.sqrt(sum / pixels.length);
    }

    /** A flipped crop of a picture that lies on its side: the eight orientations show the same. */
    @Test
    void viewsOfATurnedPictureAreTurnedBack() throws UnreadablePictureException {
        byte[] turned = TestPictures.bytes("exif6.png");
        PictureHeader header = PictureHeader.read(turned);
        assertThat(header.orientation()).isEqualTo(Orientation.TURN_RIGHT);
        float[] upright = TestPictures.read(PictureReader.of(InputGeometry.stretch(SIZE)), FILE, View.plain());
        float[] right = TestPictures.read(PictureReader.of(InputGeometry.stretch(SIZE)), turned, View.plain());
        double difference = 0;
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                difference += Math.abs(right[y * SIZE + x] - upright[(SIZE - 1 - x) * SIZE + y]);
            }
        }
        assertThat(difference / (SIZE * SIZE)).isLessThan(0.2);
    }

    @Test
    void writesFromThePositionOnAndNothingOnFailure() throws UnreadablePictureException {
        FloatBuffer out = FloatBuffer.allocate(PLAIN.length + 2).position(1);
        READER.read(FILE, View.plain(), out);
        assertThat(out.position()).isEqualTo(PLAIN.length + 1);
        assertThat(out.get(0)).isZero();
        assertThat(out.get(PLAIN.length + 1)).isZero();
        out.position(1);
        assertThatThrownBy(() -> READER.read(new byte[10], View.plain(), out))
                .isInstanceOf(UnreadablePictureException.class);
        assertThat(out.position()).isEqualTo(1);
    }

    @Test
    void geometriesAreChecked() {
        assertThatThrownBy(() -> InputGeometry.stretch(0)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> InputGeometry.centerCrop(224, 200)).hasMessageContaining("got 200");
        assertThat(InputGeometry.centerCrop(224, 256).withSize(112)).isEqualTo(InputGeometry.centerCrop(112, 128));
        assertThat(InputGeometry.centerCrop(224, 256).bicubic().withSize(112))
                .isEqualTo(InputGeometry.centerCrop(112, 128).bicubic());
        assertThatThrownBy(() -> new View(-1, 0)).hasMessageContaining("-1");
    }
}
