package dev.graft.layers;

import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.function.Function;

/**
 * One call of a layer in one engine.
 *
 * @param ops the operations of the engine
 * @param inputs the values that come in
 * @param inputShapes their shapes, with the batch open
 * @param weights the layer's own weights by their short name
 * @param training whether dropout drops
 * @param trainable whether the layer is trainable: a frozen batch normalisation uses and keeps its statistics
 * @param <T> the engine's value
 */
public record Call<T>(
        Ops<T> ops,
        List<T> inputs,
        List<Shape> inputShapes,
        Function<String, T> weights,
        boolean training,
        boolean trainable) {
    /** The only input. */
    public T input() {
        return inputs.get(0);
    }

    /** The shape of the only input. */
    public Shape inputShape() {
        return inputShapes.get(0);
    }

    /** The {@linkplain WeightSpec#nameless nameless} weight. */
    public T weight() {
        return weights.apply("");
    }

    public T weight(String name) {
        return weights.apply(name);
    }
}
