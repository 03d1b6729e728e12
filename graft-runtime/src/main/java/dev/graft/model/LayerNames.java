package dev.graft.model;

import dev.graft.GraftException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The names of a model's layers: given, or made from the kind of layer. Weights are named after them. */
final class LayerNames {
    private LayerNames() {}

    /** Names what has no name yet: {@code conv2d}, {@code conv2d_1}; a nested model takes its own name. */
    static void complete(List<Node> nodes) {
        Set<String> taken = new HashSet<>();
        nodes.stream().filter(Node::isNamed).map(Node::name).forEach(taken::add);
        Map<Model, String> models = new HashMap<>();
        for (Node node : nodes) {
            if (!node.isNamed()) {
                Model model = Model.within(node.layer());
                // Calls of one model share its weights, and so its name.
                String name = model != null && models.containsKey(model)
                        ? models.get(model)
                        : free(model == null ? snakeCase(node.layer().typeName()) : model.name(), taken);
                node.giveName(name);
                taken.add(name);
                if (model != null) {
                    models.put(model, name);
                }
            }
        }
    }

    private static String free(String base, Set<String> taken) {
        String name = base;
        for (int number = 1; taken.contains(name); number++) {
            name = base + "_" + number;
        }
        return name;
    }

    /** {@code GlobalAveragePooling2D} to {@code global_average_pooling2d}, as Keras does. */
    static String snakeCase(String type) {
        return type.replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }

    /**
     * Refuses two layers of one name.
     *
     * @throws GraftException if there are, unless they are calls of the same layer
     */
    static void check(String model, List<Node> nodes) {
        Map<String, Object> owners = new HashMap<>();
        for (Node node : nodes) {
            Object owner = owners.putIfAbsent(node.name(), node.identity());
            if (owner != null && owner != node.identity()) {
                throw new GraftException("model '" + model + "' has two layers named '" + node.name()
                        + "'; weights are named after layers, so rename one, or call one and the same layer twice to"
                        + " share its weights");
            }
        }
    }
}
