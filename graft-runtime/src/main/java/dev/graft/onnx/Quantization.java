package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
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
 * An exported file in 8 bits, statically quantised: QuantizeLinear and DequantizeLinear stand round what engines then
 * compute in whole numbers. Weights are int8, symmetric, with a scale a channel that goes out; what flows between layers is
 * uint8 with one range a value, from {@link RangeCalibration}.
 *
 * <p>Channels whose numbers are far smaller than others' would vanish in one range. They are brought to the same size
 * before, by the weights on both sides or a product (as Nagel et al. 2019, "Data-Free Quantization Through Weight
 * Equalization and Bias Correction", do it over ReLU).
 */
public final class Quantization {
    /** Seven bits: with eight, two products do not fit the 16 bits in which x86 without VNNI adds them up. */
    private static final int MOST = 63;

    private final QuantizationPlan plan;
    private final RangeCalibration.Ranges ranges;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Set<String> added = new HashSet<>();
    private final GraphProto.Builder graph;

    private Quantization(GraphProto before, RangeCalibration.Ranges ranges) {
        this.plan = QuantizationPlan.of(before);
        this.ranges = ranges;
        graph = before.toBuilder().clearNode().clearInitializer();
        before.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
    }

    /**
     * The content of the file in 8 bits, with the same names, inputs, outputs and metadata.
     *
     * @param content of a file with batch normalisation folded
     * @param ranges of the same network, with preprocessing or without
     */
    public static byte[] of(byte[] content, RangeCalibration.Ranges ranges) {
        ModelProto model = Models.parse(content);
        Quantization quantization = new Quantization(model.getGraph(), ranges);
        model.getGraph().getInputList().forEach(input -> quantization.quantize(input.getName()));
        model.getGraph().getNodeList().forEach(quantization::add);
        return model.toBuilder().setGraph(quantization.graph).build().toByteArray();
    }

    private void add(NodeProto node) {
        NodeProto.Builder changed = node.toBuilder();
        if (plan.hasEightBitWeight(node)) {
            writeWeight(node);
        }
        for (int i = 0; i < node.getInputCount(); i++) {
            String input = node.getInput(i);
            if (plan.values().containsKey(input)) {
                changed.setInput(i, plan.isEightBit(node) ? even(input) : dequantized(input));
            } else if (i == 1 && plan.hasEightBitWeight(node)) {
                changed.setInput(1, dequantized(node.getOutput(0) + ".weight"));
            } else if (i == 2 && plan.isEightBit(node)) {
                changed.setInput(2, dequantized(node.getOutput(0) + ".bias"));
            } else if (constants.containsKey(input)) {
                keep(constant(input));
            }
        }
        graph.addNode(changed);
        quantize(node.getOutput(0));
    }

    private static String dequantized(String value) {
        return value + ".dequantized";
    }

    /** The value with its channels brought to one range, as 8-bit nodes take it. */
    private String even(String value) {
        ValueRange range = ranges.of(Objects.requireNonNull(plan.values().get(value)));
        return range.shares().length == 0 ? dequantized(value) : value + ".even";
    }

    private void quantize(String value) {
        String source = plan.values().get(value);
        if (source == null) {
            return;
        }
        ValueRange range = ranges.of(source);
        String scale = keep(floats(source + ".scale", range.scale()).build());
        String zero = keep(TensorProto.newBuilder()
                .setName(source + ".zero")
                .setDataType(DataType.UINT8_VALUE)
                .setRawData(ByteString.copyFrom(new byte[] {(byte) range.zero()}))
                .build());
        boolean isEven = range.shares().length == 0;
        String before = value;
        if (!isEven && !plan.isMade(value)) {
            before = value + ".evened";
            node("Mul", before, value, keep(perChannel(source + ".factors", range.inverse(), range.rank())));
        }
        node("QuantizeLinear", value + ".quantized", before, scale, zero);
        node("DequantizeLinear", even(value), value + ".quantized", scale, zero);
        if (!isEven) {
            node(
                    "Mul",
                    dequantized(value),
                    even(value),
                    keep(perChannel(source + ".shares", range.shares(), range.rank())));
        }
    }

    private static TensorProto perChannel(String name, float[] numbers, int rank) {
        TensorProto.Builder constant = floats(name, numbers).addDims(numbers.length);
        for (int axis = 2; axis < rank; axis++) {
            constant.addDims(1);
        }
        return constant.build();
    }

    private NodeProto.Builder node(String type, String output, String... inputs) {
        return graph.addNodeBuilder()
                .setOpType(type)
                .setName(type + "." + output)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    /** The weight for inputs and outputs whose channels were brought to one range. */
    private float[] evened(NodeProto node, TensorProto weight) {
        float[] numbers = QuantizedWeight.floats(weight);
        if (!plan.isEightBit(node)) {
            return numbers;
        }
        int outputs = Math.toIntExact(weight.getDims(0));
        int inputs = Math.toIntExact(weight.getDims(1));
        int area = numbers.length / outputs / inputs;
        ValueRange in = rangeOf(node.getInput(0));
        int groups = groups(node);
        for (int i = 0; i < numbers.length; i++) {
            int output = i / area / inputs;
            int input = output / (outputs / groups) * inputs + i / area % inputs;
            numbers[i] *= in.share(input) / outShare(node, output);
        }
        return numbers;
    }

    private float outShare(NodeProto node, int channel) {
        return plan.made(node).map(value -> rangeOf(value).share(channel)).orElse(1f);
    }

    private static int groups(NodeProto node) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals("group"))
                .mapToInt(attribute -> (int) attribute.getI())
                .findFirst()
                .orElse(1);
    }

    private void writeWeight(NodeProto node) {
        TensorProto weight = constant(node.getInput(1));
        float[] biases = node.getInputCount() > 2 && plan.isEightBit(node) ? bias(node) : new float[0];
        float least = 0;
        for (float number : biases) {
            least = Math.max(least, Math.abs(number) / (scaleOf(node.getInput(0)) * (1 << 30)));
        }
        float[] evened = evened(node, weight);
        QuantizedWeight quantized = QuantizedWeight.of(weight, evened, plan.isEightBit(node) ? MOST : 127, least);
        if (biases.length > 0) {
            correct(biases, node, evened, quantized);
        }
        dequantize(node.getOutput(0) + ".weight", quantized.numbers(weight.getName() + ".int8"), quantized.scales());
        if (biases.length > 0) {
            float[] scales = quantized.scales().clone();
            ByteBuffer steps =
                    ByteBuffer.allocate(biases.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < biases.length; i++) {
                scales[i] *= scaleOf(node.getInput(0));
                steps.putInt(Math.round(biases[i] / scales[i]));
            }
            TensorProto.Builder whole = TensorProto.newBuilder()
                    .setName(node.getOutput(0) + ".bias.int32")
                    .addDims(biases.length)
                    .setDataType(DataType.INT32_VALUE)
                    .setRawData(ByteString.copyFrom(steps.flip()));
            dequantize(node.getOutput(0) + ".bias", whole.build(), scales);
        }
    }

    /** Takes from the bias what rounding the weights adds to outputs on the mean (Nagel et al. 2019, section 4.2). */
    private void correct(float[] biases, NodeProto node, float[] weight, QuantizedWeight quantized) {
        float[] means = rangeOf(node.getInput(0)).means();
        for (int output = 0; output < biases.length; output++) {
            int size = weight.length / biases.length;
            int inputs = (int) (long) quantized.sizes().get(1);
            int first = output / (biases.length / groups(node)) * inputs;
            for (int i = 0; i < size; i++) {
                int at = output * size + i;
                float error = quantized.steps()[at] * quantized.scales()[output] - weight[at];
                biases[output] -= error * means[first + i / (size / inputs)];
            }
        }
    }

    private float[] bias(NodeProto node) {
        float[] numbers = QuantizedWeight.floats(constant(node.getInput(2)));
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] /= outShare(node, i);
        }
        return numbers;
    }

    /** Along the first axis. */
    private void dequantize(String name, TensorProto numbers, float[] scales) {
        TensorProto zeros = numbers.toBuilder()
                .setName(name + ".zero")
                .clearDims()
                .addDims(scales.length)
                .setRawData(ByteString.copyFrom(
                        new byte[scales.length * (numbers.getDataType() == DataType.INT8_VALUE ? 1 : Integer.BYTES)]))
                .build();
        String scale =
                keep(floats(name + ".scale", scales).addDims(scales.length).build());
        node("DequantizeLinear", dequantized(name), keep(numbers), scale, keep(zeros))
                .addAttribute(OnnxAttributes.integer("axis", 0));
    }

    private float scaleOf(String value) {
        return rangeOf(value).scale();
    }

    private ValueRange rangeOf(String value) {
        return ranges.of(Objects.requireNonNull(plan.values().get(value)));
    }

    private static TensorProto.Builder floats(String name, float... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.FLOAT_VALUE)
                .setRawData(ByteString.copyFrom(bytes));
    }

    private TensorProto constant(String name) {
        return Objects.requireNonNull(constants.get(name), name);
    }

    private String keep(TensorProto constant) {
        if (added.add(constant.getName())) {
            graph.addInitializer(constant);
        }
        return constant.getName();
    }
}
