package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.platform.Fp16Conversions;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * An exported file in float16: its weights, and every step from the first convolution or matrix product on. Inputs and
 * outputs stay as they are. What comes before, pictures and their normalisation, stays in float32, and so do steps that
 * add up many numbers or divide by a variance, which some engines do no more precisely than their inputs are.
 */
public final class HalfPrecision {
    private static final Set<String> FIRST = Set.of("Conv", "Gemm", "MatMul");
    private static final Set<String> DELICATE = Set.of(
            "AveragePool",
            "BatchNormalization",
            // Of halves ONNX Runtime makes it of others, for which see LocaleProof.
            "Gelu",
            "GlobalAveragePool",
            "LayerNormalization",
            "ReduceMean",
            "Resize",
            "Softmax");

    /** What a value is; all but whole numbers are numbers with a fraction. */
    private enum Kind {
        /** Sizes and indices, or bytes. */
        WHOLE,
        CONSTANT,
        /** Before the network's first step. */
        PIXELS,
        FLOAT,
        HALF;

        boolean isOfNetwork() {
            return this == FLOAT || this == HALF;
        }
    }

    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, Kind> kinds = new HashMap<>();
    private final Set<String> added = new HashSet<>();
    private final Set<String> outputs = new HashSet<>();
    private final GraphProto.Builder graph;

    private HalfPrecision(GraphProto before) {
        graph = before.toBuilder().clearNode().clearInitializer();
        before.getOutputList().forEach(output -> outputs.add(output.getName()));
        for (TensorProto constant : before.getInitializerList()) {
            constants.put(constant.getName(), constant);
            kinds.put(constant.getName(), kind(constant.getDataType(), Kind.CONSTANT));
        }
        before.getInputList()
                .forEach(input -> kinds.put(
                        input.getName(), kind(input.getType().getTensorType().getElemType(), Kind.PIXELS)));
    }

    private static Kind kind(int type, Kind whenFloat) {
        return type == DataType.FLOAT_VALUE ? whenFloat : Kind.WHOLE;
    }

    /** The content of the file in half precision, with the same names, inputs, outputs and metadata. */
    public static byte[] of(byte[] content) {
        ModelProto model = Models.parse(content);
        HalfPrecision half = new HalfPrecision(model.getGraph());
        model.getGraph().getNodeList().forEach(half::add);
        return model.toBuilder().setGraph(half.graph).build().toByteArray();
    }

    private void add(NodeProto node) {
        Kind kind = kindOf(node);
        if (kind.isOfNetwork()) {
            NodeProto.Builder changed = node.toBuilder().clearInput();
            node.getInputList().forEach(input -> changed.addInput(as(kind, input)));
            graph.addNode(changed);
        } else {
            node.getInputList().stream().filter(constants::containsKey).forEach(this::keep);
            graph.addNode(node);
        }
        node.getOutputList().forEach(output -> kinds.put(output, kind));
    }

    private Kind kindOf(NodeProto node) {
        String type = node.getOpType();
        List<Kind> inputs = node.getInputList().stream()
                .map(input -> kinds.getOrDefault(input, Kind.WHOLE))
                .toList();
        if (type.equals("Shape")) {
            return Kind.WHOLE;
        }
        if (type.equals("Cast")) {
            return kind((int) node.getAttribute(0).getI(), Kind.PIXELS);
        }
        boolean isBefore = inputs.contains(Kind.PIXELS)
                && (!FIRST.contains(type) || node.getOutput(0).startsWith(OnnxExport.PICTURE));
        if (inputs.stream().allMatch(kind -> kind == Kind.WHOLE)) {
            return Kind.WHOLE;
        }
        if (inputs.stream().noneMatch(Kind::isOfNetwork) && isBefore) {
            return Kind.PIXELS;
        }
        boolean compares = node.getOutput(0).startsWith(OnnxExport.COMPARISON);
        return compares || DELICATE.contains(type) || outputs.contains(node.getOutput(0)) ? Kind.FLOAT : Kind.HALF;
    }

    /** The name of a value as that kind. */
    private String as(Kind wanted, String value) {
        Kind kind = kinds.getOrDefault(value, Kind.WHOLE);
        if (kind == Kind.CONSTANT) {
            return wanted == Kind.HALF ? halved(value) : keep(value);
        }
        if (constants.containsKey(value)) {
            return keep(value);
        }
        boolean same = kind == wanted || kind == Kind.PIXELS && wanted == Kind.FLOAT;
        return same || kind == Kind.WHOLE ? value : cast(value, wanted);
    }

    private TensorProto constant(String name) {
        return Objects.requireNonNull(constants.get(name), name);
    }

    private String keep(String constant) {
        if (added.add(constant)) {
            graph.addInitializer(constant(constant));
        }
        return constant;
    }

    /** Of a constant that is also used in float32 there are two. */
    private String halved(String constant) {
        String name = constant + ".half";
        if (added.add(name)) {
            TensorProto numbers = constant(constant);
            graph.addInitializer(numbers.toBuilder()
                    .setName(name)
                    .setDataType(DataType.FLOAT16_VALUE)
                    .setRawData(halves(numbers.getRawData())));
        }
        return name;
    }

    private String cast(String value, Kind wanted) {
        String name = value + (wanted == Kind.HALF ? ".half" : ".float");
        if (added.add(name)) {
            DataType type = wanted == Kind.HALF ? DataType.FLOAT16 : DataType.FLOAT;
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("Cast")
                    .setName("Cast." + name)
                    .addInput(value)
                    .addOutput(name)
                    .addAttribute(OnnxAttributes.integer("to", type.getNumber())));
        }
        return name;
    }

    /** The nearest numbers; what is too large becomes infinite, which the check of an export finds. */
    private static ByteString halves(ByteString floats) {
        ByteBuffer from = floats.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocate(floats.size() / 2).order(ByteOrder.LITTLE_ENDIAN);
        while (from.hasRemaining()) {
            to.putShort(Fp16Conversions.floatToFp16(from.getFloat()));
        }
        return ByteString.copyFrom(to.flip());
    }
}
