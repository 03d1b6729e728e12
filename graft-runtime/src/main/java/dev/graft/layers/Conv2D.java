package dev.graft.layers;

import dev.graft.tensor.Shape;
import dev.graft.tensor.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Two-dimensional convolution (cross-correlation), plain, grouped or depthwise.
 *
 * <p>Shape {@code [N, in, H, W] -> [N, filters, H', W']}; weights {@code weight [filters, in / groups, kH, kW]}, {@code
 * bias [filters]}: the layout and initialisation bound of {@code torch.nn.Conv2d}.
 */
public record Conv2D(
        int filters,
        int kernelHeight,
        int kernelWidth,
        int stride,
        Padding padding,
        int dilation,
        int groups,
        boolean useBias)
        implements Layer {
    public Conv2D {
        if (filters < 1 || kernelHeight < 1 || kernelWidth < 1 || stride < 1 || dilation < 1 || groups < 1) {
            throw new IllegalArgumentException("Conv2D: filters, kernel, stride, dilation and groups are at least 1");
        }
        if (filters % groups != 0) {
            throw new IllegalArgumentException(
                    "Conv2D: " + filters + " filters do not divide into " + groups + " groups");
        }
    }

    /** A square kernel, stride 1, no padding, with a bias. */
    public static Conv2D of(int filters, int kernel) {
        return new Conv2D(filters, kernel, kernel, 1, Padding.none(), 1, 1, true);
    }

    public Conv2D stride(int pixels) {
        return new Conv2D(filters, kernelHeight, kernelWidth, pixels, padding, dilation, groups, useBias);
    }

    /** torch's padding: as many zeros on each side. */
    public Conv2D padding(int pixels) {
        return padding(Padding.pixels(pixels));
    }

    public Conv2D padding(Padding kind) {
        return new Conv2D(filters, kernelHeight, kernelWidth, stride, kind, dilation, groups, useBias);
    }

    public Conv2D dilation(int distance) {
        return new Conv2D(filters, kernelHeight, kernelWidth, stride, padding, distance, groups, useBias);
    }

    /** As many groups as input channels make it depthwise. */
    public Conv2D groups(int count) {
        return new Conv2D(filters, kernelHeight, kernelWidth, stride, padding, dilation, count, useBias);
    }

    public Conv2D withBias(boolean use) {
        return new Conv2D(filters, kernelHeight, kernelWidth, stride, padding, dilation, groups, use);
    }

    public Conv2D noBias() {
        return withBias(false);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.picture(inputs);
        if (input.size(1) % groups != 0) {
            throw new ShapeException(
                    "channels that divide into " + groups + " groups", inputs, "change groups or the layer before");
        }
        return Padding.slide(window(input), input, filters);
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        int channels = inputs.get(0).size(1) / groups;
        Init init = Init.uniformFanIn(channels * kernelHeight * kernelWidth);
        List<WeightSpec> specs = new ArrayList<>();
        specs.add(WeightSpec.parameter("weight", Shape.of(filters, channels, kernelHeight, kernelWidth), init));
        if (useBias) {
            specs.add(WeightSpec.parameter("bias", Shape.of(filters), init));
        }
        return specs;
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return Inputs.pixels(outputShape(inputs))
                * filters
                * (inputs.get(0).size(1) / groups)
                * kernelHeight
                * kernelWidth;
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.ops()
                .conv2d(
                        call.input(),
                        call.weight("weight"),
                        useBias ? call.weight("bias") : null,
                        window(call.inputShape()),
                        groups);
    }

    private Window window(Shape input) {
        return padding.window(kernelHeight, kernelWidth, stride, dilation, input);
    }
}
