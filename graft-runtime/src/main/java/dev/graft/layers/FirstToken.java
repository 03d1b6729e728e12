package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/** The first token of each example, which {@link ClassToken} put there: {@code [N, tokens, size] -> [N, size]}. */
public record FirstToken() implements Layer {
    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Shape.batchOf(Inputs.tokens(inputs).size(2));
    }

    @Override
    public <T> T forward(Call<T> call) {
        T first = call.ops().slice(call.input(), 1, 0, 1);
        return call.ops().reshape(first, outputShape(call.inputShapes()));
    }
}
