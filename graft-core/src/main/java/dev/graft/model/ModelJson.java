package dev.graft.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.layers.Layer;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;

/**
 * A model as JSON and back:
 *
 * <pre>{@code
 * {"name": "m", "inputs": [[3, 224, 224]], "outputs": [2],
 *  "nodes": [{"name": "conv", "layer": "Conv2D", "config": {...}, "inputs": [0]},
 *            {"name": "base", "model": {...}, "inference": true, "inputs": [1]}]}
 * }</pre>
 *
 * <p>Values are numbered: the inputs first, then one a node; a node takes values that come before it.
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
        for (Node node : model.nodes()) {
            ObjectNode written = nodes.addObject().put("name", node.name());
            Layer layer = Objects.requireNonNull(node.layer());
            if (layer instanceof Model.Pinned pinned) {
                written.set("model", write(pinned.model()));
                written.put("inference", true);
            } else if (layer instanceof Model nested) {
                written.set("model", write(nested));
                written.put("inference", false);
            } else {
                written.put("layer", layer.typeName());
                written.set("config", LayerTypes.toJson(layer));
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
        for (JsonNode node : list(json, "nodes")) {
            Node[] taken = StreamSupport.stream(list(node, "inputs").spliterator(), false)
                    .map(value -> value(values, value))
                    .toArray(Node[]::new);
            values.add(Node.of(text(node, "name"), layer(node, depth), taken));
        }
        List<Node> outputs = StreamSupport.stream(list(json, "outputs").spliterator(), false)
                .map(value -> value(values, value))
                .toList();
        return Model.of(text(json, "name"), inputs, outputs);
    }

    private static Layer layer(JsonNode node, int depth) {
        if (node.has("model")) {
            Model nested = read(node.get("model"), depth + 1);
            return node.path("inference").asBoolean() ? nested.inInferenceMode() : nested;
        }
        if (!(node.get("config") instanceof ObjectNode config)) {
            throw new GraftException("node '" + text(node, "name") + "' has no configuration");
        }
        return LayerTypes.fromJson(text(node, "layer"), config);
    }

    private static Node value(List<Node> values, JsonNode number) {
        if (!number.isInt() || number.intValue() < 0 || number.intValue() >= values.size()) {
            throw new GraftException("a node takes value " + number + ", of " + values.size() + " before it");
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
