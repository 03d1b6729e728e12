package dev.graft.heads;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.NoTensorLeft;
import dev.graft.testing.Reference;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Linear heads against torch's solutions in double precision, and what cross-validation makes of regularisation. */
@ExtendWith(NoTensorLeft.class)
class LinearSolverTest {
    private static final JsonNode HEADS = Reference.read("heads.json");
    private static final FeatureTable TABLE = new FeatureTable(
            Reference.tensor(at(HEADS, "features")),
            Reference.doubles(at(HEADS, "labels")).stream()
                    .mapToInt(Double::intValue)
                    .toArray(),
            3);

    private static LinearSolver solver(LinearLoss loss) {
        return new LinearSolver(loss, 1);
    }

    @ParameterizedTest
    @EnumSource
    void findsTheMinimumThatTorchFinds(LinearLoss loss) {
        JsonNode expected = at(HEADS, loss.name().toLowerCase(Locale.ROOT));
        LinearHead head = solver(loss).fit(TABLE, at(HEADS, "regularisation").doubleValue());
        assertThat(head.weight().toArray())
                .containsExactly(Reference.tensor(at(expected, "weight")).toArray(), within(2e-3f));
        assertThat(head.bias().toArray())
                .containsExactly(Reference.tensor(at(expected, "bias")).toArray(), within(5e-3f));
        assertThat(objective(loss, head)).isCloseTo(at(expected, "objective").doubleValue(), within(1e-6));
    }

    /** As the generator computes it, on features as they are. */
    private static double objective(LinearLoss loss, LinearHead head) {
        PrincipalBasis basis = PrincipalBasis.of(TABLE.features(), Engines.ONE_THREAD);
        float[] slopes = new float[3];
        double sum = 0;
        for (int row = 0; row < TABLE.size(); row++) {
            sum += loss.at(logits(head, row), TABLE.label(row), slopes);
        }
        double square = 0;
        for (float weight : head.weight().toArray()) {
            square += weight * weight / (basis.scale() * basis.scale());
        }
        return sum / TABLE.size() + at(HEADS, "regularisation").doubleValue() / 2 * square;
    }

    private static float[] logits(LinearHead head, int row) {
        float[] logits = head.bias().toArray();
        for (int label = 0; label < logits.length; label++) {
            for (int i = 0; i < TABLE.width(); i++) {
                logits[label] += head.weight().get(label * TABLE.width() + i)
                        * TABLE.features().get(row * TABLE.width() + i);
            }
        }
        return logits;
    }

