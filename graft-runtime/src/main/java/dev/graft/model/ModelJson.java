package dev.graft.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.layers.Layer;
import dev.graft.layers.Named;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * A model as JSON and back:
 *
 * <pre>{@code
 * {"name": "m", "inputs": [[3, 224, 224]], "outputs": [2],
 *  "nodes": [{"name": "conv", "layer": "Conv2D", "config": {...}, "inputs": [0]},
 *            {"name": "base", "model": {...}, "inference": true, "inputs": [1]},
 *            {"name": "base", "output": 1, "of": 2},
 *            {"name": "conv", "shared": true, "inputs": [0]}]}
 * }</pre>
 *
 * <p>Values are numbered: the inputs first, then one a node; a node takes values that come before it. A further call of
 * a layer that is shared has no configuration of its own; a further output of a call says which value that call gave.
 */
public final class ModelJson {
    private static final int MOST_NODES = 100_000;
    private static final int DEEPEST = 8;

    private ModelJson() {}

    public static ObjectNode write(Model model) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", model.name());
        Map<Node, Integer> values = new IdentityHashMap<>();
        ArrayNode inputs = json.putArray("inputs");
        for (Node input : model.inputs()) {
            values.put(input, values.size());
            ArrayNode sizes = inputs.addArray();
            for (int axis = 1; axis < input.shape().rank(); axis++) {
                sizes.add(input.shape().size(axis));
            }
        }
        ArrayNode nodes = json.putArray("nodes");
        Set<String> known = new HashSet<>();
        Map<Object, Integer> calls = new IdentityHashMap<>();
        for (Node node : model.nodes()) {
            ObjectNode written = nodes.addObject().put("name", node.name());
            Model nested = Model.within(node.layer());
            Integer first = calls.putIfAbsent(node.output().call(), values.size());
            if (first != null) {
                written.put("output", node.output().number()).put("of", first);
                values.put(node, values.size());
                continue;
            }
            if (node.output().number() > 0) {
                written.put("output", node.output().number());
            }
            if (!known.add(node.name())) {
                written.put("shared", true);
            } else if (nested != null) {
                written.set("model", write(nested));
            } else {
                written.put("layer", node.layer().typeName());
                written.set("config", LayerTypes.toJson(node.layer()));
            }
            if (nested != null) {
                written.put("inference", node.layer() instanceof Model.Pinned);
            }
            ArrayNode taken = written.putArray("inputs");
            node.inputs().forEach(input -> taken.add(values.get(input)));
            values.put(node, values.size());
        }
        ArrayNode outputs = json.putArray("outputs");
        model.outputs().forEach(output -> outputs.add(values.get(output)));
        return json;
    }

    /**
     * Draws the model that was written.
     *
     * @throws GraftException if the JSON is not a sound model
     */
    public static Model read(JsonNode json) {
        return read(json, 0);
    }

    private static Model read(JsonNode json, int depth) {
        if (depth > DEEPEST) {
            throw new GraftException("models nested deeper than " + DEEPEST);
        }
        List<Node> values = new ArrayList<>();
        for (JsonNode sizes : list(json, "inputs")) {
            int[] behindBatch = StreamSupport.stream(sizes.spliterator(), false)
                    .mapToInt(size -> positive(size))
                    .toArray();
            values.add(Node.input(Shape.batchOf(behindBatch)));
        }
        List<Node> inputs = List.copyOf(values);
        Map<String, Named> layers = new HashMap<>();
        Map<Integer, List<Node>> calls = new HashMap<>();
        for (JsonNode node : list(json, "nodes")) {
            List<Node> outputs = node.has("of") ? siblings(calls, node.get("of")) : called(node, depth, layers, values);
            calls.put(values.size(), outputs);
            int number = node.path("output").asInt(0);
            if (number < 0 || number >= outputs.size()) {
                throw new GraftException(
                        "node '" + text(node, "name") + "' is output " + number + " of a layer with " + outputs.size());
            }
            values.add(outputs.get(number));
        }
        List<Node> outputs = StreamSupport.stream(list(json, "outputs").spliterator(), false)
                .map(value -> value(values, value))
                .toList();
        return Model.of(text(json, "name"), inputs, outputs);
    }

    /** All outputs of the layer of a node. */
    private static List<Node> called(JsonNode node, int depth, Map<String, Named> layers, List<Node> values) {
        Node[] taken = StreamSupport.stream(list(node, "inputs").spliterator(), false)
                .map(value -> value(values, value))
                .toArray(Node[]::new);
        return Node.all(layer(node, depth, layers), taken);
    }

    /** All outputs of a call that a node before has made. */
    private static List<Node> siblings(Map<Integer, List<Node>> calls, JsonNode value) {
        List<Node> outputs = value.isInt() ? calls.get(value.intValue()) : null;
        if (outputs == null) {
            throw new GraftException(
                    "a node is a further output of value " + value + ", which no node before it gives");
        }
        return outputs;
    }

    /** The layer of a node under its name; one that is shared is the same object each time. */
    private static Layer layer(JsonNode node, int depth, Map<String, Named> known) {
        String name = text(node, "name");
        if (name.isBlank()) {
            throw new GraftException("a node has an empty name");
        }
        Named layer = node.path("shared").asBoolean()
                ? shared(name, known)
                : unnamed(node, depth).named(name);
        known.putIfAbsent(name, layer);
        Model nested = Model.within(layer.layer());
        return nested == null
                ? layer
                : (node.path("inference").asBoolean() ? nested.inInferenceMode() : nested).named(name);
    }

    private static Named shared(String name, Map<String, Named> known) {
        Named layer = known.get(name);
        if (layer == null) {
            throw new GraftException("node '" + name + "' shares a layer that no node before it has");
        }
        return layer;
    }

    private static Layer unnamed(JsonNode node, int depth) {
        if (node.has("model")) {
            return read(node.get("model"), depth + 1);
        }
        if (!(node.get("config") instanceof ObjectNode config)) {
            throw new GraftException("node '" + text(node, "name") + "' has no configuration");
        }
        return LayerTypes.fromJson(text(node, "layer"), config);
    }

    private static Node value(List<Node> values, JsonNode number) {
        if (!number.isInt() || number.intValue() < 0 || number.intValue() >= values.size()) {
            throw new GraftException(
                    "a node takes value " + number + ", of " + values.size() + " before it; a graph has no cycles");
        }
        return values.get(number.intValue());
    }

    private static int positive(JsonNode size) {
        if (!size.isInt() || size.intValue() < 1) {
            throw new GraftException("an input has size " + size);
        }
        return size.intValue();
    }

    private static JsonNode list(JsonNode json, String field) {
        JsonNode list = json.path(field);
        if (!list.isArray() || list.size() > MOST_NODES) {
            throw new GraftException("expected a list '" + field + "' of at most " + MOST_NODES + " entries");
        }
        return list;
    }

    private static String text(JsonNode json, String field) {
        if (!json.path(field).isTextual()) {
            throw new GraftException("expected a text '" + field + "'");
        }
        return json.get(field).textValue();
    }
}
