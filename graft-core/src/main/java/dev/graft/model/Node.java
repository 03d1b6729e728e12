package dev.graft.model;

import dev.graft.GraftException;
import dev.graft.layers.Layer;
import dev.graft.layers.Named;
import dev.graft.layers.ShapeException;
import dev.graft.tensor.Shape;
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
    private @Nullable String name;

    private Node(@Nullable String name, @Nullable Layer layer, Object identity, List<Node> inputs, Shape shape) {
        this.name = name;
        this.layer = layer;
        this.identity = identity;
        this.inputs = inputs;
        this.shape = shape;
    }

    /** Where values come in: an input of the given shape behind the batch, e.g. {@code input(3, 224, 224)}. */
    public static Node input(int... sizes) {
        return input(Shape.batchOf(sizes));
    }

    /** Where values come in, with the shape written out, batch first. */
    public static Node input(Shape shape) {
        return new Node(null, null, new Object(), List.of(), shape);
    }

    /**
     * A layer called on nodes.
     *
     * @throws GraftException if the layer cannot take these inputs; names the layer, both shapes and the remedy
     */
    public static Node of(Layer layer, Node... inputs) {
        List<Shape> shapes = List.of(inputs).stream().map(Node::shape).toList();
        Layer bare = layer instanceof Named named ? named.layer() : layer;
        String name = layer instanceof Named named ? named.name() : null;
        try {
            return new Node(name, bare, identity(layer, bare), List.of(inputs), bare.outputShape(shapes));
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

    boolean isNamed() {
        return name != null;
    }

    void giveName(String given) {
        name = given;
    }
}
