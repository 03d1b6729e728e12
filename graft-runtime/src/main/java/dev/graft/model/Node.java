package dev.graft.model;

import dev.graft.GraftException;
import dev.graft.layers.Layer;
import dev.graft.layers.Named;
import dev.graft.layers.ShapeException;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The output of a layer in a graph that is being drawn: call layers on nodes, then close the graph with {@link Model}.
 * Shapes are checked as the graph is drawn, before there is a weight or a picture. A node takes nodes that are there
 * already, so that a graph cannot have a cycle.
 *
 * <p>A layer that was given no name gets one when its node first becomes part of a model: {@code dense}, {@code
 * dense_1}, as in Keras. Layers are shared by calling one {@link Named} layer, or one {@link Model}, several times.
 */
public final class Node {
    private final @Nullable Layer layer;
    private final Object identity;
    private final List<Node> inputs;
    private final Shape shape;
    private final Output output;
    private @Nullable String name;

    /** Which output of which call a node is; only calls of models have several. */
    record Output(Object call, int number) {
        static Output only() {
            return new Output(new Object(), 0);
        }
    }

    private Node(
            @Nullable String name,
            @Nullable Layer layer,
            Object identity,
            List<Node> inputs,
            Shape shape,
            Output output) {
        this.name = name;
        this.layer = layer;
        this.identity = identity;
        this.inputs = inputs;
        this.shape = shape;
        this.output = output;
    }

    /** Where values come in: an input of the given shape after the batch, e.g. {@code input(3, 224, 224)}. */
    public static Node input(int... sizes) {
        return input(Shape.batchOf(sizes));
    }

    /** Where values come in, with the shape written out, batch first. */
    public static Node input(Shape shape) {
        return new Node(null, null, new Object(), List.of(), shape, Output.only());
    }

    /**
     * A layer called on nodes.
     *
     * @throws GraftException if the layer cannot take these inputs; names the layer, both shapes and the remedy
     */
    public static Node of(Layer layer, Node... inputs) {
        return call(layer, inputs, (bare, shapes) -> List.of(bare.outputShape(shapes)))
                .get(0);
    }

    /**
     * A model with any number of outputs called on nodes: one node an output.
     *
     * @param layer a {@link Model}, pinned or named or not; another layer has one output
     * @throws GraftException if the layer cannot take these inputs; names the layer, both shapes and the remedy
     */
    public static List<Node> all(Layer layer, Node... inputs) {
        return call(layer, inputs, (bare, shapes) -> {
            Model model = Model.within(bare);
            return model == null ? List.of(bare.outputShape(shapes)) : model.outputShapes(shapes);
        });
    }

    private interface Shapes {
        List<Shape> of(Layer bare, List<Shape> inputs);
    }

    private static List<Node> call(Layer layer, Node[] inputs, Shapes rule) {
        List<Node> taken = List.of(inputs);
        Layer bare = layer instanceof Named named ? named.layer() : layer;
        String name = layer instanceof Named named ? named.name() : null;
        try {
            List<Shape> shapes = rule.of(bare, taken.stream().map(Node::shape).toList());
            Object identity = identity(layer, bare);
            Object call = new Object();
            List<Node> outputs = new ArrayList<>();
            for (Shape shape : shapes) {
                outputs.add(new Node(name, bare, identity, taken, shape, new Output(call, outputs.size())));
            }
            return outputs;
        } catch (ShapeException e) {
            String who = bare.typeName() + (name == null ? "" : " '" + name + "'");
            throw new GraftException(who + ": " + e.getMessage(), e);
        }
    }

    /** A layer under a name, called on nodes: the same as {@code of(layer.named(name), inputs)}. */
    public static Node of(String name, Layer layer, Node... inputs) {
        return of(layer.named(name), inputs);
    }

    /** The next layer, called on this node. */
    public Node then(Layer next) {
        return of(next, this);
    }

    /** The next layer under a name, called on this node. */
    public Node then(String next, Layer called) {
        return of(next, called, this);
    }

    /** Whose weights a call uses: those of a model or a named layer as an object; of each other layer by call. */
    private static Object identity(Layer layer, Layer bare) {
        Model model = Model.within(bare);
        if (model != null) {
            return model;
        }
        return layer instanceof Named ? layer : new Object();
    }

    /**
     * The layer's name.
     *
     * @throws IllegalStateException if it was given none and is not part of a model yet
     */
    public String name() {
        if (name == null) {
            throw new IllegalStateException("the layer has no name before it is part of a model");
        }
        return name;
    }

    /** The shape of the value, with the batch open. */
    public Shape shape() {
        return shape;
    }

    boolean isInput() {
        return layer == null;
    }

    /** The layer that makes the value, which is not an input. */
    Layer layer() {
        return Objects.requireNonNull(layer);
    }

    /** Equal for calls that share their weights, if their names are equal too. */
    Object identity() {
        return identity;
    }

    List<Node> inputs() {
        return inputs;
    }

    Output output() {
        return output;
    }

    boolean isNamed() {
        return name != null;
    }

    void giveName(String given) {
        name = given;
    }
}
