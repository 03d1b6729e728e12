package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.preprocessing.BatchMixing;
import dev.graft.preprocessing.CutMix;
import dev.graft.preprocessing.MixUp;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Refusals;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** MixUp and CutMix on the batches of a data set. */
class MixedBatchesTest {
    static List<BatchMixing> mixings() {
        return List.of(MixUp.of(0.4), CutMix.of(1));
    }

    /** Pictures that are all one level, which is their class. */
    private static Dataset levels() {
        HostTensor pictures = HostTensor.allocate(Shape.of(12, 1, 8, 8));
        int[] labels = new int[12];
        for (int i = 0; i < 12; i++) {
            labels[i] = i % 3;
            for (int pixel = 0; pixel < 64; pixel++) {
                pictures.put(i * 64 + pixel, labels[i]);
            }
        }
        return Dataset.ofArrays(pictures, labels);
    }

    private static List<Batch> batches(Batched batched, int epoch) {
        List<Batch> all = new ArrayList<>();
        try (var reader = batched.open(epoch)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                HostTensor picture = batch.inputs().get(0);
                all.add(new Batch(
                        List.of(HostTensor.of(picture.shape(), picture.toArray())),
                        List.of(HostTensor.of(
                                batch.target().shape(), batch.target().toArray())),
                        null));
            }
        }
        return all;
    }

    /** The mean level of a picture of mixed levels is what its mixed target says. */
    @ParameterizedTest
    @MethodSource("mixings")
    void targetsAreMixedAsPicturesAre(BatchMixing mixing) {
        Batched mixed = levels().labels(Labels.ONE_HOT).batch(6).mix(mixing, 5);
        boolean anyMixed = false;
        for (Batch batch : batches(mixed, 0)) {
            for (int i = 0; i < 6; i++) {
                float[] shares = batch.target().rows().get(i);
                double mean = 0;
                for (float level : batch.inputs().get(0).rows().get(i)) {
                    mean += level / 64.0;
                }
                assertThat(shares[0] + shares[1] + shares[2]).isCloseTo(1, within(1e-6f));
                assertThat(mean).isCloseTo(shares[1] + 2 * shares[2], within(1e-5));
                anyMixed |= shares[0] > 0.01 && shares[0] < 0.99;
            }
        }
        assertThat(anyMixed).isTrue();
    }

    @ParameterizedTest
    @MethodSource("mixings")
    void theSeedAndTheEpochDecide(BatchMixing mixing) {
        Batched mixed = levels().labels(Labels.ONE_HOT).batch(12).mix(mixing, 5);
        HostTensor first = batches(mixed, 0).get(0).target();
        assertThat(batches(mixed.threads(3), 0).get(0).target().sameBits(first)).isTrue();
        assertThat(batches(mixed, 1).get(0).target().sameBits(first)).isFalse();
        assertThat(batches(levels().labels(Labels.ONE_HOT).batch(12).mix(mixing, 6), 0)
                        .get(0)
                        .target()
                        .sameBits(first))
                .isFalse();
    }

    @Test
    void classIndicesCannotBeMixed() {
        Batched mixed = levels().batch(6).mix(MixUp.of(0.2), 1);
        assertThatThrownBy(() -> batches(mixed, 0))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("[N, classes]");
    }

    /** Batches that are no {@link Batched}: those of a run, whose memory is used again. */
    private record Plain(Batched base) implements Batches {
        @Override
        public int size() {
            return base.size();
        }

        @Override
        public int count() {
            return base.count();
        }

        @Override
        public Reader open(int epoch) {
            return base.open(epoch);
        }
    }

    private static List<List<Float>> all(Batches batches, int epoch, int passed) {
        List<List<Float>> all = new ArrayList<>();
        try (var reader = batches.open(epoch, passed)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                batch.inputs().forEach(input -> all.add(Numbered.floats(input)));
                all.add(Numbered.floats(batch.target()));
                if (batch.weights() != null) {
                    all.add(Numbered.floats(batch.weights()));
                }
            }
        }
        return all;
    }

    /** Whoever makes the batches, and wherever a pass begins. */
    @ParameterizedTest
    @MethodSource("mixings")
    void anyBatchesAreMixedAlike(BatchMixing mixing) {
        Batched batched = levels().weighted(example -> 1 + example.label()).batch(5);
        Batches plain = new Plain(batched).oneHot(3).mix(mixing, 5);
        for (int epoch = 0; epoch < 2; epoch++) {
            List<List<Float>> whole = all(plain, epoch, 0);
            assertThat(whole).hasSize(9).isEqualTo(all(batched.oneHot(3).mix(mixing, 5), epoch, 0));
            assertThat(all(plain, epoch, 1)).isEqualTo(whole.subList(3, 9));
        }
        assertThat(all(plain, 0, 0)).isNotEqualTo(all(plain, 1, 0));
        assertThat(all(plain, 0, 0))
                .isNotEqualTo(all(new Plain(batched).oneHot(3).mix(mixing, 6), 0, 0));
    }

    /** Manifold MixUp: features, and maps beside them, with the same partners and share as targets and weights. */
    @Test
    void whatAFrozenPartGivesIsMixedAsOne() {
        HostTensor features = HostTensor.allocate(Shape.of(8, 1));
        HostTensor maps = HostTensor.allocate(Shape.of(8, 2, 2, 2));
        HostTensor shares = HostTensor.allocate(Shape.of(8, 2));
        for (int i = 0; i < 8; i++) {
            features.put(i, i);
            shares.put(2 * i + i % 2, 1);
            for (int k = 0; k < 8; k++) {
                maps.put(8 * i + k, 10 * i);
            }
        }
        Batches mixed = new Plain(Dataset.ofArrays(List.of(features, maps), List.of(shares))
                        .weighted(example -> example.inputs().get(0).get(0))
                        .batch(8))
                .mix(MixUp.of(1), 3);
        try (var reader = mixed.open(0)) {
            Batch batch = reader.next();
            assertThat(batch).isNotNull();
            HostTensor weights = batch.weights();
            assertThat(weights).isNotNull();
            boolean anyMixed = false;
            for (int i = 0; i < 8; i++) {
                float level = batch.inputs().get(0).get(i);
                anyMixed |= Math.abs(level - Math.round(level)) > 0.01;
                assertThat(batch.inputs().get(1).rows().get(i))
                        .usingComparatorWithPrecision(1e-3f)
                        .containsOnly(10 * level);
                assertThat(weights.get(i)).isCloseTo(level, within(1e-4f));
                assertThat(batch.target().get(2 * i) + batch.target().get(2 * i + 1))
                        .isCloseTo(1, within(1e-6f));
            }
            assertThat(anyMixed).isTrue();
        }
    }

    @Test
    void labelsAreMadeOneHot() {
        try (var reader = levels().batch(4).oneHot(3).open(0)) {
            Batch batch = reader.next();
            assertThat(batch).isNotNull();
            assertThat(batch.target().shape()).isEqualTo(Shape.of(4, 3));
            assertThat(batch.target().toArray()).containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0);
        }
        Refusals.refused(() -> all(levels().batch(4).oneHot(2), 0, 0), "oneHot: expected a class from 0 to 1, got 2.0");
        Refusals.refused(
                () -> all(levels().batch(4).oneHot(3).oneHot(3), 0, 0),
                "oneHot: expected class indices [N], got [4, 3]");
    }
}
