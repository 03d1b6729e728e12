package dev.graft.transfer.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The simpler weights stay unless the gain is larger than the noise. */
class WeightInterpolationTest {
    private static final int PICTURES = 200;
    private static final int[] LABELS =
            IntStream.range(0, PICTURES).map(i -> i % 2).toArray();

    private static Map<String, HostTensor> weights(float value) {
        return Map.of("w", HostTensor.of(Shape.of(1), value), "frozen", HostTensor.of(Shape.of(1), 7));
    }

    private static float value(Map<String, HostTensor> weights, String name) {
        return Objects.requireNonNull(weights.get(name)).get(0);
    }

    /** Logits whose margin for the right class is drawn around the weight, the same noise for all weights. */
    private static Function<Map<String, HostTensor>, List<float[]>> margins(double noise) {
        return weights -> {
            SplittableRandom random = new SplittableRandom(1);
            List<float[]> rows = new ArrayList<>();
            float mean =
                    weights.getOrDefault("w", HostTensor.of(Shape.of(1), 0)).get(0);
            for (int label : LABELS) {
                float margin = (float) (mean + noise * (random.nextDouble() * 2 - 1));
                rows.add(label == 0 ? new float[] {margin, 0} : new float[] {0, margin});
            }
            return rows;
        };
    }

    @Test
    void aClearGainIsKept() {
        WeightInterpolation choice = WeightInterpolation.of(weights(0.5f), weights(2), margins(2), LABELS);
        assertThat(choice.isSimple()).isFalse();
        assertThat(choice.kept()).isEqualTo(1);
        assertThat(choice.gain()).isGreaterThan(choice.error());
        assertThat(choice.candidates().get(4).accuracy())
                .isGreaterThan(choice.candidates().get(0).accuracy());
        assertThat(value(choice.weights(weights(0.5f), weights(2)), "w")).isEqualTo(2);
    }

    @Test
    void aLossIsNot() {
        WeightInterpolation choice = WeightInterpolation.of(weights(2), weights(0.5f), margins(2), LABELS);
        assertThat(choice.isSimple()).isTrue();
        assertThat(choice.gain()).isNegative();
        assertThat(value(choice.weights(weights(2), weights(0.5f)), "w")).isEqualTo(2);
    }

    @Test
    void aGainWithinTheNoiseIsNot() {
        SplittableRandom random = new SplittableRandom(3);
        // Other weights give other logits, no better and no worse.
        WeightInterpolation choice = WeightInterpolation.of(
                weights(1),
                weights(2),
                weights -> {
                    List<float[]> rows = new ArrayList<>();
                    for (int label : LABELS) {
                        float margin = (float) (1 + 2 * (random.nextDouble() * 2 - 1));
                        rows.add(label == 0 ? new float[] {margin, 0} : new float[] {0, margin});
                    }
                    return rows;
                },
                LABELS);
        assertThat(choice.gain()).isBetween(-3 * choice.error(), 3 * choice.error());
        assertThat(choice.isSimple()).isEqualTo(choice.gain() <= choice.error());
    }

    @Test
    void overconfidenceAloneDoesNotCount() {
        // Ten times the logits are as good at another temperature.
        WeightInterpolation choice = WeightInterpolation.of(
                weights(1),
                weights(10),
                weights -> margins(2).apply(weights(1)).stream()
                        .map(row -> {
                            float scale = value(weights, "w");
                            return new float[] {row[0] * scale, row[1] * scale};
                        })
                        .toList(),
                LABELS);
        assertThat(choice.gain()).isCloseTo(0, within(1e-3));
        assertThat(choice.isSimple()).isTrue();
    }

    @Test
    void theBestMixtureIsKept() {
        // The margin is highest in the middle.
        WeightInterpolation choice = WeightInterpolation.of(
                weights(0),
                weights(1),
                weights -> margins(2).apply(weights(1.5f - 3 * Math.abs(value(weights, "w") - 0.5f))),
                LABELS);
        assertThat(choice.kept()).isEqualTo(0.5);
        assertThat(value(choice.weights(weights(0), weights(1)), "w")).isEqualTo(0.5f);
        assertThat(value(choice.weights(weights(0), weights(1)), "frozen")).isEqualTo(7);
    }
}
