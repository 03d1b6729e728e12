package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RandomMapTest {
    private static HostTensor noise(HostTensor input, SplittableRandom random) {
        return HostTensor.of(Shape.of(1), (float) random.nextDouble());
    }

    private static float drawn(Dataset dataset, int index, int epoch) {
        return dataset.get(index, epoch).input().get(0);
    }

    @Test
    void numbersDependOnSeedEpochAndIndexAlone() {
        Dataset dataset = Numbered.of(20, 2).mapInputs(RandomMapTest::noise, 7);
        Set<Float> all = new HashSet<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            for (int i = 0; i < 20; i++) {
                all.add(drawn(dataset, i, epoch));
            }
        }
        assertThat(all).hasSize(60);
        // asked for in another order, and of a data set made again
        Dataset again = Numbered.of(20, 2).mapInputs(RandomMapTest::noise, 7);
        assertThat(drawn(again, 13, 2)).isEqualTo(drawn(dataset, 13, 2));
        assertThat(drawn(again, 4, 0)).isEqualTo(drawn(dataset, 4, 0));
        Dataset otherSeed = Numbered.of(20, 2).mapInputs(RandomMapTest::noise, 8);
        assertThat(drawn(otherSeed, 4, 0)).isNotEqualTo(drawn(dataset, 4, 0));
    }

    @Test
    void aSecondMapDrawsOtherNumbers() {
        List<Double> drawn = new ArrayList<>();
        RandomFunction<Example> record = (example, random) -> {
            drawn.add(random.nextDouble());
            return example;
        };
        Numbered.of(1, 1).map(record).map(record).get(0);
        assertThat(drawn).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void inputsOfAnExampleTurnAlike() {
        HostTensor zeros = HostTensor.of(Shape.of(4, 1), 0, 0, 0, 0);
        Dataset pairs = Dataset.ofArrays(List.of(zeros, zeros), 0, 0, 0, 0).mapInputs(RandomMapTest::noise);
        Example example = pairs.get(2);
        assertThat(example.inputs().get(0).sameBits(example.inputs().get(1))).isTrue();
        assertThat(pairs.get(1).inputs().get(0).sameBits(example.inputs().get(0)))
                .isFalse();
    }

    @Test
    void mapInputsKeepsTargetsWeightsAndClasses() {
        Dataset dataset = Numbered.of(6, 3)
                .weighted(example -> 0.5)
                .mapInputs(input -> HostTensor.of(Shape.of(1), input.get(0) * 2));
        Example example = dataset.get(5);
        assertThat(example.input().toArray()).containsExactly(10);
        assertThat(example.label()).isEqualTo(2);
        assertThat(example.weight()).isEqualTo(0.5f);
        assertThat(dataset.countPerClass()).containsExactly(2, 2, 2);
    }
}
