package dev.graft.train;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Reference;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetricTest {
    record Case(JsonNode json) {
        Metric metric() {
            String kind = at(json, "metric").textValue();
            return switch (kind) {
                case "accuracy" -> Metric.accuracy();
                case "binary_accuracy" -> Metric.binaryAccuracy();
                case "top_k" -> Metric.topK(at(at(json, "config"), "k").intValue());
                case "auc" -> Metric.auc();
                case "precision" -> Metric.precision();
                case "recall" -> Metric.recall();
                case "f1" -> Metric.f1();
                case "mean_absolute_error" -> Metric.meanAbsoluteError();
                default -> throw new IllegalArgumentException("a metric that no test knows: " + kind);
            };
        }

        int examples() {
            return scores().shape().size(0);
        }

        HostTensor scores() {
            return Reference.tensor(at(json, "scores"));
        }

        Scored batch(int from, int to) {
            HostTensor targets = Reference.tensor(at(json, "targets"));
            double threshold = at(json, "threshold").doubleValue();
            return new Scored(rows(scores(), from, to), rows(targets, from, to), threshold);
        }

        private static HostTensor rows(HostTensor tensor, int from, int to) {
            int items = (int) tensor.shape().itemElements();
            float[] part = Arrays.copyOfRange(tensor.toArray(), from * items, to * items);
            return HostTensor.of(tensor.shape().withBatch(to - from), part);
        }

        @Override
        public String toString() {
            return at(json, "name").textValue();
        }
    }

    static Stream<Case> cases() {
        return Reference.each(Reference.read("metrics.json")).map(Case::new);
    }

    /** In batches of seven, the last one shorter; asked for its value after each, as the loop does. */
    @ParameterizedTest
    @MethodSource("cases")
    void theValueIsTheReferences(Case each) {
        Metric.Counter counter = each.metric().start();
        assertThat(counter.value()).as("before the first batch").isEqualTo(0);
        for (int from = 0; from < each.examples(); from += 7) {
            counter.add(each.batch(from, Math.min(from + 7, each.examples())));
            assertThat(counter.value()).isBetween(0.0, 2.0);
        }
        double value = at(each.json(), "value").doubleValue();
        assertThat(counter.value()).isCloseTo(value, within(1e-9));
    }

    @Test
    void namesAreThoseOfKeras() {
        assertThat(Stream.of(
                                Metric.accuracy(),
                                Metric.binaryAccuracy(),
                                Metric.binaryAccuracy(0.3),
                                Metric.topK(5),
                                Metric.auc(),
                                Metric.precision(),
                                Metric.recall(),
                                Metric.f1(),
                                Metric.meanAbsoluteError())
                        .map(Metric::name))
                .containsExactly(
                        "accuracy",
                        "binary_accuracy",
                        "binary_accuracy",
                        "top_5_accuracy",
                        "auc",
                        "precision",
                        "recall",
                        "f1",
                        "mean_absolute_error");
    }

    @Test
    void aCounterStartsAfresh() {
        Metric accuracy = Metric.accuracy();
        accuracy.start().add(batch(0.5, vector(0), 1, 0));
        Metric.Counter second = accuracy.start();
        second.add(batch(0.5, vector(1), 1, 0));
        assertThat(second.value()).isEqualTo(0);
    }

    /** The example of Keras' documentation of {@code AUC}: three of the four pairs of a yes and a no are in order. */
    @Test
    void theAreaIsThatOfKerasDocumentation() {
        assertThat(value(Metric.auc(), column(0.5, vector(0, 0, 1, 1), 0, 0.5f, 0.3f, 0.9f)))
                .isCloseTo(0.75, within(1e-12));
    }

    /** Scores that say nothing: one point in the middle of the diagonal. */
    @Test
    void theAreaOfTiesIsOneHalf() {
        assertThat(value(Metric.auc(), column(0.5, vector(0, 1, 1, 0), 0.4f, 0.4f, 0.4f, 0.4f)))
                .isCloseTo(0.5, within(1e-12));
    }

    @Test
    void theAreaNeedsProbabilities() {
        assertThatThrownBy(() -> value(Metric.auc(), column(0, vector(0, 1), -2, 2)))
                .isInstanceOf(GraftException.class)
                .hasMessage("auc: expected scores from 0 to 1, got -2.0; train with a cross-entropy, whose scores are"
                        + " probabilities");
        assertThatThrownBy(() -> value(Metric.auc(), column(0, vector(0), Float.NaN)))
                .hasMessageContaining("got NaN");
    }

    /** A score at the threshold is not above it; a threshold of one's own goes before that of the loss. */
    @Test
    void thresholdsAreExclusive() {
        Scored batch = column(0, vector(0, 1, 1, 0), 0, 0.5f, 0.75f, 1);
        assertThat(value(Metric.binaryAccuracy(), batch)).isEqualTo(0.75);
        assertThat(value(Metric.binaryAccuracy(0.5), batch)).isEqualTo(0.5);
        assertThat(value(Metric.binaryAccuracy(1), batch)).isEqualTo(0.5);
    }

    /** A network that gives every class the same score knows nothing, and is not right about five of five. */
    @Test
    void equalScoresAreNoTop() {
        Scored same = batch(0.5, vector(0, 1, 2, 3), 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(value(Metric.topK(2), same)).isEqualTo(0.5);
        Scored none = batch(0.5, vector(0), Float.NaN, Float.NaN);
        assertThat(value(Metric.topK(1), none)).isEqualTo(0);
        assertThatThrownBy(() -> Metric.topK(0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Taken: 0 0 1 1 2 for 0 1 1 1 1. Precisions 1/2, 1, 0; recalls 1, 1/2, nothing of class 2 to find. */
    @Test
    void classesCountAlikeHoweverRareTheyAre() {
        Scored batch = batch(0.5, vector(0, 1, 1, 1, 1), 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1);
        assertThat(value(Metric.precision(), batch)).isCloseTo((0.5 + 1 + 0) / 3, within(1e-12));
        assertThat(value(Metric.recall(), batch)).isCloseTo((1 + 0.5 + 0) / 3, within(1e-12));
        assertThat(value(Metric.f1(), batch)).isCloseTo((2 / 3.0 + 2 / 3.0 + 0) / 3, within(1e-12));
    }

    @Test
    void severalLabelsHaveNoClass() {
        HostTensor both = HostTensor.of(Shape.of(2, 2), 1, 0, 1, 1);
        Scored batch = batch(0.5, both, 0.9f, 0.2f, 0.8f, 0.7f);
        assertThat(value(Metric.binaryAccuracy(), batch)).isEqualTo(1);
        Stream.of(Metric.accuracy(), Metric.topK(1), Metric.f1()).forEach(metric -> assertThatThrownBy(
                        () -> value(metric, batch))
                .as(metric.name())
                .isInstanceOf(GraftException.class)
                .hasMessage("metrics of classes: the targets of example 1 add up to 2.0: expected 1, one class an"
                        + " example; use Metric.binaryAccuracy() or Metric.auc() for several"));
    }

    @Test
    void targetsOfAnotherShapeAreRefused() {
        assertThatThrownBy(() -> batch(0.5, HostTensor.allocate(Shape.of(1, 3)), 0.5f, 0.5f))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("targets: expected [N], or [1, 2] as the scores, got [1, 3]");
        assertThatThrownBy(() -> new Scored(vector(1, 0), vector(1, 0, 1), 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("targets: expected [N], or [2] as the scores, got [3]");
    }

    @Test
    void usersMakeTheirOwn() {
        Metric sure = Metric.mean("sure", (batch, example) -> batch.score(example, batch.predicted(example)));
        assertThat(sure.name()).isEqualTo("sure");
        assertThat(value(sure, batch(0.5, vector(0, 1), 0.75f, 0.25f, 0.5f, 0.5f)))
                .isEqualTo(0.625);
    }

    private static double value(Metric metric, Scored batch) {
        Metric.Counter counter = metric.start();
        counter.add(batch);
        return counter.value();
    }

    private static Scored column(double threshold, HostTensor targets, float... scores) {
        return new Scored(HostTensor.of(Shape.of(scores.length, 1), scores), targets, threshold);
    }

    /** As many rows as there are targets. */
    private static Scored batch(double threshold, HostTensor targets, float... scores) {
        int rows = targets.shape().size(0);
        return new Scored(HostTensor.of(Shape.of(rows, scores.length / rows), scores), targets, threshold);
    }

    private static HostTensor vector(float... values) {
        return HostTensor.of(Shape.of(values.length), values);
    }
}
