package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
    @Test
    void everyPartHasItsShareOfEveryClass() {
        // 60 of class 0, 30 of class 1, 10 of class 2
        Dataset dataset = Numbered.ofLabels(
                IntStream.range(0, 100).map(i -> i < 60 ? 0 : i < 90 ? 1 : 2).toArray());
        List<Dataset> parts = dataset.split(5, 0.7, 0.2, 0.1);
        assertThat(parts.get(0).countPerClass()).containsExactly(42, 21, 7);
        assertThat(parts.get(1).countPerClass()).containsExactly(12, 6, 2);
        assertThat(parts.get(2).countPerClass()).containsExactly(6, 3, 1);
    }

    /**
     * Whatever the classes and fractions: no example is lost, none is in two parts, no part is off by over a class
     * each.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void partsAreDisjointAndCoverEverything(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int examples = 40 + random.nextInt(100);
        int classes = 1 + random.nextInt(8);
        Dataset dataset = Numbered.ofLabels(
                IntStream.range(0, examples).map(i -> random.nextInt(classes)).toArray());
        double first = 0.2 + 0.5 * random.nextDouble();
        List<Dataset> parts = dataset.split(seed, first, (1 - first) / 2);
        assertThat(parts).as("two and the rest").hasSize(3);
        List<Integer> all = new ArrayList<>();
        parts.forEach(part -> {
            assertThat(Numbered.numbers(part)).isSorted();
            all.addAll(Numbered.numbers(part));
        });
        assertThat(all).doesNotHaveDuplicates().hasSize(examples);
        assertThat((double) parts.get(0).size()).isCloseTo(first * examples, within((double) classes));
    }

    @Test
    void roundingDoesNotAddUpFromClassToClass() {
        // 3 of each of 50 classes: halves of 3 are 1.5, so every other class must go the other way
        List<Dataset> parts = Numbered.of(150, 50).split(0.5, 0.5);
        assertThat(parts.get(0).size()).isEqualTo(75);
        assertThat(parts.get(1).size()).isEqualTo(75);
    }

    @Test
    void smallClassesAreInEveryPart() {
        Dataset dataset = Numbered.ofLabels(0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
        // a fifth of 8 is 1.6, of 2 it is 0.4
        assertThat(dataset.split(0.8, 0.2).get(1).countPerClass()).containsExactly(2, 1);
    }

    @Test
    void theSeedDecides() {
        Dataset dataset = Numbered.of(40, 2);
        List<Integer> part = Numbered.numbers(dataset.split(3, 0.5).get(0));
        assertThat(Numbered.numbers(Numbered.of(40, 2).split(3, 0.5).get(0))).isEqualTo(part);
        assertThat(Numbered.numbers(dataset.split(4, 0.5).get(0))).isNotEqualTo(part);
    }

    @Test
    void examplesOfUnknownClassAreSplitToo() {
        Dataset dataset = Dataset.ofArrays(Numbered.inputs(10), HostTensor.of(Shape.of(10, 1), new float[10]));
        List<Dataset> parts = dataset.split(0.8, 0.2);
        assertThat(parts.get(0).size()).isEqualTo(8);
        assertThat(parts.get(1).size()).isEqualTo(2);
    }

    @Test
    void badFractions() {
        Dataset dataset = Numbered.of(10, 1);
        for (double[] bad : new double[][] {{}, {0.8, 0.3}, {0}, {-0.1, 0.5}, {Double.NaN}}) {
            assertThatThrownBy(() -> dataset.split(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(dataset.split(0.7, 0.2, 0.1)).hasSize(3);
        assertThatThrownBy(() -> dataset.take(1).split(0.5, 0.5))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("1 examples are too few");
    }

    /** scikit-learn: compute_class_weight("balanced", classes=[0, 1, 2], y=[0] * 6 + [1] * 3 + [2]). */
    @Test
    void balancedWeightsAreScikitLearns() {
        assertThat(ClassWeights.balanced(6, 3, 1).weights()).containsExactly(10 / 18.0, 10 / 9.0, 10 / 3.0);
        assertThat(ClassWeights.balanced(4, 0, 4).weights()).containsExactly(1.0, 0.0, 1.0);
        assertThat(ClassWeights.balanced(70_000, 70_000).weights()).containsExactly(1.0, 1.0);
    }

    @Test
    void weightsMultiply() {
        Dataset dataset = Numbered.ofLabels(0, 0, 0, 1);
        Dataset weighted = dataset.weighted(example -> 3).weighted(ClassWeights.balanced(dataset));
        assertThat(weighted.get(0).weight()).isEqualTo(2);
        assertThat(weighted.get(3).weight()).isEqualTo(6);
        assertThatThrownBy(() -> dataset.weighted(ClassWeights.of(1)).get(3))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("label 1 is outside the 1 classes");
        assertThatThrownBy(() -> dataset.map(example -> example).countPerClass())
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("mapInputs");
    }
}
