package dev.graft.layers;

import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;

/**
 * Layer normalisation (Ba et al. 2016) over channels: those of each pixel of {@code [N, C, H, W]}, of each token of {@code
 * [N, tokens, C]}, or {@code [N, C]}. The same in training and in prediction.
 *
 * <p>Shape kept; weights {@code weight [C]}, {@code bias [C]}: torch's {@code LayerNorm}, for pictures torchvision's
 * {@code LayerNorm2d}.
 *
 * @param epsilon added to the variance
 */
public record LayerNormalization(double epsilon) implements Layer {
    public LayerNormalization {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("LayerNormalization: epsilon is not below 0, got " + epsilon);
        }
    }

    public static LayerNormalization of(double epsilon) {
        return new LayerNormalization(epsilon);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.single(inputs);
        if (input.rank() < 2 || input.rank() > 4) {
            throw new ShapeException(
                    "[N, channels, height, width], [N, tokens, channels] or [N, channels]",
                    inputs,
                    "put Flatten before it");
        }
        return input;
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        Shape input = inputs.get(0);
        Shape channels = Shape.of(input.size(input.rank() == 4 ? 1 : -1));
        return List.of(
                WeightSpec.parameter("weight", channels, Init.ones()),
                WeightSpec.parameter("bias", channels, Init.zeros()));
    }

    @Override
    public <T> T forward(Call<T> call) {
        Ops<T> ops = call.ops();
        boolean picture = call.inputShape().rank() == 4;
        T x = picture ? ops.permute(call.input(), 0, 2, 3, 1) : call.input();
        T normalised = ops.layerNorm(x, call.weight("weight"), call.weight("bias"), epsilon);
        return picture ? ops.permute(normalised, 0, 3, 1, 2) : normalised;
    }
}
