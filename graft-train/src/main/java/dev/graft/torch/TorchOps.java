package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Interpolation;
import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import dev.graft.tensor.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** The operations of layers, run at once by libtorch and recorded for gradients. Results join the innermost scope. */
public final class TorchOps implements Ops<Tensor> {
    /** Shorter vectors are divided by this. */
    private static final double LEAST_LENGTH = 1e-12;

    /** Stands for minus infinity. */
    private static final double LOW = -1e9;

    @Override
    public Tensor conv2d(Tensor x, Tensor weight, @Nullable Tensor bias, Window window, int groups) {
        boolean symmetric = window.symmetric();
        var input = symmetric ? x.pointer() : pad(x, window, 0);
        Window inner = symmetric ? window : window.unpadded();
        return Tensor.wrap(torch.conv2d(
                input, weight.pointer(), optional(bias), stride(inner), padding(inner), dilation(inner), groups));
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return Tensor.wrap(torch.linear(x.pointer(), weight.pointer(), optional(bias)));
    }

    @Override
    public Tensor batchNorm(Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon) {
        return normalise(x, gamma, beta, mean, variance, false, 0, epsilon);
    }

    @Override
    public Tensor batchNormTraining(
            Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon, double momentum) {
        Shape shape = x.shape();
        if (shape.elements() <= shape.size(1)) {
            // libtorch would go on and make the stored variance infinite.
            throw new GraftException("expected more than one value a channel in training, got " + shape
                    + "; choose a batch size that leaves no last batch of one example, or freeze the layer");
        }
        return normalise(x, gamma, beta, mean, variance, true, momentum, epsilon);
    }

    private static Tensor normalise(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            Tensor mean,
            Tensor variance,
            boolean training,
            double momentum,
            double epsilon) {
        return Tensor.wrap(torch.batch_norm(
                x.pointer(),
                optional(gamma),
                optional(beta),
                optional(mean),
                optional(variance),
                training,
                momentum,
                epsilon,
                false));
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
        long[] normalised = {gamma.pointer().numel()};
        return Tensor.wrap(torch.layer_norm(x.pointer(), normalised, optional(gamma), optional(beta), epsilon, false));
    }

    @Override
    public Tensor relu(Tensor x) {
        return Tensor.wrap(torch.relu(x.pointer()));
    }

    @Override
    public Tensor relu6(Tensor x) {
        return Tensor.wrap(torch.relu6(x.pointer()));
    }

    @Override
    public Tensor hardSigmoid(Tensor x) {
        return Tensor.wrap(torch.hardsigmoid(x.pointer()));
    }

    @Override
    public Tensor hardSwish(Tensor x) {
        return Tensor.wrap(torch.hardswish(x.pointer()));
    }

    @Override
    public Tensor sigmoid(Tensor x) {
        return Tensor.wrap(torch.sigmoid(x.pointer()));
    }

    @Override
    public Tensor tanh(Tensor x) {
        return Tensor.wrap(torch.tanh(x.pointer()));
    }

    @Override
    public Tensor silu(Tensor x) {
        return Tensor.wrap(torch.silu(x.pointer()));
    }

    @Override
    public Tensor gelu(Tensor x) {
        return Tensor.wrap(torch.gelu(x.pointer()));
    }

    @Override
    public Tensor unitLength(Tensor x) {
        var lengths = x.pointer().norm(new ScalarOptional(new Scalar(2.0)), new long[] {-1}, true);
        return Tensor.wrap(x.pointer().div(lengths.clamp_min(new Scalar(LEAST_LENGTH))));
    }

    @Override
    public Tensor logarithm(Tensor x, double least) {
        return Tensor.wrap(x.pointer().clamp_min(new Scalar(least)).log());
    }

    @Override
    public Tensor keepLargest(Tensor x, int count) {
        var largest = torch.topk(x.pointer(), count).get0();
        var last = largest.narrow(1, count - 1, 1);
        return Tensor.wrap(x.pointer().masked_fill(x.pointer().lt(last), new Scalar(LOW)));
    }

