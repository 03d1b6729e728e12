package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
    @Test
    void everyEpochHasEachExampleOnceInAnOrderOfItsOwn() {
        EpochOrder order = EpochOrder.shuffled(8, 42);
        for (int epoch = 0; epoch < 5; epoch++) {
            assertThat(order.of(100, epoch))
                    .containsExactlyInAnyOrder(IntStream.range(0, 100).toArray())
                    .isNotEqualTo(IntStream.range(0, 100).toArray())
                    .isNotEqualTo(order.of(100, epoch + 1))
                    .isEqualTo(EpochOrder.shuffled(8, 42).of(100, epoch));
        }
        assertThat(order.of(100, 0)).isNotEqualTo(EpochOrder.shuffled(8, 43).of(100, 0));
    }

    /** 9 examples in batches of 4: one is left out of each epoch, not the same in all. */
    @Test
    void inCompanyNoBatchHasOneExample() {
        EpochOrder order = EpochOrder.shuffled(4, 42).inCompany(true);
        assertThat(order.size(9)).isEqualTo(8);
        assertThat(order.count(9)).isEqualTo(2);
        assertThat(order.size(10)).isEqualTo(10);
        assertThat(order.count(10)).isEqualTo(3);
        Set<Integer> seen = new HashSet<>();
        for (int epoch = 0; epoch < 5; epoch++) {
            int[] indices = order.of(9, epoch);
            assertThat(indices).hasSize(8).doesNotHaveDuplicates();
            IntStream.of(indices).forEach(seen::add);
        }
        assertThat(seen).hasSize(9);
        assertThat(EpochOrder.shuffled(Integer.MAX_VALUE, 42).count(9)).isEqualTo(1);
    }

    @Test
    void balancedEpochsHaveEachClassEquallyOftenAndAllExamplesInTheEnd() {
        List<Integer> labels = IntStream.range(0, 101)
                .mapToObj(i -> i < 90 ? 0 : i < 98 ? 1 : 2)
                .toList();
        EpochOrder order = EpochOrder.shuffled(8, 42).balanced(labels);
        Set<Integer> seen = new HashSet<>();
        for (int epoch = 0; epoch < 12; epoch++) {
            int[] indices = order.of(101, epoch);
            assertThat(indices).hasSize(101).isEqualTo(order.of(101, epoch));
            int[] counts = new int[3];
            for (int index : indices) {
                counts[labels.get(index)]++;
                seen.add(index);
            }
            assertThat(counts).containsExactlyInAnyOrder(34, 34, 33);
        }
        assertThat(seen).hasSize(101);
        assertThat(order.of(101, 0)).isNotEqualTo(order.of(101, 1));
    }

    @Test
    void thePlainOrderIsThatOfTheExamples() {
        assertThat(EpochOrder.plain(8).of(4, 3)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void theLastBatchMayBeShort() {
        EpochOrder order = EpochOrder.plain(8);
        assertThat(order.count(16)).isEqualTo(2);
        assertThat(order.count(17)).isEqualTo(3);
        assertThat(order.count(0)).isZero();
    }
}
