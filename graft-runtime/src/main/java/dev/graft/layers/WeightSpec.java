package dev.graft.layers;

import dev.graft.tensor.Shape;

/**
 * A weight that a layer needs.
 *
 * @param name the short name, as in torch: {@code weight}, {@code running_mean}; empty if it is called like the layer
 * @param shape all sizes fixed
 * @param init what it holds before training or loading
 * @param trainable false for statistics, which no gradient ever moves
 */
public record WeightSpec(String name, Shape shape, Init init, boolean trainable) {
    public static WeightSpec parameter(String name, Shape shape, Init init) {
        return new WeightSpec(name, shape, init, true);
    }

    /** The only weight of a layer, called like it: what torch has as a parameter without a layer of its own. */
    public static WeightSpec nameless(Shape shape, Init init) {
        return parameter("", shape, init);
    }

    public static WeightSpec statistic(String name, Shape shape, Init init) {
        return new WeightSpec(name, shape, init, false);
    }
}
