package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/** The product of two inputs, element by element; {@code [N, C, 1, 1]} spreads over {@code [N, C, H, W]}. */
public record Multiply() implements Layer {
    @Override
    public Shape outputShape(List<Shape> inputs) {
        Inputs.several(inputs);
        Shape first = inputs.get(0);
        for (Shape other : inputs) {
            boolean gate = first.rank() == 4 && other.equals(Shape.batchOf(first.size(1), 1, 1));
            if (!other.equals(first) && !gate) {
                throw new ShapeException(
                        "inputs of one shape, or [N, C, H, W] first and then [N, C, 1, 1]",
                        inputs,
                        "swap the inputs or pool with keepDims");
            }
        }
        return first;
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.inputs().stream().reduce(call.ops()::multiply).orElseThrow();
    }
}
