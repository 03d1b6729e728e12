package dev.graft.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.CropBox;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Augmentations, and the layers that came with them. */
class AugmentationTest {
    private static HostTensor picture(float... values) {
        return HostTensor.of(Shape.of(3, 1, values.length / 3), values);
    }

    private static SplittableRandom random() {
        return new SplittableRandom(3);
    }

    @Test
    void theStandardOneCropsFlipsAndJitters() {
        assertThat(Augmentation.standard().transforms())
                .containsExactly(RandomResizedCrop.of(Range.of(0.5, 1)), RandomFlip.horizontal(), ColorJitter.of(0.2));
        assertThat(Augmentation.trivial().transforms().get(2)).isEqualTo(TrivialAugment.of());
        assertThat(Augmentation.rand().transforms().get(2)).isEqualTo(RandAugment.of());
    }

    @Test
    void theKeyTellsWhatChangesPictures() {
        assertThat(Augmentation.standard().key())
                .isEqualTo(Augmentation.of(Augmentation.standard().transforms()).key())
                .isNotEqualTo(Augmentation.trivial().key());
        assertThat(Augmentation.of(RandomFlip.horizontal().seed(1)).key())
                .isNotEqualTo(Augmentation.of(RandomFlip.horizontal()).key());
    }

    @Test
    void layersActInOrder() {
        HostTensor grey = picture(10, 10, 10);
        // half the brightness and then 100 more, or 100 more and then half
        ColorJitter half = new ColorJitter(Range.of(0.5, 0.5), Range.of(1, 1), Range.of(1, 1), Range.PIXELS, 0);
        RandomBrightness lighter = new RandomBrightness(Range.of(0.4, 0.4), Range.of(0, 250), 0);
        assertThat(Augmentation.of(half, lighter).apply(grey, random()).get(0)).isEqualTo(105);
        assertThat(Augmentation.of(lighter, half).apply(grey, random()).get(0)).isEqualTo(55);
    }

    @Test
    void cropsKeepTheirShareAndStayInside() {
        RandomResizedCrop crop = RandomResizedCrop.of(Range.of(0.3, 0.6));
        Set<Integer> widths = new TreeSet<>();
        SplittableRandom random = random();
        for (int number = 1; number <= 100; number++) {
            CropBox box = crop.box(400, 300, random).orElseThrow();
            assertThat(box.width() * box.height() / (400.0 * 300)).isBetween(0.29, 0.61);
            assertThat((double) box.width() / box.height()).isBetween(0.74, 1.35);
            assertThat(box.left() + box.width()).isLessThanOrEqualTo(400);
            assertThat(box.top() + box.height()).isLessThanOrEqualTo(300);
            widths.add(box.width());
        }
        assertThat(widths.size()).isGreaterThan(20);
    }

    /** A picture that is a line: no part of it is three quarters as high as wide. */
    @Test
    void whereNoPartFitsThePictureStays() {
        HostTensor line = HostTensor.of(Shape.of(3, 1, 400), new float[1200]);
        RandomResizedCrop crop = RandomResizedCrop.of(0.5);
        assertThat(crop.box(400, 1, random())).isEmpty();
        assertThat(crop.transform(line, random())).isSameAs(line);
    }

    @Test
    void aCropFillsThePictureWithAPartOfIt() {
        float[] ramp = new float[3 * 40 * 40];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = i % 40;
        }
        HostTensor seen = RandomResizedCrop.of(Range.of(0.25, 0.25))
                .transform(HostTensor.of(Shape.of(3, 40, 40), ramp), random());
        // about half of the width: from left to right the ramp rises half as much
        float rise = seen.get(39) - seen.get(0);
        assertThat(rise).isBetween(39 * 0.5f * 0.84f, 39 * 0.5f * 1.18f);
        assertThat(seen.get(39 * 40 + 7)).as("the same in all rows").isCloseTo(seen.get(7), within(1e-4f));
    }

    /** torchvision: adjust_brightness 0.5, adjust_contrast 2, adjust_saturation 0 on one pixel after the other, by hand. */
    @Test
    void jitterIsTorchvisions() {
        HostTensor picture = picture(100, 200, 40, 80, 0, 240);
        assertThat(jitter(0.5, 1, 1, picture)).containsExactly(50, 100, 20, 40, 0, 120);
        // greys are 0.299 * 100 + 0.587 * 40 = 53.38 and 0.299 * 200 + 0.587 * 80 + 0.114 * 240 = 134.12
        double mean = (53.38 + 134.12) / 2;
        assertThat(jitter(1, 0, 1, picture)).usingComparatorWithPrecision(1e-4f).containsOnly((float) mean);
        assertThat(jitter(1, 2, 1, picture)[0]).isCloseTo((float) (200 - mean), within(1e-4f));
        assertThat(jitter(1, 2, 1, picture)[5]).isEqualTo(255);
        float[] grey = jitter(1, 1, 0, picture);
        assertThat(grey[0]).isEqualTo(grey[2]).isEqualTo(grey[4]).isCloseTo(53.38f, within(1e-4f));
        assertThat(grey[1]).isCloseTo(134.12f, within(1e-4f));
    }

    private static float[] jitter(double brightness, double contrast, double saturation, HostTensor picture) {
        return new ColorJitter(
                        Range.of(brightness, brightness),
                        Range.of(contrast, contrast),
                        Range.of(saturation, saturation),
                        Range.PIXELS,
                        0)
                .transform(picture, random())
                .toArray();
    }

    @Test
    void settingsOutsideOfTheirBoundsAreRefused() {
        assertThatThrownBy(() -> RandomResizedCrop.of(0)).hasMessageContaining("above 0, got 0.0");
        assertThatThrownBy(() -> RandomResizedCrop.of(Range.of(0.5, 1.5))).hasMessageContaining("0.5 to 1.5");
        assertThatThrownBy(() -> RandomResizedCrop.of(0.5).aspect(Range.of(0, 1)))
                .hasMessageContaining("above 0, got 0.5 and 0.0");
        assertThatThrownBy(() -> ColorJitter.of(1.5)).hasMessageContaining("ColorJitter: brightness");
    }
}
