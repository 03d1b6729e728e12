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
class FamiliarityTest {
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
        Familiarity familiarity =
                Familiarity.of(features(1000, true), validation).orElseThrow();
        assertThat(familiarity.examples().shape()).isEqualTo(Shape.of(Familiarity.EXAMPLES, WIDTH));
        assertThat(rejected(familiarity, validation)).isEqualTo(10);
        assertThat(rejected(familiarity, features(500, true))).isLessThan(30);
        assertThat(rejected(familiarity, features(500, false))).isGreaterThan(480);
    }

    private static long rejected(Familiarity familiarity, List<float[]> rows) {
        return rows.stream()
                .filter(row -> familiarity.rejects(familiarity.score(row)))
                .count();
    }

    @Test
    void theScoreIsTheLargestCosineWhateverTheLength() {
        HostTensor examples = HostTensor.of(Shape.of(2, 2), new float[] {1, 0, 0.6f, 0.8f});
        Familiarity familiarity = new Familiarity(examples, 0.5);
        assertThat(familiarity.score(new float[] {0, 7})).isCloseTo(0.8, within(1e-6));
        assertThat(familiarity.score(new float[] {-5, 0})).isCloseTo(-0.6, within(1e-6));
        assertThat(familiarity.rejects(Double.NaN)).isTrue();
        assertThatThrownBy(() -> familiarity.score(new float[3])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fewValidationPicturesSetNoThreshold() {
        List<float[]> training = features(100, true);
        assertThat(Familiarity.of(training, features(Familiarity.LEAST_VALIDATION - 1, true)))
                .isEmpty();
        assertThat(Familiarity.of(training, features(Familiarity.LEAST_VALIDATION, true)))
                .isPresent();
    }
}
