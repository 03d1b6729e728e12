package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.data.InputGeometry;
import dev.graft.data.InputGeometry.Fit;
import dev.graft.data.InputGeometry.Interpolation;
import dev.graft.data.PictureReader;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.layers.Flatten;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Exported files resize pictures as Graft reads them; a network that gives its pixels back shows how. */
class PictureNodesTest {
    private static OnnxExport export(InputGeometry geometry) {
        Node input = Node.input(3, geometry.size(), geometry.size());
        Network pixels = Network.of(Model.of("pixels", input, input.then("flat", new Flatten())), 1);
        return OnnxExport.of(pixels.program(), pixels.weights()).withPreprocessing(geometry);
    }

    /** Sizes of small ratio have many sums that end in a half, which go the other way in up to 7 % of the pixels. */
    @ParameterizedTest
    @CsvSource({
        "24, 32, 100, 141",
        "24, 32, 141, 100",
        "24, 31, 40, 20",
        "24, 24, 24, 24",
        "24, 27, 27, 40",
        "24, 32, 1, 5",
        "24, 32, 5, 1",
        "24, 24, 1, 1",
        "24, 24, 7, 300",
        "24, 25, 24, 26",
        "224, 256, 333, 500",
        "32, 32, 1000, 1503",
        "224, 232, 1600, 1201",
    })
    void resizesAsGraftDoes(int size, int resize, int height, int width) throws Exception {
        byte[] picture = noise(height * width * 3, 7);
        for (Fit fit : Fit.values()) {
            for (Interpolation interpolation : Interpolation.values()) {
                var geometry = new InputGeometry(size, fit, fit == Fit.STRETCH ? size : resize, interpolation);
                HostTensor actual;
                try (ExportedGraph graph = ExportedGraph.open(export(geometry).bytes())) {
                    actual = graph.answer(picture, height, width).logits();
                }
                float[] expected = read(picture, height, width, geometry);
                checkClose(geometry.toString(), actual.toArray(), expected);
                if (fit == Fit.STRETCH ? height == size && width == size : Math.min(height, width) == resize) {
                    assertThat(actual.toArray()).as("only cropped").isEqualTo(expected);
                }
            }
        }
    }

    /** On noise; half a pixel aside or another filter, and it is tens of grey levels. */
    private static void checkClose(String what, float[] actual, float[] expected) {
        int other = 0;
        double most = 0;
        for (int i = 0; i < expected.length; i++) {
            other += actual[i] == expected[i] ? 0 : 1;
            most = Math.max(most, Math.abs(actual[i] - expected[i]));
        }
        assertThat(most).as(what).isLessThanOrEqualTo(1);
        assertThat((double) other / expected.length).as(what).isLessThanOrEqualTo(0.1);
    }

    @ParameterizedTest
    @EnumSource
    void severalOfOneSizeAreResizedEachForItself(Fit fit) throws OrtException, UnreadablePictureException {
        InputGeometry geometry = new InputGeometry(16, fit, 16, Interpolation.BICUBIC);
        byte[] pictures = noise(3 * 30 * 21 * 3, 11);
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession session = environment.createSession(export(geometry).bytes());
                OnnxTensor input = OnnxTensor.createTensor(
                        environment, ByteBuffer.wrap(pictures), new long[] {3, 30, 21, 3}, OnnxJavaType.UINT8);
                OrtSession.Result result = session.run(Map.of("input", input))) {
            float[][] squares = (float[][]) result.get(0).getValue();
            int bytes = pictures.length / 3;
            for (int i = 0; i < 3; i++) {
                byte[] picture = Arrays.copyOfRange(pictures, i * bytes, (i + 1) * bytes);
                checkClose("picture " + i, squares[i], read(picture, 30, 21, geometry));
            }
        }
    }

    private static byte[] noise(int bytes, long seed) {
        byte[] noise = new byte[bytes];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private static float[] read(byte[] picture, int height, int width, InputGeometry geometry)
            throws UnreadablePictureException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(("P6 " + width + " " + height + " 255\n").getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(picture);
        HostTensor pixels = HostTensor.allocate(Shape.of(1, 3, geometry.size(), geometry.size()));
        PictureReader.of(geometry).read(file.toByteArray(), View.plain(), pixels.values());
        return pixels.toArray();
    }
}
