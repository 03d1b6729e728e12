package dev.graft.layers;

import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;

/**
 * Puts a token that is trained before those of each example; what becomes of it tells the class.
 *
 * <p>Shape {@code [N, tokens, size] -> [N, 1 + tokens, size]}; its one weight {@code [1, 1, size]} is called like the layer:
 * torchvision's {@code class_token}.
 */
public record ClassToken() implements Layer {
    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.tokens(inputs);
        return Shape.batchOf(1 + input.size(1), input.size(2));
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        return List.of(WeightSpec.nameless(Shape.of(1, 1, inputs.get(0).size(2)), Init.zeros()));
    }

    @Override
    public <T> T forward(Call<T> call) {
        Ops<T> ops = call.ops();
        return ops.concatenate(List.of(ops.repeat(call.weight(), call.input()), call.input()), 1);
    }
}
