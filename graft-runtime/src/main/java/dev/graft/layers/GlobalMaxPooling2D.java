package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/** The maximum over height and width, {@code [N, C, H, W] -> [N, C]}. */
public record GlobalMaxPooling2D() implements Layer {
    @Override
    public Shape outputShape(List<Shape> inputs) {
        return SharedPooling.global(inputs, false);
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.ops().flatten(call.ops().globalMaxPool(call.input()));
    }
}
