package dev.graft.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Probabilities that are too sure, or not sure enough, are fixed. */
class TemperatureTest {
    private final List<float[]> logits = new ArrayList<>();
    private final int[] labels = new int[4000];

    /** Labels drawn from the softmax of logits, which are then multiplied: the temperature that fixes them. */
    private Calibration multipliedBy(double factor) {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < labels.length; i++) {
            float[] honest = new float[4];
            for (int label = 0; label < 4; label++) {
                honest[label] = (float) (random.nextDouble() * 4);
            }
            double[] probabilities = Softmax.of(honest);
            double drawn = random.nextDouble();
            int label = 0;
            while (label < 3 && drawn >= probabilities[label]) {
                drawn -= probabilities[label++];
            }
            labels[i] = label;
            float[] given = new float[4];
            for (int j = 0; j < 4; j++) {
                given[j] = (float) (honest[j] * factor);
            }
            logits.add(given);
        }
        return Calibration.of(logits, labels);
    }

    @Test
    void tooSureLogitsAreCooledToWhatTheyWere() {
        Calibration calibration = multipliedBy(3);
        assertThat(calibration.temperature()).isCloseTo(3, within(0.15));
        assertThat(calibration.lossAfter()).isLessThan(calibration.lossBefore() - 0.1);
        assertThat(calibration.errorBefore()).isGreaterThan(0.15);
        assertThat(calibration.errorAfter()).isLessThan(0.03);
    }

    @Test
    void shyLogitsAreSharpened() {
        Calibration calibration = multipliedBy(0.25);
        assertThat(calibration.temperature()).isCloseTo(0.25, within(0.02));
        assertThat(calibration.lossAfter()).isLessThan(calibration.lossBefore());
        assertThat(calibration.errorAfter()).isLessThan(calibration.errorBefore());
    }

    @Test
    void noOtherTemperatureHasALowerLoss() {
        double best = multipliedBy(3).lossAfter();
        for (double temperature : new double[] {1, 2, 2.7, 3.3, 4, 10}) {
            assertThat(Temperature.loss(logits, labels, temperature)).isGreaterThan(best);
        }
    }

    @Test
    void fewPicturesThatAreAllRightDoNotMakeItCertain() {
        List<float[]> right = List.of(new float[] {1, 0}, new float[] {0, 1}, new float[] {1, 0});
        double temperature = Temperature.fit(right, new int[] {0, 1, 0});
        // The softened target of three pictures is 1 - 0.1 / 5, so logits 1 apart become log 49 apart.
        assertThat(temperature).isCloseTo(1 / Math.log(49), within(1e-9));
    }

    @Test
    void whatIsSurerThanFewPicturesCanSayStays() {
        List<float[]> right = List.of(new float[] {9, 0}, new float[] {0, 9}, new float[] {9, 0});
        Calibration calibration = Calibration.of(right, new int[] {0, 1, 0});
        assertThat(calibration.temperature()).isEqualTo(1);
        assertThat(calibration.lossAfter()).isEqualTo(calibration.lossBefore());
    }

    @Test
    void whereNothingCanBeSaidItIsOne() {
        assertThat(Temperature.fit(List.of(), new int[0])).isEqualTo(1);
        assertThat(Temperature.fit(List.of(new float[] {2, 2}, new float[] {2, 2}), new int[] {0, 1}))
                .isEqualTo(1);
        assertThat(Temperature.fit(List.of(new float[] {3}), new int[] {0})).isEqualTo(1);
    }

    /** By hand: two pictures of 0.75 of which one is right, and one of 0.9 that is right. */
    @Test
    void theErrorIsTheGapOfEachBinByItsShare() {
        float three = (float) Math.log(3);
        float nine = (float) Math.log(9);
        List<float[]> rows = List.of(new float[] {three, 0}, new float[] {three, 0}, new float[] {0, nine});
        assertThat(Temperature.calibrationError(rows, new int[] {0, 1, 1}, 1))
                .isCloseTo((2 * 0.25 + 0.1) / 3, within(1e-7));
    }
}
