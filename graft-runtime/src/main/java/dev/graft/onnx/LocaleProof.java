package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Nodes put otherwise, so that they mean the same in every locale. Operators that ONNX Runtime has no code of its own for it
 * makes of others, from a text that it reads by the process's locale: where the decimal point is a comma, 0.5 becomes 0.
 * Those whose texts have such numbers are HardSwish, Gelu and windows; of the last two it has code for floats.
 *
 * @see <a href="https://github.com/onnx/onnx/pull/8112">the fix in ONNX, from 1.23 on</a>
 */
final class LocaleProof {
    private static final Set<String> WINDOWS = Set.of("BlackmanWindow", "HammingWindow", "HannWindow");
    private static final String WINDOW_TYPE = "output_datatype";

    /** What an attribute that names a number format is called. */
    private static final Set<String> TYPES = Set.of("to", "dtype", "output_dtype", WINDOW_TYPE);

    private static final Set<Integer> HALVES = Set.of(DataType.FLOAT16_VALUE, DataType.BFLOAT16_VALUE);

    private final Set<String> names = new HashSet<>();
    private final boolean onlyFloats;

    private LocaleProof(GraphProto graph) {
        ForeignNodes.graphs(graph).forEach(inner -> {
            inner.getInputList().forEach(input -> names.add(input.getName()));
            inner.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
        });
        ForeignNodes.nodes(graph).forEach(node -> {
            names.add(node.getName());
            names.addAll(node.getOutputList());
        });
        onlyFloats = ForeignNodes.tensors(graph).map(TensorProto::getDataType).noneMatch(LocaleProof::isOtherReal)
                && ForeignNodes.graphs(graph)
                        .flatMap(inner -> inner.getInputList().stream())
                        .map(input -> input.getType().getTensorType().getElemType())
                        .noneMatch(LocaleProof::isOtherReal)
                && ForeignNodes.nodes(graph).stream()
                        .flatMap(node -> node.getAttributeList().stream())
                        .filter(attribute -> TYPES.contains(attribute.getName()))
                        .map(attribute -> (int) attribute.getI())
                        .noneMatch(LocaleProof::isOtherReal);
    }

    private static boolean isOtherReal(int type) {
        return type == DataType.DOUBLE_VALUE || HALVES.contains(type);
    }

    /** The model with such nodes replaced, also inside others; done twice it is as done once. */
    static ModelProto of(ModelProto model) {
        GraphProto graph = model.getGraph();
        return model.toBuilder().setGraph(new LocaleProof(graph).graph(graph)).build();
    }

    private GraphProto graph(GraphProto before) {
        Set<String> floats = before.getNodeList().stream()
                .filter(node -> isOwn(node, "Cast") && number(node, "to") == DataType.FLOAT_VALUE)
                .flatMap(node -> node.getOutputList().stream())
                .collect(Collectors.toSet());
        GraphProto.Builder after = before.toBuilder().clearNode();
        before.getNodeList().forEach(node -> parts(inside(node), floats).forEach(after::addNode));
        return after.build();
    }

    private NodeProto inside(NodeProto node) {
        if (ForeignNodes.subgraphs(node).findAny().isEmpty()) {
            return node;
        }
        NodeProto.Builder after = node.toBuilder().clearAttribute();
        for (AttributeProto attribute : node.getAttributeList()) {
            AttributeProto.Builder inner = attribute.toBuilder().clearGraphs();
            if (attribute.hasG()) {
                inner.setG(graph(attribute.getG()));
            }
            attribute.getGraphsList().forEach(graph -> inner.addGraphs(graph(graph)));
            after.addAttribute(inner);
        }
        return after.build();
    }

    private List<NodeProto> parts(NodeProto node, Set<String> floats) {
        if (node.getInputCount() != 1 || node.getOutputCount() != 1) {
            return List.of(node);
        }
        if (isOwn(node, "HardSwish")) {
            return hardSwish(node);
        }
        if (isOwn(node, "Gelu") && !onlyFloats && !floats.contains(node.getInput(0))) {
            return gelu(node);
        }
        boolean isWindow = WINDOWS.stream().anyMatch(name -> isOwn(node, name));
        return isWindow && HALVES.contains((int) number(node, WINDOW_TYPE)) ? window(node) : List.of(node);
    }

    private static boolean isOwn(NodeProto node, String type) {
        return node.getOpType().equals(type) && OnnxOpsets.isOwn(node.getDomain());
    }

    private static long number(NodeProto node, String attribute) {
        return node.getAttributeList().stream()
                .filter(each -> each.getName().equals(attribute))
                .mapToLong(AttributeProto::getI)
                .findFirst()
                .orElse(0);
    }

    /** By ONNX's definition {@code x * HardSigmoid<1/6, 0.5>(x)}, to the bit. */
    private List<NodeProto> hardSwish(NodeProto node) {
        NodeProto gate = added(node, "HardSigmoid", node.getInput(0))
                .addAttribute(OnnxAttributes.real("alpha", 1.0 / 6))
                .addAttribute(OnnxAttributes.real("beta", 0.5))
                .build();
        NodeProto product = node.toBuilder()
                .setOpType("Mul")
                .clearAttribute()
                .addInput(gate.getOutput(0))
                .build();
        return List.of(gate, product);
    }

    /** In floats; the type of what comes is not known here. */
    private List<NodeProto> gelu(NodeProto node) {
        String x = node.getInput(0);
        NodeProto wide = added(node, "Cast", x)
                .addAttribute(OnnxAttributes.integer("to", DataType.FLOAT_VALUE))
                .build();
        NodeProto gelu = added(node, "Gelu", wide.getOutput(0))
                .addAllAttribute(node.getAttributeList())
                .build();
        NodeProto back = node.toBuilder()
                .setOpType("CastLike")
                .clearAttribute()
                .setInput(0, gelu.getOutput(0))
                .addInput(x)
                .build();
        return List.of(wide, gelu, back);
    }

    private List<NodeProto> window(NodeProto node) {
        Stream<AttributeProto> others = node.getAttributeList().stream()
                .filter(attribute -> !attribute.getName().equals(WINDOW_TYPE));
        NodeProto floats = added(node, node.getOpType(), node.getInput(0))
                .addAllAttribute(others.toList())
                .addAttribute(OnnxAttributes.integer(WINDOW_TYPE, DataType.FLOAT_VALUE))
                .build();
        NodeProto halves = node.toBuilder()
                .setOpType("Cast")
                .clearAttribute()
                .setInput(0, floats.getOutput(0))
                .addAttribute(OnnxAttributes.integer("to", number(node, WINDOW_TYPE)))
                .build();
        return List.of(floats, halves);
    }

    /** A node before one that stays in its place, by name and output. */
    private NodeProto.Builder added(NodeProto node, String type, String input) {
        String name = node.getOutput(0) + "/" + type;
        while (!names.add(name)) {
            name += "_";
        }
        return NodeProto.newBuilder()
                .setOpType(type)
                .setDomain(node.getDomain())
                .setName(name)
                .addInput(input)
                .addOutput(name);
    }
}
