package dev.graft.layers;

import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;

/** A function of each element (softmax: of each channel vector). Shape kept, no weights. */
public record Activation(Kind kind) implements Layer {
    /** The functions, as torch defines them; {@code GELU} is the exact one, {@code SILU} is also called swish. */
    public enum Kind {
        RELU,
        RELU6,
        HARD_SIGMOID,
        HARD_SWISH,
        SIGMOID,
        TANH,
        SILU,
        GELU,
        SOFTMAX
    }

    public static Activation of(Kind kind) {
        return new Activation(kind);
    }

    public static Activation relu() {
        return of(Kind.RELU);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.single(inputs);
    }

    @Override
    public <T> T forward(Call<T> call) {
        Ops<T> ops = call.ops();
        T x = call.input();
        return switch (kind) {
            case RELU -> ops.relu(x);
            case RELU6 -> ops.relu6(x);
            case HARD_SIGMOID -> ops.hardSigmoid(x);
            case HARD_SWISH -> ops.hardSwish(x);
            case SIGMOID -> ops.sigmoid(x);
            case TANH -> ops.tanh(x);
            case SILU -> ops.silu(x);
            case GELU -> ops.gelu(x);
            case SOFTMAX -> ops.softmax(x, 1);
        };
    }
}
