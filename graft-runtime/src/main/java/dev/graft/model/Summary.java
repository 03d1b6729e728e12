package dev.graft.model;

import dev.graft.layers.WeightSpec;
import dev.graft.model.Program.Step;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network as a table, printed as Keras prints it: layer, output shape, parameters, whether it is trainable; then the
 * totals. Shapes are written as Keras writes them, channels last: {@code (None, 5, 5, 2048)} is {@code [N, 2048, 5, 5]}.
 */
public final class Summary {
    private final Network network;
    private final boolean expanded;
    private final TableStyle style;

    private Summary(Network network, boolean expanded, TableStyle style) {
        this.network = network;
        this.expanded = expanded;
        this.style = style;
    }

    /** A nested model is one row. */
    public static Summary of(Network network) {
        return new Summary(network, false, TableStyle.BOXED);
    }

    /** The same with the layers of nested models below them. */
    public Summary expanded() {
        return new Summary(network, true, style);
    }

    /** The same without characters beyond ASCII. */
    public Summary ascii() {
        return new Summary(network, expanded, TableStyle.ASCII);
    }

    @Override
    public String toString() {
        return title() + "\n" + style.table(rows()) + totals();
    }

    /** What stands above the table. */
    public String title() {
        return "Model: \"" + network.model().name() + "\"";
    }

    /** The rows of the table, the headings first, for whoever has no room for it: three or four cells beside the name. */
    public List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        boolean branched = isBranched(network.model());
        rows.add(row("Layer (type)", "Output Shape", "Param #", "Trainable", branched, "Connected to"));
        Map<Node, String> inputNames = inputNames(network.model());
        inputNames.forEach(
                (input, name) -> rows.add(row(name + " (InputLayer)", shape(input.shape()), "0", "-", branched, "-")));
        add(rows, network.model(), "", 0, inputNames, branched);
        return rows;
    }

    private void add(
            List<List<String>> rows,
            Model model,
            String prefix,
            int depth,
            Map<Node, String> inputNames,
            boolean branched) {
        Map<String, List<Node>> calls = new LinkedHashMap<>();
        model.nodes().forEach(node -> calls.computeIfAbsent(node.name(), name -> new ArrayList<>())
                .add(node));
        calls.forEach((name, nodes) -> {
            Node node = nodes.get(0);
            Model nested = Model.within(node.layer());
            // A layer "a" is not the layer "a.b", which begins like one of its own.
            Part part = nested == null ? network.layers(prefix + name) : network.layer(prefix + name);
            rows.add(row(
                    style.indent(depth) + name + " ("
                            + (nested == null ? node.layer().typeName() : "Functional") + ")",
                    nodes.stream()
                            .map(Node::shape)
                            .distinct()
                            .map(Summary::shape)
                            .collect(Collectors.joining(" ")),
                    String.format(
                            Locale.ROOT,
                            "%,d",
                            network.parameters(part.weights().keySet())),
                    trainable(part),
                    branched,
                    connections(nodes, inputNames)));
            if (nested != null && expanded) {
                add(rows, nested, prefix + name + ".", depth + 1, inputNames(nested), branched);
            }
        });
    }

    private static List<String> row(
            String layer, String shape, String count, String trainable, boolean branched, String connections) {
        return branched
                ? List.of(layer, shape, count, trainable, connections)
                : List.of(layer, shape, count, trainable);
    }

    /** Whether some layer takes several values, or some value goes several ways. */
    private static boolean isBranched(Model model) {
        Map<Node, Long> uses = model.nodes().stream()
                .flatMap(node -> node.inputs().stream())
                .collect(Collectors.groupingBy(node -> node, Collectors.counting()));
        return model.inputs().size() > 1 || uses.values().stream().anyMatch(count -> count > 1);
    }

    private static Map<Node, String> inputNames(Model model) {
        Map<Node, String> names = new LinkedHashMap<>();
        for (Node input : model.inputs()) {
            names.put(input, names.isEmpty() ? "input_layer" : "input_layer_" + names.size());
        }
        return names;
    }

    private static String connections(List<Node> calls, Map<Node, String> inputNames) {
        return calls.stream()
                .map(node -> node.inputs().stream()
                        .map(input -> input.isInput() ? inputNames.get(input) : input.name())
                        .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; "));
    }

    /** Y, N, {@code part} where a model trains in part, - where there is nothing that could train. */
    private String trainable(Part part) {
        Set<String> names = Set.copyOf(part.layerNames());
        List<Step> steps = network.program().steps().stream()
                .filter(step -> names.contains(step.path()))
                .filter(step -> step.weights().stream().anyMatch(WeightSpec::trainable))
                .toList();
        if (steps.isEmpty()) {
            return "-";
        }
        long trainable = steps.stream().filter(network::isTrainable).count();
        return trainable == 0 ? "N" : trainable == steps.size() ? "Y" : "part";
    }

    private static String shape(Shape shape) {
        int[] order = shape.rank() == 4
                ? new int[] {2, 3, 1}
                : IntStream.range(1, shape.rank()).toArray();
        return IntStream.of(order)
                .mapToObj(axis -> Integer.toString(shape.size(axis)))
                .collect(Collectors.joining(", ", "(None, ", ")"));
    }

    /** The lines below the table. */
    public String totals() {
        long total = network.parameters(network.weights().keySet());
        long trainable = network.parameters(network.trainableWeights());
        return total("Total", total) + total("Trainable", trainable) + total("Non-trainable", total - trainable);
    }

    private static String total(String what, long parameters) {
        return String.format(Locale.ROOT, " %s params: %,d (%s)\n", what, parameters, size(parameters));
    }

    /** The size of so many floats: {@code 79.59 MB}. */
    private static String size(long parameters) {
        double bytes = parameters * (double) Float.BYTES;
        String[] units = {"B", "KB", "MB", "GB"};
        int unit = 0;
        while (bytes >= 1024 && unit < units.length - 1) {
            bytes /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f %s", bytes, units[unit]);
    }
}
