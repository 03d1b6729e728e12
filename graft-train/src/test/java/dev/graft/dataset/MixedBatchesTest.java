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
}
