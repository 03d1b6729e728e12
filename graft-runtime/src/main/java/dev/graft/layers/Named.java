package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * A layer with a name of its own. Weights belong to it: called several times in one model it computes each time with the
 * same weights, as a layer object of Keras does.
 *
 * <pre>{@code
 * Named embed = Dense.of(64).named("embed");
 * Node left = first.then(embed);
 * Node right = second.then(embed);      // the same weights
 * }</pre>
 */
public final class Named implements Layer {
    private final String name;
    private final Layer layer;

    Named(String name, Layer layer) {
        if (name.isBlank()) {
            throw new IllegalArgumentException(layer.typeName() + ": a layer's name is not empty");
        }
        this.name = name;
        this.layer = layer instanceof Named inner ? inner.layer : layer;
    }

    public String name() {
        return name;
    }

    /** The layer without its name. */
    public Layer layer() {
        return layer;
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return layer.outputShape(inputs);
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        return layer.weights(inputs);
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return layer.multiplyAdds(inputs);
    }

    @Override
    public <T> T forward(Call<T> call) {
        return layer.forward(call);
    }

    @Override
    public boolean stochastic() {
        return layer.stochastic();
    }

    @Override
    public String typeName() {
        return layer.typeName();
    }
}
