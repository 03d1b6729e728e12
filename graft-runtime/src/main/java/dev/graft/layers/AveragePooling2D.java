package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * The mean of each window, {@code [N, C, H, W] -> [N, C, H', W']}.
 *
 * @param padding even on opposite sides
 * @param countPadding whether padded zeros count in the mean (torch: yes, Keras: no)
 */
public record AveragePooling2D(int size, int stride, Padding padding, boolean countPadding) implements Layer {
    public AveragePooling2D {
        SharedPooling.check("AveragePooling2D", size, stride);
    }

    /** Windows side by side, no padding. */
    public static AveragePooling2D of(int size) {
        return new AveragePooling2D(size, size, Padding.none(), true);
    }

    public AveragePooling2D stride(int pixels) {
        return new AveragePooling2D(size, pixels, padding, countPadding);
    }

    public AveragePooling2D padding(Padding kind) {
        return new AveragePooling2D(size, stride, kind, countPadding);
    }

    public AveragePooling2D countPadding(boolean count) {
        return new AveragePooling2D(size, stride, padding, count);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape output = SharedPooling.windowed(inputs, size, stride, padding);
        if (!padding.window(size, size, stride, 1, inputs.get(0)).symmetric()) {
            throw new ShapeException(
                    "padding that is even on opposite sides", inputs, "write it out with Padding.pixels");
        }
        return output;
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.ops()
                .averagePool(call.input(), padding.window(size, size, stride, 1, call.inputShape()), countPadding);
    }
}
