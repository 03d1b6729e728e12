package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a file up to a value, with nodes of our own before it, so that it takes pixels as Graft has them, and after
 * it, so that it gives features: all of operators that mean the same in every version.
 */
final class ForeignCut {
    private static final String PICTURE = "graft/picture";
    private static final String FEATURES = "graft/features";

    private final ModelProto file;
    private final ForeignFile.Part part;
    private final PictureInput input;
    private final String value;
    private final List<NodeProto> nodes = new ArrayList<>();

    ForeignCut(ModelProto file, ForeignFile.Part part, PictureInput input, String value) {
        this.file = file;
        this.part = part;
        this.input = input;
        this.value = value;
    }

    /** With the value as it is for an output. */
    ModelProto bare(int size) {
        nodes.clear();
        before();
        nodes.addAll(part.nodes());
        return model(size, value, part.constants());
    }

    /** With {@code [N, units]} for an output, and without what is kept as weights. */
    ModelProto skeleton(int size, OnnxProbe.Value cut, ForeignWeights weights) {
        nodes.clear();
        nodes.addAll(weights.nodes());
        before();
        nodes.addAll(part.nodes());
        pool(cut);
        return model(size, FEATURES, weights.rest());
    }

    private void before() {
        String x = input.half() ? cast(PICTURE, DataType.FLOAT16) : PICTURE;
        x = input.channelsLast() ? transpose(x, 0, 2, 3, 1) : x;
        add(NodeProto.newBuilder().setOpType("Identity"), x, input.name());
    }

    /** Feature maps by their mean over height and width, tokens by their mean. */
    private void pool(OnnxProbe.Value cut) {
        String x = cut.type().equals("FLOAT16") ? cast(value, DataType.FLOAT) : value;
        int rank = cut.sizes().length;
        if (rank == 4 && isChannelsLast(cut.sizes())) {
            x = transpose(x, 0, 3, 1, 2);
        } else if (rank == 3) {
            x = transpose(x, 0, 2, 1);
        }
        if (rank > 2) {
            x = added(NodeProto.newBuilder().setOpType("GlobalAveragePool"), x);
        }
        NodeProto.Builder flat =
                NodeProto.newBuilder().setOpType("Flatten").addAttribute(OnnxAttributes.integer("axis", 1));
        add(flat, x, FEATURES);
    }

    /** Maps of a square picture are square. */
    static boolean isChannelsLast(long[] sizes) {
        return sizes[2] != sizes[3] && sizes[1] == sizes[2];
    }

    private String cast(String x, DataType to) {
        return added(
                NodeProto.newBuilder().setOpType("Cast").addAttribute(OnnxAttributes.integer("to", to.getNumber())), x);
    }

    private String transpose(String x, int... order) {
        return added(NodeProto.newBuilder().setOpType("Transpose").addAttribute(OnnxAttributes.ints("perm", order)), x);
    }

    private String added(NodeProto.Builder node, String x) {
        String result = "graft/" + nodes.size();
        add(node, x, result);
        return result;
    }

    private void add(NodeProto.Builder node, String x, String result) {
        nodes.add(node.setName(result).addInput(x).addOutput(result).build());
    }

    private ModelProto model(int size, String output, List<TensorProto> constants) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("cut")
                .addInput(OnnxGraph.value(PICTURE, Shape.batchOf(3, size, size)))
                .addOutput(ValueInfoProto.newBuilder().setName(output))
                .addAllInitializer(constants)
                .addAllNode(nodes);
        return ModelProto.newBuilder()
                .setIrVersion(Math.max(OnnxGraph.IR_VERSION, file.getIrVersion()))
                .addAllOpsetImport(OnnxOpsets.imports(OnnxOpsets.of(file), List.of(file)))
                .setGraph(graph)
                .build();
    }
}
