package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.graft.data.InputGeometry;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Formula;
import dev.graft.zoo.Zoo;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network in 8 bits is a quarter of the size and computes much the same; channels of small numbers do not vanish. */
@Tag("slow")
class QuantizationTest {
    private static final int SIZE = 64;

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2", "mobilenet_v3_small", "resnet18", "densenet121", "efficientnet_b0"})
    void logitsAreNearAndWeightsAreBytes(String name) throws Exception {
        Network network = Network.of(Zoo.pretrained(name).backbone(SIZE).withTop(10), 1);
        network.setWeights(Formula.weights(network.weightShapes(), 2));
        byte[] floats = OnnxExport.of(network.program(), network.weights()).bytes();
        byte[] bytes = Quantization.of(floats, ranges(floats));
        assertThat((double) bytes.length / floats.length).isBetween(0.2, 0.4);
        assertThat(ModelProto.parseFrom(bytes).getGraph().getInitializerList())
                .filteredOn(tensor -> tensor.getName().contains("weight.int8"))
                .isNotEmpty()
                .extracting(TensorProto::getDataType)
                .containsOnly(DataType.INT8_VALUE);
        assertThat(apart(floats, bytes)).isBetween(1e-5, 0.1);
    }

    @Test
    void preprocessingInsideTakesTheSameRanges() throws Exception {
        Network network =
                Network.of(Zoo.pretrained("mobilenet_v3_small").backbone(SIZE).withTop(10), 1);
        OnnxExport export = OnnxExport.of(network.program(), network.weights());
        RangeCalibration.Ranges ranges = ranges(export.bytes());
        byte[] plain = Quantization.of(export.bytes(), ranges);
        byte[] whole = Quantization.of(
                export.withPreprocessing(InputGeometry.centerCrop(SIZE)).bytes(), ranges);
        byte[] picture = new byte[SIZE * SIZE * 3];
        new Random(5).nextBytes(picture);
        HostTensor pixels = HostTensor.allocate(Shape.of(1, 3, SIZE, SIZE));
        for (int i = 0; i < picture.length; i++) {
            pixels.put(i % 3 * SIZE * SIZE + i / 3, picture[i] & 255);
        }
        try (ExportedGraph network8 = ExportedGraph.open(plain);
                ExportedGraph pictures8 = ExportedGraph.open(whole)) {
            HostTensor expected = network8.logits(pixels);
            HostTensor actual = pictures8.answer(picture, SIZE, SIZE).logits();
            for (int i = 0; i < 10; i++) {
                assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-5f));
            }
        }
    }

    @Test
    void aFewFarNumbersAreCutOff() {
        Histogram histogram = new Histogram();
        Random random = new Random(7);
        for (int i = 0; i < 1_000_000; i++) {
            histogram.add((float) random.nextGaussian());
        }
        histogram.add(100);
        ValueRange range = histogram.range(new float[0], new float[0], 4);
        float low = -range.scale() * range.zero();
        // (100 - h)² + 10⁶ (h / 255)² / 12 is least at h = 43.9.
        assertThat(low).isBetween(-6f, -1.5f);
        assertThat(low + 255 * range.scale()).isBetween(38f, 50f);
    }

    @Test
    void channelsOfSmallNumbersGetTheWholeRange() {
        ChannelNumbers numbers = new ChannelNumbers(-3, 1);
        float[] values = {0, 100, -50, 20, 0.1f, -0.05f, 0.02f, 0};
        numbers.measure(FloatBuffer.wrap(values), new long[] {1, 2, 2, 2});
        numbers.count(FloatBuffer.wrap(values), new long[] {1, 2, 2, 2});
        ValueRange range = numbers.range();
        assertThat(range.shares()).containsExactly(1, 0.001f);
        // Below -3 nothing counts: (0 + 100 - 3 + 20) / 4.
        assertThat(range.means()[0]).isCloseTo(29.25f, within(1e-4f));
        assertThat(range.rank()).isEqualTo(4);
    }

    private static RangeCalibration.Ranges ranges(byte[] floats) {
        try (RangeCalibration calibration = RangeCalibration.open(floats)) {
            calibration.measure(input());
            calibration.count(input());
            return calibration.ranges();
        }
    }

    private static HostTensor input() {
        return Formula.input(Shape.of(2, 3, SIZE, SIZE));
    }

    /** The largest difference, as a share of the largest logit. */
    private static double apart(byte[] floats, byte[] bytes) {
        try (ExportedGraph before = ExportedGraph.open(floats);
                ExportedGraph after = ExportedGraph.open(bytes)) {
            HostTensor expected = before.logits(input());
            HostTensor actual = after.logits(input());
            double most = 0;
            double apart = 0;
            for (int i = 0; i < expected.elements(); i++) {
                most = Math.max(most, Math.abs(expected.get(i)));
                apart = Math.max(apart, Math.abs(expected.get(i) - actual.get(i)));
            }
            return apart / most;
        }
    }
}
