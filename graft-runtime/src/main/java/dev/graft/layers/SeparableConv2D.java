package dev.graft.layers;

import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import dev.graft.tensor.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Depthwise separable convolution (Chollet 2017, "Xception"): each channel is convolved alone, then a 1x1 convolution
 * mixes them, with nothing in between.
 *
 * <p>Shape {@code [N, in, H, W] -> [N, filters, H', W']}; weights {@code depthwise.weight [in, 1, k, k]}, {@code
 * pointwise.weight [filters, in, 1, 1]}, {@code pointwise.bias [filters]}: Keras' {@code SeparableConv2D} with a depth
 * multiplier of 1, in the layouts of two {@code torch.nn.Conv2d}.
 *
 * @param kernel rows and columns of the depthwise kernel
 * @param stride of the depthwise convolution
 * @param padding of the depthwise convolution
 */
public record SeparableConv2D(int filters, int kernel, int stride, Padding padding, boolean useBias) implements Layer {
    private static final Window POINT = new Window(1, 1, 1, 0, 0, 0, 0, 1);

    public SeparableConv2D {
        if (filters < 1 || kernel < 1 || stride < 1) {
            throw new IllegalArgumentException("SeparableConv2D: filters, kernel and stride are at least 1");
        }
    }

    /** Stride 1, no padding, with a bias. */
    public static SeparableConv2D of(int filters, int kernel) {
        return new SeparableConv2D(filters, kernel, 1, Padding.none(), true);
    }

    public SeparableConv2D stride(int pixels) {
        return new SeparableConv2D(filters, kernel, pixels, padding, useBias);
    }

    public SeparableConv2D padding(Padding kind) {
        return new SeparableConv2D(filters, kernel, stride, kind, useBias);
    }

    public SeparableConv2D withBias(boolean use) {
        return new SeparableConv2D(filters, kernel, stride, padding, use);
    }

    public SeparableConv2D noBias() {
        return withBias(false);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.picture(inputs);
        return Padding.slide(window(input), input, filters);
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        int channels = inputs.get(0).size(1);
        Init mixing = Init.uniformFanIn(channels);
        List<WeightSpec> specs = new ArrayList<>();
        specs.add(WeightSpec.parameter(
                "depthwise.weight", Shape.of(channels, 1, kernel, kernel), Init.uniformFanIn(kernel * kernel)));
        specs.add(WeightSpec.parameter("pointwise.weight", Shape.of(filters, channels, 1, 1), mixing));
        if (useBias) {
            specs.add(WeightSpec.parameter("pointwise.bias", Shape.of(filters), mixing));
        }
        return specs;
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return Inputs.pixels(outputShape(inputs)) * inputs.get(0).size(1) * (kernel * kernel + filters);
    }

    @Override
    public <T> T forward(Call<T> call) {
        Ops<T> ops = call.ops();
        Shape input = call.inputShape();
        T alone = ops.conv2d(call.input(), call.weight("depthwise.weight"), null, window(input), input.size(1));
        T bias = useBias ? call.weight("pointwise.bias") : null;
        return ops.conv2d(alone, call.weight("pointwise.weight"), bias, POINT, 1);
    }

    private Window window(Shape input) {
        return padding.window(kernel, kernel, stride, 1, input);
    }
}
