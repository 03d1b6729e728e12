package dev.graft.model;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.layers.Call;
import dev.graft.layers.Layer;
import dev.graft.layers.ShapeException;
import dev.graft.layers.WeightSpec;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A graph of layers from inputs to outputs. A model is a layer itself and may stand inside another one; called
 * {@linkplain #inInferenceMode in inference mode} it keeps its batch statistics also where it trains, and its dropout is
 * off. A model has no weights of its own: see {@link Network}.
 */
public final class Model implements Layer {
    private final String name;
    private final List<Node> inputs;
    private final List<Node> outputs;
    private final List<Node> order;

    private Model(String name, List<Node> inputs, List<Node> outputs) {
        this.name = name;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.order = topological();
        requireUsedInputs();
        LayerNames.complete(order);
        LayerNames.check(name, order);
    }

    public static Model of(String name, Node input, Node output) {
        return new Model(name, List.of(input), List.of(output));
    }

    /** Several inputs or outputs: features at several depths, say. */
    public static Model of(String name, List<Node> inputs, List<Node> outputs) {
        return new Model(name, inputs, outputs);
    }

    /**
     * Layers one after the other.
     *
     * @throws GraftException if a layer cannot take what the one before it gives
     */
    public static Model sequential(String name, Node input, Layer... layers) {
        Node output = input;
        for (Layer layer : layers) {
            output = output.then(layer);
        }
        return of(name, input, output);
    }

    public String name() {
        return name;
    }

    public List<Node> inputs() {
        return inputs;
    }

    public List<Node> outputs() {
        return outputs;
    }

    /** The layers' nodes, inputs not counted, each after those it needs. */
    public List<Node> nodes() {
        return order;
    }

    /**
     * The node of that name, to draw on from there or to cut the model at.
     *
     * @throws GraftException if there is none; suggests the nearest name
     */
    public Node layer(String layerName) {
        return order.stream()
                .filter(node -> node.name().equals(layerName))
                .findFirst()
                .orElseThrow(() -> new GraftException("model '" + name + "' has no layer '" + layerName + "'"
                        + Nearest.hint(layerName, order.stream().map(Node::name).toList())));
    }

    /** The part of this model from its inputs to these layers, whose values are the outputs: features at those depths. */
    public Model upTo(String... layerNames) {
        List<Node> ends = Arrays.stream(layerNames).map(this::layer).toList();
        return of(name, inputs, ends);
    }

    /** This model as a layer whose mode is pinned: Keras' {@code base_model(x, training=False)}. */
    public Layer inInferenceMode() {
        return new Pinned(this);
    }

    /** The model that a layer is, in a pinned mode or not; null if it is none. */
    static @Nullable Model within(Layer layer) {
        if (layer instanceof Pinned pinned) {
            return pinned.model();
        }
        return layer instanceof Model model ? model : null;
    }

    /** A model called in inference mode whatever the mode of the call round it. */
    record Pinned(Model model) implements Layer {
        @Override
        public Shape outputShape(List<Shape> shapes) {
            return model.outputShape(shapes);
        }

        @Override
        public List<WeightSpec> weights(List<Shape> shapes) {
            return model.weights(shapes);
        }

        @Override
        public <T> T forward(Call<T> call) {
            return model.forward(call);
        }

        @Override
        public String typeName() {
            return model.typeName();
        }
    }

    @Override
    public Shape outputShape(List<Shape> shapes) {
        List<Shape> all = outputShapes(shapes);
        if (all.size() != 1) {
            throw new ShapeException(
                    "a model with one output",
                    shapes,
                    "'" + name + "' has " + all.size() + ": call it with Node.all, or cut it at one layer");
        }
        return all.get(0);
    }

    List<Shape> outputShapes(List<Shape> shapes) {
        List<Shape> expected = inputs.stream().map(Node::shape).toList();
        if (!expected.equals(shapes)) {
            throw new ShapeException(
                    expected.size() == 1 ? "input " + expected.get(0) : "inputs " + expected,
                    shapes,
                    "draw the model for the size that comes in");
        }
        return outputs.stream().map(Node::shape).toList();
    }

    /** Nested models are inlined by {@link Program}, which then asks each layer; there is nothing here. */
    @Override
    public List<WeightSpec> weights(List<Shape> shapes) {
        return List.of();
    }

    @Override
    public <T> T forward(Call<T> call) {
        throw new IllegalStateException("a nested model is run layer by layer, through its program");
    }

    @Override
    public String typeName() {
        return "Model";
    }

    private List<Node> topological() {
        Set<Node> done = new LinkedHashSet<>(inputs);
        for (Node output : outputs) {
            visit(output, done);
        }
        List<Node> layers = new ArrayList<>(done);
        inputs.forEach(layers::remove);
        return List.copyOf(layers);
    }

    private void requireUsedInputs() {
        Set<Node> used = new HashSet<>(outputs);
        order.forEach(node -> used.addAll(node.inputs()));
        for (int i = 0; i < inputs.size(); i++) {
            if (!used.contains(inputs.get(i))) {
                throw new GraftException("model '" + name + "': no output depends on input " + (i + 1) + ", "
                        + inputs.get(i).shape() + "; connect it or leave it out");
            }
        }
    }

    /** Depth first with an explicit stack: a graph may be deeper than the thread's. */
    private void visit(Node root, Set<Node> done) {
        List<Node> stack = new ArrayList<>(List.of(root));
        while (!stack.isEmpty()) {
            Node node = stack.get(stack.size() - 1);
            List<Node> open = node.inputs().stream()
                    .filter(input -> !done.contains(input))
                    .toList();
            if (done.contains(node) || open.isEmpty()) {
                if (node.isInput() && !inputs.contains(node)) {
                    throw new GraftException("model '" + name + "': an output depends on an input " + node.shape()
                            + " that is not among the model's inputs; list it");
                }
                stack.remove(stack.size() - 1);
                done.add(node);
            } else {
                // In reverse, so that the first input is visited first.
                for (int i = open.size() - 1; i >= 0; i--) {
                    stack.add(open.get(i));
                }
            }
        }
    }
}
