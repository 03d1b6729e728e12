package dev.graft.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Interpolation;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each random layer does, by Keras' documented formulas and by hand. */
class RandomFormulasTest {
    private static final Close EXACT = Close.within(0);
    private static final int DRAWS = 400;

    private static HostTensor picture(float... values) {
        return HostTensor.of(Shape.of(1, 2, values.length / 2), values);
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed);
    }

    private static Set<List<Float>> outcomes(RandomTransform layer, HostTensor picture) {
        SplittableRandom random = random(11);
        Set<List<Float>> seen = new HashSet<>();
        for (int i = 0; i < DRAWS; i++) {
            float[] values = layer.apply(picture, random).toArray();
            seen.add(List.of(values[0], values[1], values[2], values[3]));
        }
        return seen;
    }

    @Test
    void flipsFlip() {
        HostTensor picture = picture(1, 2, 3, 4);
        List<Float> plain = List.of(1f, 2f, 3f, 4f);
        List<Float> mirrored = List.of(2f, 1f, 4f, 3f);
        List<Float> upsideDown = List.of(3f, 4f, 1f, 2f);
        List<Float> both = List.of(4f, 3f, 2f, 1f);
        assertThat(outcomes(RandomFlip.horizontal(), picture)).containsExactlyInAnyOrder(plain, mirrored);
        assertThat(outcomes(RandomFlip.of(RandomFlip.Mode.VERTICAL), picture))
                .containsExactlyInAnyOrder(plain, upsideDown);
        assertThat(outcomes(RandomFlip.of(RandomFlip.Mode.HORIZONTAL_AND_VERTICAL), picture))
                .containsExactlyInAnyOrder(plain, mirrored, upsideDown, both);
    }

    @Test
    void everySecondPictureIsFlipped() {
        SplittableRandom random = random(3);
        HostTensor picture = picture(1, 2, 3, 4);
        long flipped = Stream.generate(() -> RandomFlip.horizontal().apply(picture, random))
                .limit(DRAWS)
                .filter(output -> output.get(0) == 2)
                .count();
        // Three standard deviations of 400 coins.
        assertThat(flipped).isBetween(170L, 230L);
    }

    /** The example of Keras' RandomBrightness: a factor of 0.1 adds 25.5. */
    @Test
    void brightnessAddsAShareOfTheValueRange() {
        RandomBrightness layer = RandomBrightness.of(Range.of(0.1, 0.1));
        EXACT.check("lighter", layer.apply(picture(1, 2, 240, 4), random(1)), picture(26.5f, 27.5f, 255, 29.5f));
        Close.within(1e-7)
                .check(
                        "of -1..1",
                        layer.valueRange(Range.of(-1, 1)).apply(picture(-1, 0, 0.9f, 0.5f), random(1)),
                        picture(-0.8f, 0.2f, 1, 0.7f));
        EXACT.check(
                "black",
                RandomBrightness.of(Range.of(-1, -1)).apply(picture(1, 2, 240, 4), random(1)),
                picture(0, 0, 0, 0));
    }

    @Test
    void contrastStretchesEachChannelRoundItsMean() {
        HostTensor two = HostTensor.of(Shape.of(2, 1, 2), 100, 140, 10, 30);
        RandomContrast half = new RandomContrast(Range.of(1.5, 1.5), Range.PIXELS, 0);
        EXACT.check("half more", half.apply(two, random(1)), HostTensor.of(Shape.of(2, 1, 2), 90, 150, 5, 35));
        EXACT.check(
                "clipped",
                half.valueRange(Range.of(20, 130)).apply(two, random(1)),
                HostTensor.of(Shape.of(2, 1, 2), 90, 130, 20, 35));
        RandomContrast none = new RandomContrast(Range.of(0, 0), Range.PIXELS, 0);
        EXACT.check("grey", none.apply(two, random(1)), HostTensor.of(Shape.of(2, 1, 2), 120, 120, 20, 20));
        assertThat(RandomContrast.of(0.2).factor()).isEqualTo(Range.of(0.8, 1.2));
        assertThat(RandomContrast.of(0.5, 0.25).factor()).isEqualTo(Range.of(0.5, 1.25));
    }

    @Test
    void cropsComeFromEverywhere() {
        // Row r, column c holds 10 r + c, so the first value says where the part begins.
        HostTensor picture = HostTensor.of(Shape.of(1, 3, 4), 0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);
        Set<List<Float>> seen = outcomes(RandomCrop.of(2, 2), picture);
        assertThat(seen).hasSize(6);
        assertThat(seen).allSatisfy(part -> assertThat(part)
                .containsExactly(part.get(0), part.get(0) + 1, part.get(0) + 10, part.get(0) + 11));
    }

    @Test
    void aCropOfTheWholeWidthStillMovesDown() {
        HostTensor picture = HostTensor.of(Shape.of(1, 3, 2), 0, 1, 10, 11, 20, 21);
        assertThat(outcomes(RandomCrop.of(2, 2), picture))
                .containsExactlyInAnyOrder(List.of(0f, 1f, 10f, 11f), List.of(10f, 11f, 20f, 21f));
    }

    @Test
    void aPictureSmallerThanItsCropIsResized() {
        HostTensor picture = ModelRun.pixels(3, 4, 9);
        HostTensor expected = Resizing.of(6, 6).croppingToAspectRatio().apply(picture);
        assertThat(RandomCrop.of(6, 6).apply(picture, random(1)).sameBits(expected))
                .isTrue();
    }

    /** Factors are drawn evenly: the least and most of many come near both ends and their mean near the middle. */
    static Stream<Arguments> drawnFactors() {
        HostTensor level = HostTensor.of(Shape.of(1, 1, 1), 100);
        HostTensor row = HostTensor.of(Shape.of(1, 1, 5), 0, 1, 2, 3, 4);
        DoubleUnaryOperator asItIs = DoubleUnaryOperator.identity();
        return Stream.of(
                Arguments.of(RandomBrightness.of(0.2), level, 0, (DoubleUnaryOperator) x -> (x - 100) / 255, -0.2, 0.2),
                // Column 1 of a row 0..4 shows 2 + (1 - 2) * (1 + factor).
                Arguments.of(RandomZoom.of(Range.of(-0.5, 0.5)), row, 1, (DoubleUnaryOperator) x -> 1 - x, -0.5, 0.5),
                Arguments.of(RandomTranslation.of(0, 0.2), row, 2, (DoubleUnaryOperator) x -> (2 - x) / 5, -0.2, 0.2),
                Arguments.of(
                        new RandomContrast(Range.of(0.5, 1.5), Range.of(-9, 9), 0),
                        row,
                        0,
                        (DoubleUnaryOperator) x -> 1 - x / 2,
                        0.5,
                        1.5),
                Arguments.of(RandomTranslation.of(0, 0), row, 3, asItIs, 3, 3));
    }

    @ParameterizedTest
    @MethodSource("drawnFactors")
    void factorsComeEvenlyFromTheirRange(
            RandomTransform layer, HostTensor picture, int at, DoubleUnaryOperator factor, double lower, double upper) {
        SplittableRandom random = random(17);
        double[] factors = Stream.generate(() -> layer.apply(picture, random))
                .limit(DRAWS)
                .mapToDouble(output -> factor.applyAsDouble(output.get(at)))
                .sorted()
                .toArray();
        double width = upper - lower;
        assertThat(factors[0]).isBetween(lower - 1e-6, lower + 0.05 * width + 1e-6);
        assertThat(factors[DRAWS - 1]).isBetween(upper - 0.05 * width - 1e-6, upper + 1e-6);
        double mean = Arrays.stream(factors).average().orElseThrow();
        assertThat(Math.abs(mean - (lower + upper) / 2)).isLessThanOrEqualTo(0.05 * width + 1e-6);
    }

    @Test
    void theAugmentSetsWorkInTheGivenRangeOfValues() {
        HostTensor pixels = ModelRun.pixels(3, 8, 8);
        float[] shares = pixels.toArray();
        for (int i = 0; i < shares.length; i++) {
            shares[i] = shares[i] / 127.5f - 1;
        }
        for (int seed = 0; seed < 30; seed++) {
            float[] expected = RandAugment.of().apply(pixels, random(seed)).toArray();
            float[] actual = RandAugment.of()
                    .valueRange(Range.of(-1, 1))
                    .apply(HostTensor.of(pixels.shape(), shares), random(seed))
                    .toArray();
            for (int i = 0; i < actual.length; i++) {
                actual[i] = (actual[i] + 1) * 127.5f;
            }
            Close.within(1e-4).check("seed " + seed, actual, expected);
        }
    }

    @Test
    void theAugmentSetsTakeGreyAndColouredPicturesOnly() {
        assertThatThrownBy(() -> Node.input(4, 8, 8).then("augment", TrivialAugment.of()))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("TrivialAugment 'augment': expected 1 or 3 channels, got [N, 4, 8, 8]; ");
        assertThatThrownBy(() -> RandAugment.of().apply(ModelRun.pixels(2, 8, 8), random(1)))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("RandAugment: expected 1 or 3 channels, got [N, 2, 8, 8]; ");
        assertThat(TrivialAugment.of()
                        .apply(ModelRun.pixels(1, 8, 8), random(1))
                        .shape())
                .isEqualTo(Shape.of(1, 8, 8));
    }

    @Test
    void noOperationsLeaveWholeLevelsAlone() {
        HostTensor pixels = ModelRun.pixels(3, 8, 8);
        EXACT.check("nothing", RandAugment.of(0, 9).apply(pixels, random(1)), pixels);
    }

    @Test
    void factorsBeyondTheirBoundsAreRefused() {
        refused(() -> RandomRotation.of(1.5), "RandomRotation: factor is from -1.0 to 1.0, got -1.5 to 1.5");
        refused(() -> RandomZoom.of(1.5), "RandomZoom: height factor");
        refused(() -> RandomZoom.of(Range.of(-1, 0)), "RandomZoom: a factor of -1 shows nothing; factors are above -1");
        refused(() -> RandomZoom.of(Range.of(0, 0), Range.of(0, 2)), "RandomZoom: width factor");
        refused(() -> RandomTranslation.of(0, -1.1), "RandomTranslation: width factor");
        refused(() -> RandomBrightness.of(2), "RandomBrightness: factor");
        refused(() -> RandomBrightness.of(0.2).valueRange(Range.of(1, 1)), "RandomBrightness: value range");
        refused(() -> RandomContrast.of(1.1), "RandomContrast: factor");
        refused(() -> RandomCrop.of(0, 3), "RandomCrop: expected at least 1x1 pixels");
        refused(() -> TrivialAugment.of().bins(1), "TrivialAugment: expected at least 2 bins");
        refused(
                () -> RandAugment.of(2, 31),
                "RandAugment: expected no fewer than 0 operations and a magnitude of 0 to 30");
        refused(() -> Range.of(0.3, 0.2), "Range: expected lower <= upper, got 0.3 and 0.2");
        refused(() -> Range.around(Double.NaN), "Range");
        refused(() -> new Sampling(FillMode.WRAP, Double.POSITIVE_INFINITY, Interpolation.NEAREST), "Sampling");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }
}
