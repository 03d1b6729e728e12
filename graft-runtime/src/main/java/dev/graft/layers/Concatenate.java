package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/** Inputs joined along the channels (axis 1); all other sizes are equal. */
public record Concatenate() implements Layer {
    @Override
    public Shape outputShape(List<Shape> inputs) {
        Inputs.several(inputs);
        int[] sizes = inputs.get(0).sizes();
        for (Shape other : inputs.subList(1, inputs.size())) {
            int[] expected = other.sizes();
            if (expected.length == sizes.length) {
                expected[1] = sizes[1];
            }
            if (!new Shape(expected).equals(new Shape(sizes))) {
                throw new ShapeException(
                        "inputs that differ in channels only", inputs, "pool or crop the larger branch");
            }
            sizes[1] += other.size(1);
        }
        return new Shape(sizes);
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.ops().concatenate(call.inputs(), 1);
    }
}
