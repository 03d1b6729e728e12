package dev.graft.layers;

import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;

/** The pixels of a feature map as a sequence, row by row: {@code [N, C, H, W] -> [N, H·W, C]}. */
public record Tokens() implements Layer {
    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.picture(inputs);
        return Shape.batchOf(input.size(2) * input.size(3), input.size(1));
    }

    @Override
    public <T> T forward(Call<T> call) {
        Ops<T> ops = call.ops();
        return ops.reshape(ops.permute(call.input(), 0, 2, 3, 1), outputShape(call.inputShapes()));
    }
}
