package dev.graft.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is like nothing that was learnt is rejected, what is like it mostly not. */
class InDistributionTest {
    private static final int WIDTH = 32;

    private final SplittableRandom random = new SplittableRandom(3);

    /** Directions round one of two centres, or round none. */
    private List<float[]> features(int count, boolean known) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] row = new float[WIDTH];
            for (int j = 0; j < WIDTH; j++) {
                row[j] = (float) (random.nextDouble() - 0.5);
            }
            if (known) {
                row[i % 2] += 3;
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void oneInFiftyOfTheValidationPicturesIsRejectedAndNearlyAllStrangersAre() {
        List<float[]> validation = features(500, true);
        InDistribution inDistribution =
                InDistribution.of(features(1000, true), validation).orElseThrow();
        assertThat(inDistribution.examples().shape()).isEqualTo(Shape.of(InDistribution.EXAMPLES, WIDTH));
        assertThat(rejected(inDistribution, validation)).isEqualTo(10);
        assertThat(rejected(inDistribution, features(500, true))).isLessThan(30);
        assertThat(rejected(inDistribution, features(500, false))).isGreaterThan(480);
    }

    private static long rejected(InDistribution inDistribution, List<float[]> rows) {
        return rows.stream()
                .filter(row -> inDistribution.rejects(inDistribution.score(row)))
                .count();
    }

    @Test
    void theScoreIsTheLargestCosineWhateverTheLength() {
        HostTensor examples = HostTensor.of(Shape.of(2, 2), new float[] {1, 0, 0.6f, 0.8f});
        InDistribution inDistribution = new InDistribution(examples, 0.5);
        assertThat(inDistribution.score(new float[] {0, 7})).isCloseTo(0.8, within(1e-6));
        assertThat(inDistribution.score(new float[] {-5, 0})).isCloseTo(-0.6, within(1e-6));
        assertThat(inDistribution.rejects(Double.NaN)).isTrue();
        assertThatThrownBy(() -> inDistribution.score(new float[3])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fewValidationPicturesSetNoThreshold() {
        List<float[]> training = features(100, true);
        assertThat(InDistribution.of(training, features(InDistribution.LEAST_VALIDATION - 1, true)))
                .isEmpty();
        assertThat(InDistribution.of(training, features(InDistribution.LEAST_VALIDATION, true)))
                .isPresent();
    }
}
