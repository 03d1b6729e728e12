package dev.graft.model;

import dev.graft.GraftException;
import dev.graft.layers.Layer;
import dev.graft.layers.ShapeException;
import dev.graft.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The output of a layer in a graph that is being drawn: call layers on nodes, then close the graph with {@link Model}.
 * Shapes are checked as the graph is drawn, before there is a weight or a picture.
 */
public final class Node {
    private final String name;
    private final @Nullable Layer layer;
    private final List<Node> inputs;
    private final Shape shape;

    private Node(String name, @Nullable Layer layer, List<Node> inputs, Shape shape) {
        this.name = name;
        this.layer = layer;
        this.inputs = inputs;
        this.shape = shape;
    }

    /** Where values come in: an input of the given shape behind the batch, e.g. {@code input(3, 224, 224)}. */
    public static Node input(int... sizes) {
        return new Node("input", null, List.of(), Shape.batchOf(sizes));
    }

    /** Where values come in, with the shape written out, batch first. */
    public static Node input(Shape shape) {
        return new Node("input", null, List.of(), shape);
    }

    /**
     * A layer called on nodes.
     *
     * @param name the layer's name, unique in its model: weights are named after it
     * @throws GraftException if the layer cannot take these inputs; names the layer, both shapes and the remedy
     */
    public static Node of(String name, Layer layer, Node... inputs) {
        List<Shape> shapes = List.of(inputs).stream().map(Node::shape).toList();
        try {
            return new Node(name, layer, List.of(inputs), layer.outputShape(shapes));
        } catch (ShapeException e) {
            throw new GraftException(layer.typeName() + " '" + name + "': " + e.getMessage(), e);
        }
    }

    /** The next layer, called on this node. */
    public Node then(String next, Layer called) {
        return of(next, called, this);
    }

    public String name() {
        return name;
    }

    /** The shape of the value, with the batch open. */
    public Shape shape() {
        return shape;
    }

    /** The layer that makes the value, or null for an input. */
    @Nullable Layer layer() {
        return layer;
    }

    List<Node> inputs() {
        return inputs;
    }
}
