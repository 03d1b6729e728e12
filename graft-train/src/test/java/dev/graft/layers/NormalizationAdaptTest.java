package dev.graft.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Statistics of the data by hand, and the layer that has them in both engines. */
class NormalizationAdaptTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    @Test
    void aChannelHasTheMeanAndTheDeviationOfAllItsPixels() {
        Normalization layer = Normalization.adapt(List.of(
                HostTensor.of(Shape.of(2, 1, 2), 1, 3, 10, 10), HostTensor.of(Shape.of(2, 2, 1), 5, 7, 30, 50)));
        // 1 3 5 7: mean 4, squares of differences 9 1 1 9; 10 10 30 50: mean 25, 225 225 25 625.
        assertThat(layer.mean()).containsExactly(4.0, 25.0);
        assertThat(layer.deviation().get(0)).isCloseTo(Math.sqrt(5), ROUNDING);
        assertThat(layer.deviation().get(1)).isCloseTo(Math.sqrt(275), ROUNDING);
    }

    /** The example of Keras' Normalization: 1..5 has mean 3 and variance 2. */
    @Test
    void featuresHaveTheirOwnNumbersBatchedOrNot() {
        Normalization one = Normalization.adapt(List.of(
                HostTensor.of(Shape.of(1), 1),
                HostTensor.of(Shape.of(1), 2),
                HostTensor.of(Shape.of(1), 3),
                HostTensor.of(Shape.of(1), 4),
                HostTensor.of(Shape.of(1), 5)));
        assertThat(one).isEqualTo(new Normalization(List.of(3.0), List.of(Math.sqrt(2))));
        assertThat(Normalization.adapt(List.of(HostTensor.of(Shape.of(5, 1), 1, 2, 3, 4, 5))))
                .isEqualTo(one);
    }

    @Test
    void batchesOfPicturesCountAsTheirPictures() {
        HostTensor batch = Formula.input(Shape.of(4, 3, 5, 6));
        float[] values = batch.toArray();
        List<HostTensor> pictures = IntStream.range(0, 4)
                .mapToObj(i -> HostTensor.of(Shape.of(3, 5, 6), Arrays.copyOfRange(values, i * 90, (i + 1) * 90)))
                .toList();
        assertThat(Normalization.adapt(List.of(batch))).isEqualTo(Normalization.adapt(pictures));
    }

    /** 1000 and a ten-thousandth: sums of squares in float, and even in double without a shift, would lose it. */
    @Test
    void aSmallDeviationOfALargeMeanIsNotLost() {
        HostTensor values = HostTensor.allocate(Shape.of(1, 100, 100));
        float above = Math.nextUp(100_000f);
        for (int i = 0; i < values.elements(); i++) {
            values.put(i, i % 2 == 0 ? 100_000f : above);
        }
        Normalization layer = Normalization.adapt(List.of(values));
        double half = (above - 100_000.0) / 2;
        assertThat(layer.deviation().get(0)).isCloseTo(half, Offset.offset(half * 1e-9));
        assertThat(layer.mean().get(0)).isEqualTo(100_000 + half);
    }

    @Test
    void whatIsTheSameEverywhereIsDividedByKerasEpsilon() {
        Normalization layer = Normalization.adapt(List.of(HostTensor.of(Shape.of(3, 2), 0, 1, 0, 2, 0, 3)));
        assertThat(layer.deviation().get(0)).isEqualTo(1e-7);
        HostTensor features = HostTensor.of(Shape.of(2, 2), 0, 2, 0, 3);
        float expected = (float) (1 / Math.sqrt(2.0 / 3));
        Close.within(1e-6).check("features", normalised(layer, features).toArray(), new float[] {0, 0, 0, expected});
    }

    @Test
    void adaptedDataHaveMeanZeroAndDeviationOneInBothEngines() {
        for (Shape shape : List.of(Shape.of(6, 3, 5, 7), Shape.of(40, 3))) {
            HostTensor data = Formula.input(shape);
            HostTensor output = normalised(Normalization.adapt(List.of(data)), data);
            Normalization after = Normalization.adapt(List.of(output));
            for (int channel = 0; channel < 3; channel++) {
                assertThat(after.mean().get(channel)).isCloseTo(0, Offset.offset(1e-6));
                assertThat(after.deviation().get(channel)).isCloseTo(1, Offset.offset(1e-6));
            }
        }
    }

    /** What libtorch gives, after comparing ONNX Runtime with it. */
    private static HostTensor normalised(Normalization layer, HostTensor data) {
        int[] sizes = data.shape().sizes();
        Node input = Node.input(Arrays.copyOfRange(sizes, 1, sizes.length));
        Network network = Network.of(Model.of("normal", input, input.then("norm", layer)), 1);
        HostTensor output = Engines.torch(network, data);
        Close.toScale(1e-6).check("ONNX Runtime", Engines.onnx(network, data), output);
        return output;
    }

    @Test
    void dataThatCannotBeNormalisedAreNamed() {
        HostTensor good = HostTensor.allocate(Shape.of(3, 4, 4));
        refused(List.of(), "Normalization.adapt: expected at least one picture, got none; give it data");
        refused(
                List.of(good, HostTensor.allocate(Shape.of(1, 4, 4))),
                "Normalization.adapt, tensor 1: expected 3 channels as before, got [1, 4, 4]; give data of one kind");
        refused(
                List.of(HostTensor.of(Shape.of(), 1)),
                "Normalization.adapt, tensor 0: expected [C, H, W], [N, C, H, W], [units] or [N, units], got []; reshape"
                        + " it");
        refused(
                List.of(good, HostTensor.of(Shape.of(3, 1, 1), 1, Float.NaN, 1)),
                "Normalization.adapt, tensor 1: expected finite numbers, got NaN or infinity in channel 1; leave this one"
                        + " out");
    }

    private static void refused(List<HostTensor> data, String message) {
        assertThatThrownBy(() -> Normalization.adapt(data))
                .isInstanceOf(GraftException.class)
                .hasMessage(message);
    }
}
