package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * The mean of {@code height x width} windows that cover the picture evenly, whatever its size: {@code [N, C, H, W] ->
 * [N, C, height, width]}. Row {@code i} is the mean of the rows from {@code floor(i·H / height)} to below {@code
 * ceil((i + 1)·H / height)}, as in {@code torch.nn.AdaptiveAvgPool2d}: windows overlap where the size does not divide
 * and repeat where the picture is smaller.
 */
public record AdaptiveAveragePooling2D(int height, int width) implements Layer {
    public AdaptiveAveragePooling2D {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("AdaptiveAveragePooling2D: height and width are at least 1");
        }
    }

    /** To a square of so many pixels a side. */
    public static AdaptiveAveragePooling2D of(int size) {
        return new AdaptiveAveragePooling2D(size, size);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Shape.batchOf(Inputs.picture(inputs).size(1), height, width);
    }

    @Override
    public <T> T forward(Call<T> call) {
        Shape input = call.inputShape();
        boolean same = input.size(2) == height && input.size(3) == width;
        return same ? call.input() : call.ops().adaptiveAveragePool(call.input(), input, height, width);
    }
}
