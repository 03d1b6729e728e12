package dev.graft.dataset;

import static dev.graft.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
    @Test
    void rowsOfArraysAreExamples() {
        Dataset dataset = Dataset.ofArrays(Numbered.inputs(3), HostTensor.of(Shape.of(3, 1), 10, 11, 12));
        assertThat(dataset.size()).isEqualTo(3);
        assertThat(dataset.get(2).input().shape()).isEqualTo(Shape.of(2));
        assertThat(dataset.get(2).input().toArray()).containsExactly(2, 2.5f);
        assertThat(dataset.get(2).target().shape()).isEqualTo(Shape.of(1));
        assertThat(dataset.get(2).target().toArray()).containsExactly(12);
        assertThat(dataset.get(2).weight()).isEqualTo(1);
        assertThat(dataset.classes()).isEmpty();
        List<Integer> seen = new ArrayList<>();
        dataset.forEach(example -> seen.add(Numbered.number(example)));
        assertThat(seen).containsExactly(0, 1, 2);
    }

    @Test
    void examplesMayHaveSeveralInputsAndTargets() {
        HostTensor other = HostTensor.of(Shape.of(2, 1, 2), 5, 6, 7, 8);
        HostTensor plain = HostTensor.of(Shape.of(2), 0.25f, 0.75f);
        Example last = Dataset.ofArrays(List.of(Numbered.inputs(2), other), List.of(plain, other))
                .get(1);
        assertThat(last.inputs().get(1).shape()).isEqualTo(Shape.of(1, 2));
        assertThat(last.inputs().get(1).toArray()).containsExactly(7, 8);
        assertThat(last.targets().get(0).shape()).isEqualTo(Shape.of());
        assertThat(last.targets().get(0).get(0)).isEqualTo(0.75f);
        assertThatThrownBy(last::input).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void badArrays() {
        refused(
                () -> Dataset.ofArrays(Numbered.inputs(3), HostTensor.of(Shape.of(2), 1, 2)),
                "target 0 is [2]",
                "2 rows",
                "input 0 has 3");
        refused(() -> Dataset.ofArrays(Numbered.inputs(3), 0, 1), "3 examples but 2 labels");
        refused(() -> Dataset.ofArrays(Numbered.inputs(2), 0, -1), "label 1 is -1");
        refused(() -> Dataset.ofArrays(Numbered.inputs(0), HostTensor.of(Shape.of(0))), "0 examples");
        refused(() -> Dataset.ofArrays(Numbered.inputs(0), new int[0]), "0 examples");
        refused(() -> Dataset.ofArrays(HostTensor.of(Shape.of(), 1), 1), "expected [N, ...]");
    }

    /** A function that writes into its argument would change a cache or the user's array for all epochs to come. */
    @Test
    void arraysCannotBeWrittenThrough() {
        Dataset dataset = Numbered.of(2, 2).mapInputs(input -> {
            input.put(0, 99);
            return input;
        });
        assertThatThrownBy(() -> dataset.get(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("example 1: the function given to mapInputs writes into the tensor it got");
    }

    @Test
    void nothingIsMadeBeforeItIsTaken() {
        AtomicInteger made = new AtomicInteger();
        Dataset dataset = Dataset.of(100, i -> {
                    made.incrementAndGet();
                    return Example.labelled(HostTensor.of(Shape.of(1), i), 0);
                })
                .map(example -> example.withWeight(2))
                .skip(10)
                .shuffle(1);
        dataset.batch(4);
        assertThat(made).hasValue(0);
        dataset.get(0);
        assertThat(made).hasValue(1);
    }

    @Test
    void takeAndSkip() {
        Dataset dataset = Numbered.of(5, 2);
        assertThat(Numbered.numbers(dataset.take(2))).containsExactly(0, 1);
        assertThat(Numbered.numbers(dataset.take(9))).containsExactly(0, 1, 2, 3, 4);
        assertThat(Numbered.numbers(dataset.skip(3))).containsExactly(3, 4);
        assertThat(Numbered.numbers(dataset.skip(1).take(3).skip(1))).containsExactly(2, 3);
        refused(() -> dataset.skip(5), "skip(5)", "5 examples");
        assertThatThrownBy(() -> dataset.take(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dataset.take(2).get(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void eachEpochHasItsOwnOrder() {
        Dataset dataset = Numbered.of(50, 2).shuffle(3);
        List<Integer> first = Numbered.numbers(dataset, 0);
        List<Integer> second = Numbered.numbers(dataset, 1);
        assertThat(first)
                .isNotEqualTo(second)
                .isNotEqualTo(IntStream.range(0, 50).boxed().toList());
        assertThat(first).containsExactlyInAnyOrderElementsOf(second).doesNotHaveDuplicates();
        assertThat(Numbered.numbers(dataset, 0)).isEqualTo(first);
        assertThat(Numbered.numbers(Numbered.of(50, 2).shuffle(3), 1)).isEqualTo(second);
        assertThat(Numbered.numbers(Numbered.of(50, 2).shuffle(4), 0)).isNotEqualTo(first);
    }

    /** Pinned: a run must be repeatable with a new release or JDK. */
    @Test
    void theOrderOfASeedIsPinned() {
        assertThat(Numbered.numbers(Numbered.of(8, 2).shuffle(42), 0)).containsExactly(6, 1, 4, 2, 0, 3, 7, 5);
    }

    @Test
    void partsAfterAShuffleWouldLeak() {
        Dataset shuffled = Numbered.of(10, 2).shuffle(1).mapInputs(input -> input);
        refused(() -> shuffled.take(2), "take after shuffle", "leak", "call take before shuffle");
        refused(() -> shuffled.skip(2), "skip after shuffle");
        refused(() -> shuffled.split(0.5), "split after shuffle");
        refused(shuffled::cache, "cache after shuffle");
        refused(shuffled::withoutUnreadable, "withoutUnreadable after shuffle");
        assertThat(Numbered.numbers(Numbered.of(10, 2).take(4).shuffle(1), 5)).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void labelsInEveryForm() {
        Dataset three = Numbered.ofLabels(0, 2, 1).withClasses(List.of("a", "b", "c"));
        assertThat(three.get(1).target().shape()).isEqualTo(Shape.of());
        assertThat(three.get(1).target().get(0)).isEqualTo(2);
        Dataset hot = three.labels(Labels.ONE_HOT);
        assertThat(hot.get(1).target().shape()).isEqualTo(Shape.of(3));
        assertThat(hot.get(1).target().toArray()).containsExactly(0, 0, 1);
        assertThat(hot.labels(Labels.INDEX).get(1).target().get(0)).isEqualTo(2);
        Dataset binary = Numbered.ofLabels(0, 1, 1).labels(Labels.BINARY);
        assertThat(binary.get(1).target().shape()).isEqualTo(Shape.of(1));
        assertThat(binary.get(1).target().get(0)).isEqualTo(1);
        assertThat(binary.classes()).containsExactly("0", "1");
        // known also after a shuffle, where the place of an example is not its index
        Dataset shuffled = three.shuffle(5).labels(Labels.ONE_HOT);
        for (Example example : shuffled) {
            assertThat(example.label()).isEqualTo(List.of(0, 2, 1).get(Numbered.number(example)));
        }
    }

    @Test
    void badLabels() {
        Dataset three = Numbered.of(6, 3);
        refused(() -> three.labels(Labels.BINARY), "two classes, got 3 (0, 1, 2)", "ONE_HOT");
        refused(() -> three.withClasses(List.of("a", "b")), "example 2: label 2 is outside the 2 classes (a, b)");
        Dataset floats = Dataset.ofArrays(Numbered.inputs(2), HostTensor.of(Shape.of(2), 0, 0.5f));
        refused(() -> floats.labels(Labels.ONE_HOT), "classes are not known");
        refused(
                () -> floats.withClasses(List.of("a", "b"))
                        .labels(Labels.ONE_HOT)
                        .get(1),
                "example 1",
                "class index or one-hot, got [] of 0.5");
        refused(
                () -> floats.withClasses(List.of("a"))
                        .map(example -> example.withTarget(Labels.INDEX.of(7, 0)))
                        .labels(Labels.ONE_HOT)
                        .get(0),
                "label 7 is outside the 1 classes");
    }

    @Test
    void theClassOfATarget() {
        HostTensor input = HostTensor.of(Shape.of(1), 0);
        assertThat(Example.of(input, HostTensor.of(Shape.of(3), 0, 1, 0)).label())
                .isEqualTo(1);
        assertThat(Example.of(input, HostTensor.of(Shape.of(1), 0)).label()).isZero();
        for (HostTensor none : List.of(
                HostTensor.of(Shape.of(3), 0, 0.9f, 0.1f),
                HostTensor.of(Shape.of(3), 0, 1, 1),
                HostTensor.of(Shape.of(3), 0, 0, 0),
                HostTensor.of(Shape.of(), Float.NaN),
                HostTensor.of(Shape.of(), -1))) {
            refused(() -> Example.of(input, none).label(), "class index or one-hot");
        }
    }

    @Test
    void failuresNameTheExample() {
        Dataset broken = Numbered.of(5, 2).skip(1).map(example -> {
            throw new IllegalArgumentException("no good");
        });
        assertThatThrownBy(() -> broken.get(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("example 3: map failed: java.lang.IllegalArgumentException: no good");
        refused(
                () -> Numbered.of(2, 2).weighted(example -> -1).get(1),
                "example 1: the weight of an example",
                "got -1.0");
    }
}
