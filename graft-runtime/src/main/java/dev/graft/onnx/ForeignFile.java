package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.SettingName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An ONNX file's graph, by names: what makes which value, and what a value needs. */
final class ForeignFile {
    /** Steps that classifiers have after their last dense layer. */
    private static final Set<String> BEHIND_THE_LAST = Set.of(
            "Add",
            "Cast",
            "Clip",
            "Div",
            "Dropout",
            "Flatten",
            "Identity",
            "LogSoftmax",
            "Mul",
            "Reshape",
            "Sigmoid",
            "Softmax",
            "Squeeze",
            "Sub");

    private static final Set<String> DENSE = Set.of("Gemm", "MatMul");

    private final String description;
    private final ModelProto model;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();
    private final Map<String, ValueInfoProto> inputs = new LinkedHashMap<>();
    private final Map<String, Integer> producers = new HashMap<>();
    private final Set<String> computed = new HashSet<>();

    ForeignFile(String description, ModelProto model) {
        this.description = description;
        this.model = model;
        GraphProto graph = model.getGraph();
        graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
        for (NodeProto node : graph.getNodeList()) {
            TensorProto constant = constant(node);
            if (constant != null) {
                constants.put(constant.getName(), constant);
            } else {
                node.getOutputList().forEach(output -> producers.put(output, nodes.size()));
                nodes.add(node);
            }
        }
        // Files of old versions list their weights among the inputs too.
        graph.getInputList().stream()
                .filter(input -> !constants.containsKey(input.getName()))
                .forEach(input -> inputs.put(input.getName(), input));
        computed.addAll(inputs.keySet());
        for (NodeProto node : nodes) {
            boolean[] fromInput = {false};
            ForeignNodes.forEachUse(node, name -> fromInput[0] |= computed.contains(name));
            if (fromInput[0]) {
                computed.addAll(node.getOutputList());
            }
        }
    }

    /** The tensor of a node that gives nothing else, or null for another node. */
    private static @Nullable TensorProto constant(NodeProto node) {
        if (!node.getOpType().equals("Constant") || node.getAttributeCount() != 1 || node.getOutputCount() != 1) {
            return null;
        }
        AttributeProto attribute = node.getAttribute(0);
        return attribute.getName().equals("value") && attribute.hasT()
                ? attribute.getT().toBuilder().setName(node.getOutput(0)).build()
                : null;
    }

    ModelProto model() {
        return model;
    }

    /**
     * The value of a name, or that a node of the name gives.
     *
     * @throws GraftException if there is none that depends on the picture; suggests the nearest
     */
    String value(String name) {
        if (producers.containsKey(name)) {
            return picture(name, name);
        }
        for (NodeProto node : nodes) {
            if (node.getName().equals(name) && node.getOutputCount() > 0) {
                return picture(name, node.getOutput(0));
            }
        }
        if (inputs.containsKey(name) || constants.containsKey(name)) {
            throw fault("cannot be cut at " + ForeignNodes.quoted(name)
                    + ", which no node computes; name a node or what it gives" + standard());
        }
        Set<String> known = new LinkedHashSet<>();
        nodes.forEach(node -> known.add(node.getName()));
        nodes.forEach(node -> known.addAll(node.getOutputList()));
        String hint = Nearest.of(name, known)
                .map(near -> "; did you mean " + ForeignNodes.quoted(near) + "?")
                .orElse(standard());
        throw fault("no node or value " + ForeignNodes.quoted(name) + hint);
    }

    private String picture(String name, String value) {
        if (!computed.contains(value)) {
            throw fault(
                    ForeignNodes.quoted(name) + " does not depend on the picture; cut at one that does" + standard());
        }
        return value;
    }

    private String standard() {
        return "; without " + SettingName.of("cut") + " it is " + ForeignNodes.quoted(standardCut());
    }

    /** What the last dense layer takes; where the graph does not end in one, what it gives. */
    String standardCut() {
        if (model.getGraph().getOutputCount() == 0) {
            throw fault("it has no outputs; export it again");
        }
        String output = model.getGraph().getOutput(0).getName();
        Set<String> seen = new HashSet<>();
        String at = output;
        while (producers.containsKey(at) && seen.add(at)) {
            NodeProto node = nodes.get(producers.get(at));
            List<String> from =
                    node.getInputList().stream().filter(computed::contains).toList();
            if (from.size() != 1 || inputs.containsKey(from.get(0))) {
                return output;
            }
            if (DENSE.contains(node.getOpType())) {
                return from.get(0);
            }
            if (!BEHIND_THE_LAST.contains(node.getOpType())) {
                return output;
            }
            at = from.get(0);
        }
        return output;
    }

    /**
     * What is needed to compute a value.
     *
     * @param nodes in their order
     * @param constants in their order
     * @param inputs in their order
     */
    record Part(List<NodeProto> nodes, List<TensorProto> constants, List<ValueInfoProto> inputs) {}

    /** The rest is left behind. */
    Part upTo(String value) {
        Set<String> needed = new HashSet<>(Set.of(value));
        Set<Integer> taken = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(needed);
        while (!open.isEmpty()) {
            Integer producer = producers.get(open.pop());
            if (producer != null && taken.add(producer)) {
                ForeignNodes.forEachUse(nodes.get(producer), name -> {
                    if (needed.add(name)) {
                        open.push(name);
                    }
                });
            }
        }
        List<NodeProto> kept = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (taken.contains(i)) {
                kept.add(nodes.get(i).toBuilder().clearDocString().build());
            }
        }
        return new Part(
                kept,
                constants.values().stream()
                        .filter(tensor -> needed.contains(tensor.getName()))
                        .toList(),
                inputs.values().stream()
                        .filter(input -> needed.contains(input.getName()))
                        .toList());
    }

    GraftException fault(String what) {
        return new GraftException(description + ": " + what);
    }
}
