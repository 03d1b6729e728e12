package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Formula;
import dev.graft.zoo.Zoo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network in half precision is half the size and computes nearly the same. */
@Tag("slow")
class HalfPrecisionTest {
    /** For time one network of each kind of block. */
    @ParameterizedTest
    @CsvSource({
        "mobilenet_v3_small, 64",
        "resnet18, 64",
        "efficientnet_b0, 64",
        "densenet121, 64",
        "convnext_tiny, 64",
        "vit_s_16, 64"
    })
    void weightsAreHalvesAndLogitsAreNear(String name, int size) throws Exception {
        Model model = Zoo.pretrained(name).backbone(size).withTop(10);
        Network network = Network.of(model, 1);
        byte[] floats = OnnxExport.of(network.program(), network.weights()).bytes();
        byte[] halves = HalfPrecision.of(floats);
        assertThat((double) halves.length / floats.length).isBetween(0.45, 0.56);
        for (TensorProto tensor : ModelProto.parseFrom(halves).getGraph().getInitializerList()) {
            boolean large = tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b) > 10_000;
            assertThat(tensor.getDataType())
                    .as(tensor.getName())
                    .isIn(
                            DataType.FLOAT16_VALUE,
                            large ? DataType.FLOAT16_VALUE : DataType.FLOAT_VALUE,
                            DataType.INT64_VALUE);
        }
        HostTensor input = Formula.input(Shape.of(2, 3, size, size));
        try (ExportedGraph before = ExportedGraph.open(floats);
                ExportedGraph after = ExportedGraph.open(halves)) {
            HostTensor expected = before.logits(input);
            HostTensor actual = after.logits(input);
            double most = 0;
            double apart = 0;
            for (int i = 0; i < expected.elements(); i++) {
                most = Math.max(most, Math.abs(expected.get(i)));
                apart = Math.max(apart, Math.abs(expected.get(i) - actual.get(i)));
            }
            // Rounding to 11 bits makes some difference, or nothing was rounded.
            assertThat(apart / most).isGreaterThan(1e-6).isLessThan(1e-2);
        }
    }

    /** {@link LocaleProof} says why. */
    @Test
    void geluStaysInFloats() throws Exception {
        GraphProto.Builder graph = ForeignFiles.channelsFirst()
                .addNode(ForeignFiles.node("Gelu", "gelu", "mixed"))
                .addNode(ForeignFiles.node("Relu", "features", "gelu"));
        byte[] file = ForeignFiles.model(20, graph).build().toByteArray();
        OnnxBackbone.Features features = ForeignFiles.read(file).cut("features", 8);
        Network network = Network.of(features.model(), features.weights(), 1);
        byte[] halves = HalfPrecision.of(
                OnnxExport.of(network.program(), network.weights()).bytes());
        NodeProto gelu = ModelProto.parseFrom(halves).getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("Gelu"))
                .findFirst()
                .orElseThrow();
        assertThat(gelu.getInput(0)).endsWith("mixed.float");
        HostTensor input = Formula.input(Shape.of(1, 3, 8, 8));
        try (ExportedGraph after = ExportedGraph.open(halves)) {
            Close.toScale(2e-3).check("features", after.logits(input), ForeignFiles.run(features, 1));
        }
    }
}
