package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/** {@code [N, C, H, W] -> [N, C·H·W]}, channels outermost as in torch. */
public record Flatten() implements Layer {
    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Shape.batchOf(Math.toIntExact(Inputs.single(inputs).itemElements()));
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.ops().flatten(call.input());
    }
}
