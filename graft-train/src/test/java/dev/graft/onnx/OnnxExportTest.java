package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.graft.data.InputGeometry;
import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.zoo.Zoo;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported files, read by ONNX Runtime's own API as another program does. */
class OnnxExportTest {
    private static final Shape PICTURE = Shape.batchOf(3, 16, 16);
    private static final Map<String, String> METADATA =
            Map.of("labels", "[\"discs\",\"squares\"]", "made by", "a test");

    private static Network network() {
        Node input = Node.input(PICTURE);
        Node output = input.then("conv", Conv2D.of(8, 3).stride(2).padding(1).noBias())
                .then("bn", BatchNormalization.of(1e-3))
                .then("act", Activation.of(Activation.Kind.HARD_SWISH))
                .then("pool", GlobalAveragePooling2D.of())
                .then("fc", Dense.of(5));
        Network network = Network.of(Model.of("net", input, output), 3);
        network.setWeights(Formula.weights(network.weightShapes(), 2));
        return network;
    }

    private static OnnxExport export() {
        Network network = network();
        return OnnxExport.of(network.program(), network.weights()).metadata(METADATA);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onnxRuntimeGivesLibtorchsLogitsForBatchesOfOneAndThree(boolean keepsBatchNorm) throws OrtException {
        OnnxExport export = keepsBatchNorm ? export().keepingBatchNorm() : export();
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession session = environment.createSession(export.bytes())) {
            assertThat(session.getInputNames()).containsExactly("input");
            assertThat(session.getOutputNames()).containsExactly("logits");
            for (int batch : new int[] {1, 3}) {
                HostTensor input = Formula.input(PICTURE.withBatch(batch));
                try (OnnxTensor tensor = OnnxTensor.createTensor(
                                environment, FloatBuffer.wrap(input.toArray()), new long[] {batch, 3, 16, 16});
                        OrtSession.Result result = session.run(Map.of("input", tensor))) {
                    OnnxTensor logits = (OnnxTensor) result.get(0);
                    HostTensor actual = new HostTensor(Shape.of(batch, 5), logits.getFloatBuffer());
                    Close.toScale(1e-5).check("batch of " + batch, actual, Engines.torch(network(), input));
                }
            }
        }
    }

    @Test
    void theFileTellsItsMetadataAndThatTheBatchIsOpen() throws OrtException {
        try (OrtSession session = OnnxRuntime.environment().createSession(export().bytes())) {
            assertThat(session.getMetadata().getCustomMetadata()).isEqualTo(METADATA);
            assertThat(session.getMetadata().getProducerName()).isEqualTo("graft");
            TensorInfo input = (TensorInfo)
                    session.getInputInfo().values().iterator().next().getInfo();
            assertThat(input.getShape()).containsExactly(-1, 3, 16, 16);
            assertThat(input.getDimensionNames()[0]).isEqualTo("N");
        }
    }

    @Test
    void batchNormalisationIsFoldedUnlessKept() throws Exception {
        assertThat(operators(export())).doesNotContain("BatchNormalization").contains("Conv");
        assertThat(operators(export().keepingBatchNorm())).contains("BatchNormalization", "Conv");
    }

    private static List<String> operators(OnnxExport export) throws Exception {
        return ModelProto.parseFrom(export.bytes()).getGraph().getNodeList().stream()
                .map(NodeProto::getOpType)
                .toList();
    }

    @Test
    void theSameExportGivesTheSameBytes() {
        assertThat(export().bytes()).isEqualTo(export().bytes());
        assertThat(export().metadata(Map.of()).bytes()).isNotEqualTo(export().bytes());
    }

    @Test
    void probabilitiesAreTheSoftmaxOfTheLogits() {
        InputGeometry geometry = InputGeometry.centerCrop(16);
        try (ExportedGraph graph =
                ExportedGraph.open(export().withPreprocessing(geometry).bytes())) {
            byte[] picture = new byte[20 * 16 * 3];
            new Random(8).nextBytes(picture);
            ExportedGraph.Answer answer = graph.answer(picture, 20, 16);
            double sum = 0;
            for (int i = 0; i < 5; i++) {
                sum += Math.exp(answer.logits().get(i) - answer.logits().get(0));
            }
            for (int i = 0; i < 5; i++) {
                double expected =
                        Math.exp(answer.logits().get(i) - answer.logits().get(0)) / sum;
                assertThat((double) answer.probabilities().get(i)).isCloseTo(expected, within(1e-6));
            }
        }
    }

    @Test
    void whatIsNoClassifierOfPicturesIsRefused() {
        Node input = Node.input(3);
        Node relu = input.then("relu", Activation.relu());
        Network two = Network.of(Model.of("two", List.of(input), List.of(relu, input)), 1);
        assertThatThrownBy(() -> OnnxExport.of(two.program(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one input and one output, got 1 and 2");
        assertThatThrownBy(() -> export().withPreprocessing(InputGeometry.centerCrop(24)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[N, 3, 24, 24], got [[N, 3, 16, 16]]");
    }

    /** ONNX Runtime makes it of a text, in which the locale's decimal point counts. */
    @Test
    void noOperatorDependsOnHowTheLocaleWritesNumbers() throws Exception {
        Network network =
                Network.of(Zoo.pretrained("mobilenet_v3_small").backbone(64).withTop(2), 1);
        ModelProto written = ModelProto.parseFrom(
                OnnxGraph.of(network.program(), network.weights()).bytes());
        assertThat(written.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .contains("HardSigmoid")
                .doesNotContain("HardSwish");
    }
}
