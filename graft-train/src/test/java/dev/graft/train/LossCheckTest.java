package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What losses refuse before a step, and what they let metrics see. */
class LossCheckTest {
    private static final Shape THREE = Shape.batchOf(3);
    private static final Shape ONE = Shape.batchOf(1);

    static Stream<Arguments> refused() {
        Loss classes = Loss.crossEntropy();
        Loss oneHot = Loss.oneHotCrossEntropy();
        Loss binary = Loss.binaryCrossEntropy();
        Loss error = Loss.meanSquaredError();
        Loss hinge = Loss.hinge();
        return Stream.of(
                Arguments.of(
                        classes,
                        vector(0, 1, 2, 7),
                        THREE,
                        "cross-entropy: label 7 of example 3: expected 0 to 2, a whole number, as the network has 3"
                                + " outputs; fix the label or give the head an output a class"),
                Arguments.of(classes, vector(-1), THREE, "cross-entropy: label -1 of example 0: expected 0 to 2"),
                Arguments.of(classes, vector(0, -100), THREE, "cross-entropy: label -100 of example 1"),
                Arguments.of(classes, vector(1, 1.5f), THREE, "cross-entropy: label 1.5 of example 1: expected 0 to 2"),
                Arguments.of(classes, vector(Float.NaN), THREE, "cross-entropy: label NaN of example 0"),
                Arguments.of(
                        classes,
                        matrix(2, 3, 1, 0, 0, 0, 0, 1),
                        THREE,
                        "cross-entropy: expected targets [N], got [2, 3];"
                                + " use Loss.oneHotCrossEntropy() for one-hot targets"),
                Arguments.of(
                        classes,
                        matrix(2, 1, 0, 1),
                        THREE,
                        "cross-entropy: expected targets [N], got [2, 1]; give one class index an example"),
                Arguments.of(
                        classes, vector(0, 1), Shape.of(3, 3), "cross-entropy: expected targets [3], got [2]; give"),
                Arguments.of(
                        classes,
                        vector(0, 1),
                        ONE,
                        "cross-entropy: expected outputs of 2 classes or more, got [N, 1];"
                                + " use Loss.binaryCrossEntropy() for one output"),
                Arguments.of(
                        classes,
                        vector(0, 1),
                        Shape.batchOf(512, 7, 7),
                        "cross-entropy: expected outputs [N, units], got [N, 512, 7, 7];"
                                + " put Flatten or a global pooling before the head"),
                Arguments.of(
                        oneHot,
                        vector(0, 1),
                        THREE,
                        "one-hot cross-entropy: expected targets [N, 3], got [2];"
                                + " use Loss.crossEntropy() for class indices"),
                Arguments.of(
                        oneHot,
                        matrix(1, 4, 1, 0, 0, 0),
                        THREE,
                        "one-hot cross-entropy: expected targets [N, 3], got [1, 4]; give one column an output"),
                Arguments.of(
                        oneHot,
                        matrix(2, 3, 0, 1, 0, 1, 0, 1),
                        THREE,
                        "one-hot cross-entropy: the targets of example 1 add up to 2: expected 1;"
                                + " use Loss.binaryCrossEntropy() for several classes an example, or none"),
                Arguments.of(
                        oneHot,
                        matrix(2, 3, 0, 1, 0, -1, 1, 1),
                        THREE,
                        "one-hot cross-entropy: target -1 of example 1, column 0: expected 0 to 1"),
                Arguments.of(
                        binary,
                        vector(0, 1, 2),
                        ONE,
                        "binary cross-entropy: target 2 of example 2: expected 0 or 1;"
                                + " use Loss.crossEntropy() for more classes"),
                Arguments.of(binary, vector(0.5f), ONE, "binary cross-entropy: target 0.5 of example 0: expected 0 or"),
                Arguments.of(
                        binary,
                        matrix(2, 1, 0, -1),
                        ONE,
                        "binary cross-entropy: target -1 of example 1: expected 0 to 1"),
                Arguments.of(
                        binary,
                        vector(0, 1),
                        THREE,
                        "binary cross-entropy: expected targets [N, 3], got [2];"
                                + " use Loss.crossEntropy() for class indices"),
                Arguments.of(
                        binary,
                        matrix(2, 2, 0, 1, 1, 0),
                        ONE,
                        "binary cross-entropy: expected targets [N, 1], got [2, 2];"
                                + " use Loss.oneHotCrossEntropy() for one-hot targets, with an output a class"),
                Arguments.of(
                        error,
                        vector(0, 1),
                        THREE,
                        "mean squared error: expected targets [N, 3], got [2]; use Loss.crossEntropy() for class"),
                Arguments.of(
                        error,
                        vector(1, Float.NaN),
                        ONE,
                        "mean squared error: target NaN of example 1: expected a finite number"),
                Arguments.of(
                        hinge,
                        vector(1, -1),
                        ONE,
                        "hinge: target -1 of example 1: expected 0 or 1, which count as -1 and 1"),
                Arguments.of(
                        Loss.squaredHinge(), vector(3), THREE, "squared hinge: label 3 of example 0: expected 0 to 2"),
                Arguments.of(
                        hinge,
                        matrix(1, 2, 0, 1),
                        THREE,
                        "hinge: expected targets [N, 3], got [1, 2]; give one column an output"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void targetsThatDoNotFitAreRefused(Loss loss, HostTensor targets, Shape outputs, String message) {
        assertThatThrownBy(() -> loss.check(targets, outputs))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(message);
    }

    static Stream<Arguments> taken() {
        return Stream.of(
                Arguments.of(Loss.crossEntropy(), vector(0, 1, 2), Shape.of(3, 3)),
                Arguments.of(Loss.oneHotCrossEntropy(), matrix(2, 3, 0, 0, 1, 0.3f, 0, 0.7f), THREE),
                Arguments.of(Loss.binaryCrossEntropy(), vector(0, 1), ONE),
                Arguments.of(Loss.binaryCrossEntropy(), matrix(2, 1, 0, 0.4f), ONE),
                Arguments.of(Loss.binaryCrossEntropy(), matrix(1, 3, 1, 0, 1), THREE),
                Arguments.of(Loss.meanSquaredError(), vector(-3, 8), ONE),
                Arguments.of(
                        Loss.meanSquaredError(), HostTensor.allocate(Shape.of(2, 3, 4, 4)), Shape.batchOf(3, 4, 4)),
                Arguments.of(Loss.hinge(), vector(0, 1), ONE),
                Arguments.of(Loss.hinge(), vector(0, 2), THREE),
                Arguments.of(Loss.hinge(), matrix(1, 3, 1, 0, 1), THREE));
    }

    @ParameterizedTest
    @MethodSource("taken")
    void targetsThatFitAreTaken(Loss loss, HostTensor targets, Shape outputs) {
        assertThatCode(() -> loss.check(targets, outputs)).doesNotThrowAnyException();
    }

    @Test
    void metricsSeeTheSoftmaxOfLogits() {
        HostTensor logits = matrix(2, 3, 0, 0, (float) Math.log(2), 1000, 0, -1000);
        HostTensor scores = Loss.crossEntropy().scores(logits);
        assertThat(scores.shape()).isEqualTo(logits.shape());
        assertThat(scores.toArray()).containsExactly(new float[] {0.25f, 0.25f, 0.5f, 1, 0, 0}, within(1e-7f));
        assertThat(Loss.oneHotCrossEntropy().scores(logits).toArray()).isEqualTo(scores.toArray());
        assertThat(Loss.crossEntropy().threshold()).isEqualTo(0.5);
    }

    @Test
    void metricsSeeTheSigmoidOfALogit() {
        HostTensor logits = matrix(4, 1, 0, (float) Math.log(3), 1000, -1000);
        assertThat(Loss.binaryCrossEntropy().scores(logits).toArray())
                .containsExactly(new float[] {0.5f, 0.75f, 1, 0}, within(1e-7f));
        assertThat(Loss.binaryCrossEntropy().threshold()).isEqualTo(0.5);
    }

    @Test
    void metricsSeeAllElseAsItIs() {
        HostTensor outputs = matrix(2, 2, 0.25f, 0.75f, 0.5f, 0.5f);
        Stream.of(
                        Loss.crossEntropy().fromProbabilities(),
                        Loss.binaryCrossEntropy().fromProbabilities(),
                        Loss.meanSquaredError(),
                        Loss.hinge())
                .forEach(loss -> {
                    assertThat(loss.scores(outputs)).as("%s", loss).isSameAs(outputs);
                    assertThat(loss.fromLogits()).as("%s", loss).isFalse();
                });
        assertThat(Loss.crossEntropy().fromLogits()).isTrue();
        assertThat(Loss.binaryCrossEntropy().fromLogits()).isTrue();
    }

    @Test
    void aRowMeansTheHighestClassAndOneOutputItsSide() {
        assertThat(Loss.crossEntropy().predicted(new float[] {-3, 2, 1})).isEqualTo(1);
        assertThat(Loss.hinge().predicted(new float[] {-3, -2, -4})).isEqualTo(1);
        assertThat(sides(Loss.binaryCrossEntropy(), -0.1f, 0.1f)).containsExactly(0, 1);
        assertThat(sides(Loss.binaryCrossEntropy().fromProbabilities(), 0.4f, 0.6f))
                .containsExactly(0, 1);
        assertThat(sides(Loss.hinge(), -0.1f, 0.1f)).containsExactly(0, 1);
        assertThat(sides(Loss.meanSquaredError(), 0.4f, 0.6f)).containsExactly(0, 1);
    }

    private static int[] sides(Loss loss, float... outputs) {
        int[] sides = new int[outputs.length];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = loss.predicted(new float[] {outputs[i]});
        }
        return sides;
    }

    @Test
    void smoothingIsAShare() {
        assertThatThrownBy(() -> Loss.crossEntropy().labelSmoothing(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("label smoothing is from 0 to below 1, got 1.0");
        assertThatThrownBy(() -> Loss.binaryCrossEntropy().labelSmoothing(-0.1)).hasMessageContaining("smoothing");
    }

    private static HostTensor vector(float... values) {
        return HostTensor.of(Shape.of(values.length), values);
    }

    private static HostTensor matrix(int rows, int columns, float... values) {
        return HostTensor.of(Shape.of(rows, columns), values);
    }
}