    @Override
    public Tensor softmax(Tensor x, int axis) {
        return Tensor.wrap(torch.softmax(x.pointer(), axis));
    }

    @Override
    public Tensor maxPool(Tensor x, Window window) {
        boolean symmetric = window.symmetric();
        var input = symmetric ? x.pointer() : pad(x, window, Double.NEGATIVE_INFINITY);
        Window inner = symmetric ? window : window.unpadded();
        return Tensor.wrap(
                torch.max_pool2d(input, kernel(inner), stride(inner), padding(inner), dilation(inner), false));
    }

    @Override
    public Tensor averagePool(Tensor x, Window window, boolean countPadding) {
        if (!window.symmetric()) {
            throw new IllegalArgumentException("average pooling with uneven padding: pad the input before");
        }
        return Tensor.wrap(torch.avg_pool2d(
                x.pointer(), kernel(window), stride(window), padding(window), false, countPadding, new LongOptional()));
    }

    @Override
    public Tensor adaptiveAveragePool(Tensor x, Shape input, int height, int width) {
        return Tensor.wrap(torch.adaptive_avg_pool2d(x.pointer(), height, width));
    }

    @Override
    public Tensor globalAveragePool(Tensor x) {
        return Tensor.wrap(torch.adaptive_avg_pool2d(x.pointer(), 1, 1));
    }

    @Override
    public Tensor globalMaxPool(Tensor x) {
        return Tensor.wrap(torch.amax(x.pointer(), new long[] {2, 3}, true));
    }

    @Override
    public Tensor flatten(Tensor x) {
        return Tensor.wrap(torch.flatten(x.pointer(), 1, -1));
    }

    @Override
    public Tensor reshape(Tensor x, Shape to) {
        return Tensor.wrap(x.pointer().reshape(longs(to.sizes())));
    }

    @Override
    public Tensor permute(Tensor x, int... order) {
        return Tensor.wrap(x.pointer().permute(longs(order)));
    }

    @Override
    public Tensor slice(Tensor x, int axis, int from, int size) {
        return Tensor.wrap(x.pointer().narrow(axis, from, size));
    }

    @Override
    public Tensor repeat(Tensor x, Tensor like) {
        return Tensor.wrap(x.pointer()
                .expand(longs(x.shape().withBatch(like.shape().size(0)).sizes())));
    }

    @Override
    public Tensor attention(Tensor query, Tensor key, Tensor value, int size) {
        return Tensor.wrap(torch.scaled_dot_product_attention(query.pointer(), key.pointer(), value.pointer()));
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return Tensor.wrap(torch.add(a.pointer(), b.pointer()));
    }

    @Override
    public Tensor multiply(Tensor a, Tensor b) {
        return Tensor.wrap(torch.multiply(a.pointer(), b.pointer()));
    }

    @Override
    public Tensor concatenate(List<Tensor> parts, int axis) {
        var vector = new TensorVector();
        parts.forEach(part -> vector.push_back(part.pointer()));
        return Tensor.wrap(torch.cat(vector, axis));
    }

    @Override
    public Tensor affine(Tensor x, float[] scale, float[] offset) {
        var scaled = torch.multiply(x.pointer(), perChannel(x, scale).pointer());
        return Tensor.wrap(torch.add(scaled, perChannel(x, offset).pointer()));
    }

    @Override
    public Tensor dropout(Tensor x, double rate) {
        return Tensor.wrap(torch.dropout(x.pointer(), rate, true));
    }

    @Override
    public Tensor resize(Tensor x, Shape from, Shape to, Interpolation interpolation) {
        long[] size = {to.size(2), to.size(3)};
        if (interpolation == Interpolation.BILINEAR) {
            return Tensor.wrap(torch.upsample_bilinear2d(x.pointer(), size, false));
        }
        var rows = pick(x.pointer(), 2, Interpolation.nearestSources(from.size(2), to.size(2)));
        return Tensor.wrap(pick(rows, 3, Interpolation.nearestSources(from.size(3), to.size(3))));
    }

