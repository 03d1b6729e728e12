package dev.graft.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.report.Evaluation.ClassResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Counts and shares against numbers worked out by hand. */
class EvaluationTest {
    private static final List<String> CLASSES = List.of("ant", "bee", "cow");

    /** Ants: 2 found, 1 taken for a bee. Bees: 1 found, 1 taken for an ant. No cow, and nothing taken for one. */
    private static Evaluation example() {
        float[] ant = {2, 0, 0};
        float[] bee = {0, 2, 0};
        return Evaluation.of(CLASSES, List.of(ant, ant, bee, bee, ant), new int[] {0, 0, 0, 1, 1});
    }

    @Test
    void rowsOfTheConfusionAreTheTruth() {
        assertThat(example().confusion()).containsExactly(List.of(2, 1, 0), List.of(1, 1, 0), List.of(0, 0, 0));
        assertThat(example().total()).isEqualTo(5);
        assertThat(example().correct()).isEqualTo(3);
        assertThat(example().accuracy()).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void everyClassHasItsShares() {
        List<ClassResult> results = example().perClass();
        check(results.get(0), "ant", 2.0 / 3, 2.0 / 3, 2.0 / 3, 3);
        check(results.get(1), "bee", 1.0 / 2, 1.0 / 2, 1.0 / 2, 2);
        ClassResult none = results.get(2);
        assertThat(none.support()).isZero();
        assertThat(List.of(none.precision(), none.recall(), none.f1()))
                .as("of a class without pictures nothing is known")
                .containsOnly(Double.NaN);
    }

    @Test
    void aClassThatNothingIsTakenForHasAPrecisionOfZero() {
        Evaluation evaluation =
                new Evaluation(CLASSES, List.of(List.of(0, 3, 0), List.of(0, 2, 0), List.of(0, 0, 0)), 0, 0);
        check(evaluation.perClass().get(0), "ant", 0, 0, 0, 3);
    }

    @Test
    void precisionAndRecallAreNotMixedUp() {
        Evaluation evaluation =
                new Evaluation(CLASSES, List.of(List.of(1, 3, 0), List.of(0, 2, 0), List.of(0, 0, 4)), 0, 0);
        check(evaluation.perClass().get(0), "ant", 1, 0.25, 0.4, 4);
        check(evaluation.perClass().get(1), "bee", 0.4, 1, 4.0 / 7, 2);
        check(evaluation.perClass().get(2), "cow", 1, 1, 1, 4);
    }

    private static void check(
            ClassResult result, String name, double precision, double recall, double f1, int support) {
        assertThat(result.name()).isEqualTo(name);
        assertThat(result.precision()).isCloseTo(precision, within(1e-12));
        assertThat(result.recall()).isCloseTo(recall, within(1e-12));
        assertThat(result.f1()).isCloseTo(f1, within(1e-12));
        assertThat(result.support()).isEqualTo(support);
    }

    @Test
    void theLossIsTheMeanCrossEntropy() {
        double right = -Math.log(Math.exp(2) / (Math.exp(2) + 2));
        double wrong = -Math.log(1 / (Math.exp(2) + 2));
        assertThat(example().loss()).isCloseTo((3 * right + 2 * wrong) / 5, within(1e-12));
    }

    @Test
    void aHopelessLogitGivesALargeLossAndNotInfinity() {
        Evaluation evaluation = Evaluation.of(CLASSES, List.of(new float[] {3e38f, -3e38f, 0}), new int[] {1});
        assertThat(evaluation.loss()).isBetween(700.0, 710.0);
    }

    @Test
    void ofNothingEverythingIsZero() {
        Evaluation nothing = Evaluation.of(CLASSES, List.of(), new int[0]);
        assertThat(nothing.total()).isZero();
        assertThat(nothing.accuracy()).isZero();
        assertThat(nothing.loss()).isZero();
    }

    @Test
    void softmaxIsSafeFromOverflow() {
        assertThat(Softmax.of(new float[] {0, (float) Math.log(3)}))
                .containsExactly(new double[] {0.25, 0.75}, within(1e-7));
        assertThat(Softmax.of(new float[] {1e4f, 1e4f})).containsExactly(0.5, 0.5);
        assertThat(Softmax.of(new float[] {3.4e38f, -3.4e38f})).containsExactly(1, 0);
        assertThat(Softmax.of(new float[] {-1e4f, -1e4f, -1e4f, -1e4f})).containsExactly(.25, .25, .25, .25);
    }

    @Test
    void argmaxIsTheFirstOfTheHighest() {
        assertThat(Softmax.argmax(new float[] {1, 3, 3, 2})).isEqualTo(1);
    }
}
