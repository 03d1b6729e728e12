package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * The mean over height and width, {@code [N, C, H, W] -> [N, C]}.
 *
 * @param keepDims gives {@code [N, C, 1, 1]} instead, for squeeze-and-excite
 */
public record GlobalAveragePooling2D(boolean keepDims) implements Layer {
    public static GlobalAveragePooling2D of() {
        return new GlobalAveragePooling2D(false);
    }

    public static GlobalAveragePooling2D keepingDims() {
        return new GlobalAveragePooling2D(true);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return SharedPooling.global(inputs, keepDims);
    }

    @Override
    public <T> T forward(Call<T> call) {
        T pooled = call.ops().globalAveragePool(call.input());
        return keepDims ? pooled : call.ops().flatten(pooled);
    }
}
