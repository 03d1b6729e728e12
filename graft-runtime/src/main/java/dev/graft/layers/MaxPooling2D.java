package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/** The maximum of each window, {@code [N, C, H, W] -> [N, C, H', W']}; padding never wins. */
public record MaxPooling2D(int size, int stride, Padding padding) implements Layer {
    public MaxPooling2D {
        SharedPooling.check("MaxPooling2D", size, stride);
    }

    /** Windows side by side, no padding. */
    public static MaxPooling2D of(int size) {
        return new MaxPooling2D(size, size, Padding.none());
    }

    public MaxPooling2D stride(int pixels) {
        return new MaxPooling2D(size, pixels, padding);
    }

    public MaxPooling2D padding(Padding kind) {
        return new MaxPooling2D(size, stride, kind);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return SharedPooling.windowed(inputs, size, stride, padding);
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.ops().maxPool(call.input(), padding.window(size, size, stride, 1, call.inputShape()));
    }
}