    private static org.bytedeco.pytorch.Tensor pick(org.bytedeco.pytorch.Tensor x, int axis, int[] indices) {
        long[] wide = longs(indices);
        var borrowed = torch.from_blob(new LongPointer(wide), new long[] {wide.length}, torch.dtype(ScalarType.Long));
        // A clone, since the gradient needs it longer than this scope may live.
        var index = borrowed.clone();
        return torch.index_select(x, axis, x.is_cuda() ? index.cuda() : index);
    }

    @Override
    public Tensor resample(Tensor x, HostTensor rows, HostTensor columns) {
        var turned = asIn(x, columns).pointer().transpose(0, 1);
        return Tensor.wrap(torch.matmul(asIn(x, rows).pointer(), torch.matmul(x.pointer(), turned)));
    }

    @Override
    public Tensor crop(Tensor x, int top, int left, int height, int width) {
        return Tensor.wrap(x.pointer().narrow(2, top, height).narrow(3, left, width));
    }

    @Override
    public long draw() {
        try (var scope = Scope.open()) {
            return torch.randint(Long.MAX_VALUE, new long[] {1}, torch.dtype(ScalarType.Long))
                    .item_long();
        }
    }

    @Override
    public Tensor onHost(Tensor x, UnaryOperator<HostTensor> function) {
        if (x.pointer().requires_grad()) {
            throw new GraftException("expected an input without a gradient, since this layer works outside of libtorch,"
                    + " got one with trainable layers before it; put it before the first trainable layer");
        }
        return asIn(x, function.apply(x.toHost()));
    }

    @Override
    public Tensor dropExamples(Tensor x, double rate) {
        long[] sizes = new long[x.shape().rank()];
        Arrays.fill(sizes, 1);
        sizes[0] = x.shape().size(0);
        var factors = torch.dropout(x.pointer().new_ones(sizes), rate, true);
        return Tensor.wrap(torch.multiply(x.pointer(), factors));
    }

    private static Tensor perChannel(Tensor x, float[] numbers) {
        int[] sizes = new int[x.shape().rank()];
        Arrays.fill(sizes, 1);
        sizes[Math.min(1, sizes.length - 1)] = numbers.length;
        return asIn(x, HostTensor.of(new Shape(sizes), numbers));
    }

    /** On its device and in its precision, which is another one than float32 where the references' is needed. */
    private static Tensor asIn(Tensor x, HostTensor host) {
        return Tensor.wrap(Tensor.of(host, Device.CPU).pointer().to(x.pointer()));
    }

    private static long[] longs(int[] numbers) {
        return Arrays.stream(numbers).asLongStream().toArray();
    }

    private static org.bytedeco.pytorch.Tensor pad(Tensor x, Window window, double value) {
        long[] sides = {window.left(), window.right(), window.top(), window.bottom()};
        return torch.constant_pad_nd(x.pointer(), sides, new Scalar(value));
    }

    private static TensorOptional optional(@Nullable Tensor tensor) {
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor.pointer());
    }

    private static long[] kernel(Window window) {
        return new long[] {window.kernelHeight(), window.kernelWidth()};
    }

    private static long[] stride(Window window) {
        return new long[] {window.stride(), window.stride()};
    }

    private static long[] padding(Window window) {
        return new long[] {window.top(), window.left()};
    }

    private static long[] dilation(Window window) {
        return new long[] {window.dilation(), window.dilation()};
    }

    @Override
    public Tensor graph(Tensor x, byte[] model, Map<String, Tensor> weights) {
        throw new GraftException("nodes of an ONNX file run in ONNX Runtime only and stay frozen; train what is after"
                + " them on their values, which Features records");
    }
}
