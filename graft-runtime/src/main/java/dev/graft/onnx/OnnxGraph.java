package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.graft.model.FoldedBatchNorm;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A program in inference as an ONNX file: batch normalisation folded, dynamic batch, inputs {@code input0 …}, outputs
 * {@code output0 …}. The same program and weights give the same bytes.
 *
 * @param bytes the serialised ModelProto
 * @param inputs the shapes that go in, with the batch open
 * @param outputs the shapes that come out, with the batch open
 */
public record OnnxGraph(byte[] bytes, List<Shape> inputs, List<Shape> outputs) {
    /** The version in which LayerNormalization exists, which is what needs the newest. */
    static final int OPSET = 17;

    static final int IR_VERSION = 8;

    /**
     * Writes a program.
     *
     * @param weights every weight of the program by full name
     */
    public static OnnxGraph of(Program program, Map<String, HostTensor> weights) {
        FoldedBatchNorm folded = FoldedBatchNorm.of(program, weights);
        GraphProto.Builder graph = GraphProto.newBuilder().setName("graft");
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < program.inputs().size(); i++) {
            inputs.add("input" + i);
            graph.addInput(value("input" + i, program.inputs().get(i)));
        }
        OnnxOps ops = new OnnxOps(graph);
        List<String> results = folded.program()
                .infer(
                        ops,
                        name -> ops.constant(
                                name, Objects.requireNonNull(folded.weights().get(name))),
                        inputs);
        List<Shape> outputs = program.outputs().stream().map(program::shapeOf).toList();
        for (int i = 0; i < results.size(); i++) {
            // An identity gives the output its own name, also where it is an input or another output as well.
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("Identity")
                    .addInput(results.get(i))
                    .addOutput("output" + i));
            graph.addOutput(value("output" + i, outputs.get(i)));
        }
        byte[] bytes = ops.model(OPSET).build().toByteArray();
        return new OnnxGraph(bytes, program.inputs(), outputs);
    }

    static ValueInfoProto value(String name, Shape shape) {
        TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
        for (int size : shape.sizes()) {
            sizes.addDim(
                    size == Shape.BATCH
                            ? TensorShapeProto.Dimension.newBuilder().setDimParam("N")
                            : TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        TypeProto.Builder type = TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(sizes));
        return ValueInfoProto.newBuilder().setName(name).setType(type).build();
    }
}
