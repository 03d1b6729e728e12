package dev.graft.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.data.CropBox;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MixUp and CutMix: every pixel and target can be told from the mixture, as picture i is full of the number i. */
class MixingTest {
    private static final int BATCH = 6;
    private static final int HEIGHT = 7;
    private static final int WIDTH = 10;
    private static final Offset<Float> ROUNDING = Offset.offset(2e-6f);

    private static HostTensor pictures() {
        HostTensor pictures = HostTensor.allocate(Shape.of(BATCH, 2, HEIGHT, WIDTH));
        for (int i = 0; i < pictures.elements(); i++) {
            pictures.put(i, i / (2 * HEIGHT * WIDTH));
        }
        return pictures;
    }

    /** Each picture is of a class of its own. */
    private static HostTensor targets() {
        HostTensor targets = HostTensor.allocate(Shape.of(BATCH, BATCH));
        IntStream.range(0, BATCH).forEach(i -> targets.put(i * BATCH + i, 1));
        return targets;
    }

    /** The mean of a picture is the mean of its targets' class numbers: pixels and targets are mixed by one share. */
    private static void checkThatTargetsTellThePixels(Mixed mixed) {
        for (int i = 0; i < BATCH; i++) {
            float[] picture = ModelRun.item(mixed.inputs(), i).toArray();
            double pixels = IntStream.range(0, picture.length)
                    .mapToDouble(k -> picture[k])
                    .average()
                    .orElseThrow();
            double classes = 0;
            double sum = 0;
            for (int c = 0; c < BATCH; c++) {
                classes += c * mixed.targets().get(i * BATCH + c);
                sum += mixed.targets().get(i * BATCH + c);
            }
            assertThat(Math.abs(pixels - classes)).as("picture %d", i).isLessThan(1e-5);
            assertThat(Math.abs(sum - 1)).isLessThan(1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void mixUpLaysPicturesOverEachOther(long seed) {
        Mixed mixed = MixUp.of(0.8).apply(pictures(), targets(), new SplittableRandom(seed));
        checkThatTargetsTellThePixels(mixed);
        for (int i = 0; i < BATCH; i++) {
            float[] picture = ModelRun.item(mixed.inputs(), i).toArray();
            for (float value : picture) {
                assertThat(value).isEqualTo(picture[0]);
            }
        }
    }

    @Test
    void oneShareHoldsForTheWholeBatch() {
        Mixed mixed = MixUp.of(0.8).apply(pictures(), targets(), new SplittableRandom(4));
        float[] own = new float[BATCH];
        float share = 1;
        for (int i = 0; i < BATCH; i++) {
            own[i] = mixed.targets().get(i * BATCH + i);
            share = Math.min(share, own[i]);
        }
        assertThat(share).isLessThan(1);
        for (float each : own) {
            // A picture that meets itself stays whole.
            assertThat(each == 1 || Math.abs(each - share) < ROUNDING.value).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void cutMixReplacesABoxAndSharesTargetsByItsTrueArea(long seed) {
        Mixed mixed = CutMix.of(1).apply(pictures(), targets(), new SplittableRandom(seed));
        checkThatTargetsTellThePixels(mixed);
        for (int i = 0; i < BATCH; i++) {
            float[] picture = ModelRun.item(mixed.inputs(), i).toArray();
            assertThat(isABox(picture, i)).as("picture %d", i).isTrue();
            assertThat(Arrays.copyOfRange(picture, HEIGHT * WIDTH, picture.length))
                    .as("both channels alike")
                    .isEqualTo(Arrays.copyOf(picture, HEIGHT * WIDTH));
        }
    }

    /** Whether the pixels that are not {@code own} fill the whole of the rectangle that they reach. */
    private static boolean isABox(float[] picture, int own) {
        int[] foreign = IntStream.range(0, HEIGHT * WIDTH)
                .filter(k -> picture[k] != own)
                .toArray();
        if (foreign.length == 0) {
            return true;
        }
        var rows = Arrays.stream(foreign).map(k -> k / WIDTH).summaryStatistics();
        var columns = Arrays.stream(foreign).map(k -> k % WIDTH).summaryStatistics();
        int area = (rows.getMax() - rows.getMin() + 1) * (columns.getMax() - columns.getMin() + 1);
        return area == foreign.length && Arrays.stream(foreign).allMatch(k -> picture[k] == picture[foreign[0]]);
    }

    @Test
    void theBoxIsThatOfThePaper() {
        SplittableRandom random = new SplittableRandom(9);
        double whole = 0;
        for (int i = 0; i < 1000; i++) {
            // Half the sides of a box of a quarter of 20x30 are (int) (0.25 * 20) and (int) (0.25 * 30).
            CropBox box = CutMix.box(20, 30, 0.75, random);
            assertThat(box.top()).isBetween(0, 19);
            assertThat(box.left()).isBetween(0, 29);
            assertThat(box.height()).isBetween(5, 10);
            assertThat(box.width()).isBetween(7, 14);
            assertThat(box.top() + box.height()).isLessThanOrEqualTo(20);
            assertThat(box.left() + box.width()).isLessThanOrEqualTo(30);
            whole += box.height() == 10 && box.width() == 14 ? 1 : 0;
        }
        // The middle is far enough from every edge in 11 of 20 rows and 17 of 30 columns.
        assertThat(whole / 1000).isBetween(0.26, 0.37);
        assertThat(CutMix.box(20, 30, 1, random))
                .extracting(CropBox::height, CropBox::width)
                .containsExactly(0, 0);
    }

    /** Beta(a, a): mean 1/2, variance 1 / (4 (2 a + 1)); 20,000 draws put the first two moments within 0.01. */
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.2, 1, 4})
    void sharesFollowTheBetaDistribution(double alpha) {
        SplittableRandom random = new SplittableRandom(21);
        double[] draws = IntStream.range(0, 20_000)
                .mapToDouble(i -> Mixing.beta(alpha, random))
                .toArray();
        double mean = Arrays.stream(draws).average().orElseThrow();
        double variance =
                Arrays.stream(draws).map(x -> (x - 0.5) * (x - 0.5)).average().orElseThrow();
        assertThat(Arrays.stream(draws).allMatch(x -> x >= 0 && x <= 1)).isTrue();
        assertThat(Math.abs(mean - 0.5)).isLessThan(0.01);
        assertThat(Math.abs(variance - 1 / (4 * (2 * alpha + 1)))).isLessThan(0.01);
        // The fourth moment of Beta(a, a) tells it from others of that variance: a(a+1)(a+2)(a+3) /
        // (2a(2a+1)(2a+2)(2a+3)).
        double fourth = Arrays.stream(draws).map(x -> x * x * x * x).average().orElseThrow();
        double expected =
                (alpha + 1) * (alpha + 2) * (alpha + 3) / (2 * (2 * alpha + 1) * (2 * alpha + 2) * (2 * alpha + 3));
        assertThat(Math.abs(fourth - expected)).isLessThan(0.01);
    }

    @Test
    void theSameSeedMixesTheSame() {
        Mixed first = CutMix.of(1).apply(pictures(), targets(), new SplittableRandom(3));
        Mixed second = CutMix.of(1).apply(pictures(), targets(), new SplittableRandom(3));
        Mixed other = CutMix.of(1).apply(pictures(), targets(), new SplittableRandom(4));
        assertThat(second.inputs().sameBits(first.inputs())).isTrue();
        assertThat(second.targets().sameBits(first.targets())).isTrue();
        assertThat(other.inputs().sameBits(first.inputs())).isFalse();
    }

    @Test
    void everyOrderIsAPermutation() {
        SplittableRandom random = new SplittableRandom(1);
        int[] seen = new int[3];
        for (int i = 0; i < 600; i++) {
            List<Integer> order = Mixing.permutation(3, random);
            assertThat(order).containsExactlyInAnyOrder(0, 1, 2);
            seen[order.get(0)]++;
        }
        assertThat(Arrays.stream(seen).allMatch(count -> count > 150)).isTrue();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        SplittableRandom random = new SplittableRandom(1);
        assertThatThrownBy(() -> MixUp.of(0.2).apply(pictures(), HostTensor.allocate(Shape.of(BATCH)), random))
                .isInstanceOf(GraftException.class)
                .hasMessage("mixing: expected targets [N, classes], got [6]; make labels one-hot first");
        assertThatThrownBy(() -> CutMix.of(1).apply(pictures(), HostTensor.allocate(Shape.of(5, 2)), random))
                .isInstanceOf(GraftException.class)
                .hasMessage("mixing: expected targets of 6 examples, got [5, 2]; give all of one batch");
        assertThatThrownBy(() -> CutMix.of(1).draw(List.of(Shape.of(6, 512)), random))
                .isInstanceOf(GraftException.class)
                .hasMessage(
                        "CutMix: expected maps [N, channels, height, width] of one size, got [6, 512]; features have no"
                                + " places, MixUp mixes them");
        assertThatThrownBy(() -> MixUp.of(1).draw(List.of(Shape.of(6, 2), Shape.of(5, 2)), random))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(
                        "MixUp: expected inputs [N, ...] of rank 2 or more with the same N, got [6, 2] and [5, 2]");
        assertThatThrownBy(() -> MixUp.of(1).draw(List.of(Shape.of(6)), random)).isInstanceOf(GraftException.class);
        assertThatThrownBy(() -> MixUp.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("MixUp: alpha is above 0, got 0.0");
        assertThatThrownBy(() -> CutMix.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
