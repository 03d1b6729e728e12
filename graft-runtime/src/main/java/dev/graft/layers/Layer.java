package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * A step of a network: what shape it gives, what weights it needs, what it computes. Implementations are immutable
 * records; the record's components are the configuration that a saved model keeps. Users may add their own: register
 * them with {@code LayerTypes.register} of package {@code model} so that a saved model can be read again.
 */
public interface Layer {
    /**
     * The shape of the output, with the batch open.
     *
     * @throws ShapeException if the layer cannot take such inputs
     */
    Shape outputShape(List<Shape> inputs);

    /** The weights for such inputs, in the order of the layer's {@code getWeights}; none by default. */
    default List<WeightSpec> weights(List<Shape> inputs) {
        return List.of();
    }

    /** Computes the output in the engine of the call. */
    <T> T forward(Call<T> call);

    /** Whether a training call draws random numbers, so that its output must not be cached. */
    default boolean stochastic() {
        return false;
    }

    /**
     * How many multiplications, each with an addition, the layer needs for one example; those of products with weights and
     * of attention, as publications count them. None by default.
     */
    default long multiplyAdds(List<Shape> inputs) {
        return 0;
    }

    /** The name of the kind of layer, as in a summary: {@code Conv2D}. */
    default String typeName() {
        return getClass().getSimpleName();
    }

    /** This layer under a name of its own: weights are named after it, and each call of the result shares them. */
    default Named named(String name) {
        return new Named(name, this);
    }
}