    /** More features than examples, so the axes come from the examples. */
    @ParameterizedTest
    @EnumSource
    void fewExamplesOfManyFeaturesAreToldApart(LinearLoss loss) {
        FeatureTable table = clouds(30, 100, 3, 2);
        LinearHead head = solver(loss).fit(table, 1e-4);
        assertThat(accuracy(table, head)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void crossValidationRegularisesMoreWhereClassesOverlap(LinearLoss loss) {
        LinearSolver.Fit apart = solver(loss).fit(clouds(120, 20, 4, 3));
        LinearSolver.Fit mixed = solver(loss).fit(clouds(120, 20, 4, 0.3));
        assertThat(mixed.regularisation()).isGreaterThan(apart.regularisation());
        assertThat(mixed.loss()).isGreaterThan(apart.loss());
    }

    @Test
    void headsAreJudgedOnExamplesTheyDidNotSee() {
        FeatureTable noise = clouds(200, 60, 4, 0);
        LinearSolver solver = LinearSolver.logistic(1);
        HostTensor logits = solver.outOfFold(noise, 1e-6);
        assertThat(accuracy(noise, solver.fit(noise, 1e-6))).isGreaterThan(0.6);
        assertThat(accuracy(noise, logits)).isLessThan(0.4);
    }

    @Test
    void crossValidationHoldsOutEachExampleOnce() {
        FeatureTable noise = clouds(200, 60, 4, 0);
        LinearSolver solver = LinearSolver.logistic(1);
        LinearSolver.HeldOut held = solver.crossValidated(noise);
        assertThat(held.rows()).hasSize(noise.size()).doesNotHaveDuplicates();
        assertThat(accuracy(noise, held)).isLessThan(0.4);
        FeatureTable clear = clouds(200, 60, 4, 4);
        LinearSolver.HeldOut told = solver.crossValidated(clear);
        assertThat(accuracy(clear, told)).isGreaterThan(0.8);
        // The same folds and the same regularisation, so nearly the same logits; those differ by where each search
        // began.
        HostTensor again = solver.outOfFold(clear, solver.fit(clear).regularisation());
        assertThat(accuracy(clear, told)).isCloseTo(accuracy(clear, again), within(0.02));
    }

    private static double accuracy(FeatureTable table, LinearSolver.HeldOut held) {
        HostTensor ordered = HostTensor.allocate(held.logits().shape());
        for (int i = 0; i < ordered.elements(); i++) {
            int row = held.rows()[i / table.classes()];
            ordered.put(
                    row * table.classes() + i % table.classes(), held.logits().get(i));
        }
        return accuracy(table, ordered);
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        FeatureTable table = clouds(90, 12, 3, 1);
        LinearSolver.Fit first = LinearSolver.logistic(7).fit(table);
        LinearSolver.Fit second = LinearSolver.logistic(7).fit(table);
        assertThat(first.head().weight().sameBits(second.head().weight())).isTrue();
        assertThat(first.regularisation()).isEqualTo(second.regularisation());
    }

    @Test
    void constantFeaturesGiveTheSharesOfTheClasses() {
        FeatureTable table = new FeatureTable(HostTensor.allocate(Shape.of(4, 2)), new int[] {0, 0, 0, 1}, 2);
        LinearHead head = LinearSolver.logistic(1).fit(table, 1e-3);
        assertThat(head.weight().toArray()).containsOnly(0);
        assertThat(head.bias().get(0) - head.bias().get(1)).isCloseTo((float) Math.log(3), within(1e-3f));
    }

    @Test
    void whatCannotBeFittedIsSaid() {
        FeatureTable single = new FeatureTable(HostTensor.allocate(Shape.of(3, 2)), new int[] {0, 0, 1}, 2);
        assertThatThrownBy(() -> LinearSolver.logistic(1).fit(single))
                .isInstanceOf(GraftException.class)
                .hasMessage(
                        "class 0: 2 training pictures are fewer than the 5 folds of a cross-validation; give more, or"
                                + " another head");
        assertThatThrownBy(() -> LinearSolver.logistic(1).fit(TABLE, 0))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("expected a number above 0, got 0.0");
        assertThatThrownBy(() -> new FeatureTable(HostTensor.of(Shape.of(1, 1), Float.NaN), new int[] {0}, 1))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("not finite");
    }

    @Test
    void theNearestMeanNeedsOneExampleOfEachClass() {
        FeatureTable table = new FeatureTable(HostTensor.of(Shape.of(2, 2), 1, 0, 0, 3), new int[] {0, 1}, 2);
        LinearHead head = NearestMean.fit(table);
        assertThat(accuracy(table, head)).isEqualTo(1);
        // As far from both means.
        float[] middle = {0.5f, 1.5f};
        float first = head.bias().get(0)
                + head.weight().get(0) * middle[0]
                + head.weight().get(1) * middle[1];
        float second = head.bias().get(1)
                + head.weight().get(2) * middle[0]
                + head.weight().get(3) * middle[1];
        assertThat(first).isCloseTo(second, within(1e-4f));
        assertThatThrownBy(() -> NearestMean.fit(new FeatureTable(table.features(), new int[] {0, 0}, 2)))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("class 1 has no training picture");
    }

    /** Classes around means that are {@code apart} from each other, in units of their width. */
    private static FeatureTable clouds(int examples, int width, int classes, double apart) {
        Random random = new Random(3);
        HostTensor features = HostTensor.allocate(Shape.of(examples, width));
        int[] labels = new int[examples];
        for (int row = 0; row < examples; row++) {
            labels[row] = row % classes;
            for (int i = 0; i < width; i++) {
                double mean = i == labels[row] ? apart : 0;
                features.put(row * width + i, (float) (5 + mean + random.nextGaussian()));
            }
        }
        return new FeatureTable(features, labels, classes);
    }

    private static double accuracy(FeatureTable table, LinearHead head) {
        HostTensor logits = HostTensor.allocate(Shape.of(table.size(), table.classes()));
        for (int row = 0; row < table.size(); row++) {
            for (int label = 0; label < table.classes(); label++) {
                float sum = head.bias().get(label);
                for (int i = 0; i < table.width(); i++) {
                    sum += head.weight().get(label * table.width() + i)
                            * table.features().get(row * table.width() + i);
                }
                logits.put(row * table.classes() + label, sum);
            }
        }
        return accuracy(table, logits);
    }

    private static double accuracy(FeatureTable table, HostTensor logits) {
        int right = 0;
        for (int row = 0; row < table.size(); row++) {
            float[] theirs = Arrays.copyOfRange(logits.toArray(), row * table.classes(), (row + 1) * table.classes());
            int best = 0;
            for (int label = 1; label < theirs.length; label++) {
                best = theirs[label] > theirs[best] ? label : best;
            }
            right += best == table.label(row) ? 1 : 0;
        }
        return (double) right / table.size();
    }
}
