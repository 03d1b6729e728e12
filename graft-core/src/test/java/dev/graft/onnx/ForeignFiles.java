package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** ONNX files that Graft did not write: torch's, and some made by hand. */
public final class ForeignFiles {
    private ForeignFiles() {}

    /** One that {@code tools/reference/onnx_files.py} wrote. */
    public static byte[] bytes(String name) {
        try (InputStream in = ForeignFiles.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static OnnxBackbone read(byte[] content) {
        return OnnxBackbone.read("some.onnx", ByteBuffer.wrap(content));
    }

    /** What features a picture of the formula has, in ONNX Runtime. */
    static HostTensor run(OnnxBackbone.Features features, int pictures) {
        Network network = Network.of(features.model(), features.weights(), 1);
        return Engines.onnx(network, Formula.input(Shape.of(pictures, 3, features.size(), features.size())));
    }

    static ModelProto.Builder model(int opset, GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(graph);
    }

    static ValueInfoProto value(String name, DataType type, long... sizes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        Arrays.stream(sizes)
                .forEach(size ->
                        shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size)));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)))
                .build();
    }

    static NodeProto.Builder node(String type, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(output + "_node")
                .addOutput(output)
                .addAllInput(Arrays.asList(inputs));
    }

    static TensorProto.Builder weight(String name, int... sizes) {
        HostTensor values = Formula.weight(name, Shape.of(sizes), 1);
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT.getNumber());
        for (float value : values.toArray()) {
            tensor.addFloatData(value);
        }
        Arrays.stream(sizes).forEach(tensor::addDims);
        return tensor;
    }

    /** A picture times a matrix over its last axis: {@code [1, 8, 8, 3]} to {@code [1, 8, 8, 5]}. */
    static GraphProto.Builder channelsLast() {
        return GraphProto.newBuilder()
                .addInput(value("x", DataType.FLOAT, 1, 8, 8, 3))
                .addOutput(value("map", DataType.FLOAT, 1, 8, 8, 5))
                .addInitializer(weight("m.weight", 3, 5))
                .addNode(node("MatMul", "mixed", "x", "m.weight"))
                .addNode(node("Relu", "map", "mixed"));
    }

    /** The same of {@code [1, 3, 8, 8]}, the matrix over the rows. */
    static GraphProto.Builder channelsFirst() {
        return GraphProto.newBuilder()
                .addInput(value("x", DataType.FLOAT, 0, 3, 8, 8))
                .addOutput(value("map", DataType.FLOAT, 0, 3, 8, 8))
                .addInitializer(weight("m.weight", 8, 8))
                .addNode(node("MatMul", "mixed", "x", "m.weight"))
                .addNode(node("Relu", "map", "mixed"));
    }
}
