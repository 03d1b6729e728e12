package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * Multiplies each channel by a number that is trained (Touvron et al. 2021, "Going Deeper with Image Transformers"). Stands
 * at the end of a residual branch, which a small first number keeps out of the sum at first.
 *
 * <p>Shape {@code [N, C, H, W]}, kept; its one weight {@code [C, 1, 1]} is called like the layer: torchvision's {@code
 * layer_scale}.
 *
 * @param initial the number of each channel before training
 */
public record LayerScale(double initial) implements Layer {
    public static LayerScale of(double initial) {
        return new LayerScale(initial);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.picture(inputs);
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        Init init = new Init.Constant((float) initial);
        return List.of(WeightSpec.nameless(Shape.of(inputs.get(0).size(1), 1, 1), init));
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.ops().multiply(call.input(), call.weight());
    }
}
