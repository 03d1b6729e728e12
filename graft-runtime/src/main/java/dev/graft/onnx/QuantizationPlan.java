package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of a network is computed in 8 bits: convolutions and dense layers with what goes into them and comes out, sums,
 * and steps that only move numbers. Gates of squeeze-and-excite, whose few numbers decide over whole channels, are computed
 * in float32 from 8-bit weights; the last layer stays as it is.
 */
final class QuantizationPlan {
    private static final Set<String> WEIGHTED = Set.of("Conv", "Gemm");
    private static final Set<String> CLAMPED = Set.of("Relu", "Clip");
    private static final Set<String> MOVING = Set.of("Flatten", "MaxPool", "Reshape", "Transpose");
    private static final String HARD = "HardSigmoid";
    /** Below which it gives 0. */
    private static final double HARD_FLOOR = -3;

    private final Map<String, List<NodeProto>> consumers = new HashMap<>();
    private final Set<String> constants = new HashSet<>();
    private final Set<String> outputs = new HashSet<>();
    /** What is computed from means of whole maps alone. */
    private final Set<String> pooled = new HashSet<>();
    /** Values in 8 bits, by the value whose range they share. */
    private final Map<String, String> values = new LinkedHashMap<>();

    /** Values whose channels cannot be scaled apart. */
    private final Set<String> rigid = new HashSet<>();
    /** What 8-bit nodes give, after a clamp, by their outputs. */
    private final Map<String, String> results = new HashMap<>();

    private final Set<String> eightBit = new HashSet<>();
    private final Set<String> onlyWeights = new HashSet<>();

    private QuantizationPlan() {}

    static QuantizationPlan of(GraphProto graph) {
        QuantizationPlan plan = new QuantizationPlan();
        graph.getInitializerList().stream().map(TensorProto::getName).forEach(plan.constants::add);
        graph.getOutputList().forEach(output -> plan.outputs.add(output.getName()));
        for (NodeProto node : graph.getNodeList()) {
            node.getInputList().forEach(input -> plan.consumers
                    .computeIfAbsent(input, name -> new ArrayList<>())
                    .add(node));
        }
        graph.getNodeList().forEach(plan::add);
        return plan;
    }

    /** The values to quantise in the order of the graph, by the value whose range they have. */
    Map<String, String> values() {
        return values;
    }

    /** Whether a node takes and gives 8 bits. */
    boolean isEightBit(NodeProto node) {
        return eightBit.contains(node.getOutput(0));
    }

    /** Whether a value comes out of a node with weights, in 8 bits. */
    boolean isMade(String value) {
        return results.containsValue(value);
    }

    /** Whether a node's weight alone is kept in 8 bits. */
    boolean hasEightBitWeight(NodeProto node) {
        return isEightBit(node) || onlyWeights.contains(node.getOutput(0));
    }

    /** Below which a value makes no difference to what takes it. */
    double floor(String value) {
        List<NodeProto> taking = consumers.getOrDefault(value, List.of());
        return taking.stream().allMatch(node -> node.getOpType().equals(HARD) || isGated(value, node, taking))
                ? HARD_FLOOR
                : Double.NEGATIVE_INFINITY;
    }

    /** Whether a node multiplies a value with its own hard sigmoid. */
    private static boolean isGated(String value, NodeProto node, List<NodeProto> taking) {
        return node.getOpType().equals("Mul")
                && taking.stream()
                        .filter(other -> other.getOpType().equals(HARD))
                        .anyMatch(other -> node.getInputList().containsAll(List.of(value, other.getOutput(0))));
    }

    /** How far a value's channels are brought to one range: not where they meet others, half where weights pay for it. */
    double evenness(String value) {
        if (rigid.contains(value)) {
            return 0;
        }
        return consumers.getOrDefault(value, List.of()).stream()
                        .filter(this::isEightBit)
                        .allMatch(QuantizationPlan::isDepthwise)
                ? 1
                : 0.5;
    }

    private static boolean isDepthwise(NodeProto node) {
        return node.getAttributeList().stream()
                .anyMatch(attribute -> attribute.getName().equals("group") && attribute.getI() > 1);
    }

    /** What an 8-bit node gives, after its clamp: its weights can bring that to its range. */
    Optional<String> made(NodeProto node) {
        return isEightBit(node) ? Optional.ofNullable(results.get(node.getOutput(0))) : Optional.empty();
    }

    private void add(NodeProto node) {
        String type = node.getOpType();
        List<String> inputs = node.getInputList().stream()
                .filter(input -> !constants.contains(input))
                .toList();
        if (type.equals("GlobalAveragePool") || !inputs.isEmpty() && pooled.containsAll(inputs)) {
            pooled.add(node.getOutput(0));
        }
        if (WEIGHTED.contains(type) && constants.contains(node.getInput(1))) {
            weighted(node);
        } else if (type.equals("Add")
                        && node.getInputCount() == inputs.size()
                        && values.keySet().containsAll(inputs)
                || type.equals("Concat") && !inputs.isEmpty() && values.keySet().containsAll(inputs)) {
            String result = clamped(node);
            values.put(result, result);
            rigid.addAll(inputs);
            rigid.add(result);
        } else if (MOVING.contains(type) && values.containsKey(node.getInput(0))) {
            String source = values.get(node.getInput(0));
            values.put(node.getOutput(0), source);
            rigid.add(source);
        }
    }

    private void weighted(NodeProto node) {
        boolean gate = node.getOpType().equals("Conv") && pooled.contains(node.getInput(0));
        if (gate) {
            onlyWeights.add(node.getOutput(0));
        } else if (!leadsOut(node)) {
            eightBit.add(node.getOutput(0));
            values.putIfAbsent(node.getInput(0), node.getInput(0));
            String result = clamped(node);
            results.put(node.getOutput(0), result);
            values.put(result, result);
        }
    }

    private boolean leadsOut(NodeProto node) {
        return consumers.getOrDefault(node.getOutput(0), List.of()).stream()
                .anyMatch(next -> outputs.contains(next.getOutput(0)));
    }

    /** The node's output, or what a clamp makes of it: one that takes it alone is done by the limits of the range. */
    private String clamped(NodeProto node) {
        List<NodeProto> next = consumers.getOrDefault(node.getOutput(0), List.of());
        if (next.size() != 1 || !CLAMPED.contains(next.get(0).getOpType())) {
            return node.getOutput(0);
        }
        String result = next.get(0).getOutput(0);
        if (next.get(0).getOpType().equals("Clip")) {
            rigid.add(result);
        }
        return result;
    }
}
