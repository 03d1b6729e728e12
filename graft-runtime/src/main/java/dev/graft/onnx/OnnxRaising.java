package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Nodes of an older version of ONNX's operators for a newer one, where all that changed is that a list of whole numbers
 * became an input.
 */
final class OnnxRaising {
    /** What moved in which version. */
    private record Moved(int version, String attribute) {}

    private static final Moved AXES_13 = new Moved(13, "axes");
    private static final Moved AXES_18 = new Moved(18, "axes");

    private static final Map<String, Moved> MOVED = Map.ofEntries(
            Map.entry("ReduceSum", AXES_13),
            Map.entry("Squeeze", AXES_13),
            Map.entry("Unsqueeze", AXES_13),
            Map.entry("ReduceL1", AXES_18),
            Map.entry("ReduceL2", AXES_18),
            Map.entry("ReduceLogSum", AXES_18),
            Map.entry("ReduceLogSumExp", AXES_18),
            Map.entry("ReduceMax", AXES_18),
            Map.entry("ReduceMean", AXES_18),
            Map.entry("ReduceMin", AXES_18),
            Map.entry("ReduceProd", AXES_18),
            Map.entry("ReduceSumSquare", AXES_18),
            Map.entry("Split", new Moved(13, "split")));

    private OnnxRaising() {}

    /** Whether a change of that operator is one that {@link #raised} makes. */
    static boolean knows(NodeProto node, int version) {
        Moved moved = MOVED.get(node.getOpType());
        // Split without sizes needs to know from 18 on how many parts there are.
        boolean sized =
                !node.getOpType().equals("Split") || list(node, "split").isPresent() || node.getInputCount() > 1;
        return sized
                && moved != null
                && (moved.version == version || node.getOpType().equals("Split"));
    }

    /**
     * The node as the newer version has it.
     *
     * @param constants is given the list that becomes an input
     */
    static NodeProto raised(NodeProto node, int from, int to, Consumer<TensorProto> constants) {
        Moved moved = MOVED.get(node.getOpType());
        if (moved == null || from >= moved.version || to < moved.version || !OnnxOpsets.isOwn(node.getDomain())) {
            return node;
        }
        Optional<AttributeProto> list = list(node, moved.attribute);
        if (list.isEmpty()) {
            return node;
        }
        String name = node.getOutput(0) + "/" + moved.attribute;
        constants.accept(TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(list.get().getIntsCount())
                .addAllInt64Data(list.get().getIntsList())
                .build());
        List<AttributeProto> others = node.getAttributeList().stream()
                .filter(attribute -> !attribute.equals(list.get()))
                .toList();
        return node.toBuilder()
                .clearAttribute()
                .addAllAttribute(others)
                .addInput(name)
                .build();
    }

    private static Optional<AttributeProto> list(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst();
    }
}
