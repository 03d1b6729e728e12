package dev.graft.layers;

import dev.graft.tensor.Shape;
import dev.graft.tensor.Window;
import java.util.List;

/**
 * Fully connected layer over the channels of each pixel: a 1x1 convolution whose weights have the shapes of {@link Dense}.
 *
 * <p>Shape {@code [N, in, H, W] -> [N, units, H, W]}; weights {@code weight [units, in]}, {@code bias [units]}: those of a
 * {@code torch.nn.Linear} that is called with the channels last.
 */
public record PixelDense(int units) implements Layer {
    private static final Window POINT = new Window(1, 1, 1, 0, 0, 0, 0, 1);

    public PixelDense {
        if (units < 1) {
            throw new IllegalArgumentException("PixelDense: units is at least 1, got " + units);
        }
    }

    public static PixelDense of(int units) {
        return new PixelDense(units);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.picture(inputs);
        return Shape.batchOf(units, input.size(2), input.size(3));
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        int in = inputs.get(0).size(1);
        Init init = Init.uniformFanIn(in);
        return List.of(
                WeightSpec.parameter("weight", Shape.of(units, in), init),
                WeightSpec.parameter("bias", Shape.of(units), init));
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return Inputs.pixels(inputs.get(0)) * inputs.get(0).size(1) * units;
    }

    @Override
    public <T> T forward(Call<T> call) {
        Shape kernel = Shape.of(units, call.inputShape().size(1), 1, 1);
        T weight = call.ops().reshape(call.weight("weight"), kernel);
        return call.ops().conv2d(call.input(), weight, call.weight("bias"), POINT, 1);
    }
}
