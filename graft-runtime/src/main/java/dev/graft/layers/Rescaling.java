package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/** {@code x * scale + offset}; {@code Rescaling(1/127.5, -1)} takes pixels 0..255 to -1..1. Shape kept. */
public record Rescaling(double scale, double offset) implements Layer {
    /** Without an offset. */
    public static Rescaling of(double scale) {
        return new Rescaling(scale, 0);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.single(inputs);
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.ops().affine(call.input(), new float[] {(float) scale}, new float[] {(float) offset});
    }
}
