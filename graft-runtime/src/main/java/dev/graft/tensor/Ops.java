package dev.graft.tensor;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The operations that layers are made of, over an engine's values: tensors of libtorch or nodes of an
 * ONNX graph. A layer says once what it computes and every engine follows, so training, export and prediction cannot
 * drift apart. Activations are {@code [N, C, H, W]} or {@code [N, units]}.
 *
 * @param <T> the engine's value
 */
public interface Ops<T> {
    /** Cross-correlation; {@code weight [out, in / groups, kH, kW]}, {@code bias [out]}. */
    T conv2d(T x, T weight, @Nullable T bias, Window window, int groups);

    /** {@code x·Wᵀ + b} over the last axis; {@code weight [out, in]}, {@code bias [out]}. */
    T linear(T x, T weight, @Nullable T bias);

    /** {@code (x - mean) / sqrt(variance + epsilon) * gamma + beta} a channel, from stored statistics. */
    T batchNorm(T x, T gamma, T beta, T mean, T variance, double epsilon);

    /**
     * The same from the statistics of this batch, which also move the stored ones:
     * {@code stored = (1 - momentum) * stored + momentum * batch} (torch's convention; variance unbiased).
     */
    T batchNormTraining(T x, T gamma, T beta, T mean, T variance, double epsilon, double momentum);

    /** {@code (x - mean) / sqrt(variance + epsilon) * gamma + beta} over the last axis, each vector by its own numbers. */
    T layerNorm(T x, T gamma, T beta, double epsilon);

    T relu(T x);

    /** {@code min(max(x, 0), 6)}. */
    T relu6(T x);

    /** {@code relu6(x + 3) / 6}. */
    T hardSigmoid(T x);

    /** {@code x * hardSigmoid(x)}. */
    T hardSwish(T x);

    T sigmoid(T x);

    T tanh(T x);

    /** {@code x * sigmoid(x)}, also called swish. */
    T silu(T x);

    /** {@code x * Φ(x)}, with the error function, not its tanh approximation. */
    T gelu(T x);

    /** Over the given axis. */
    T softmax(T x, int axis);

    /** Each vector along the last axis divided by its length; one without length stays 0. */
    T unitLength(T x);

    /** Logarithms, of what is below {@code least} those of {@code least}. */
    T logarithm(T x, double least);

    /** {@code [N, M]} with -1e9 in the place of all but the {@code count} largest of each row, and what equals the last. */
    T keepLargest(T x, int count);

    T maxPool(T x, Window window);

    /** The mean of each window; whether padded zeros count is {@code countPadding}. */
    T averagePool(T x, Window window, boolean countPadding);

    /** The means of windows that cover {@code x} of shape {@code input} evenly: {@code -> [N, C, height, width]}. */
    T adaptiveAveragePool(T x, Shape input, int height, int width);

    /** The mean over height and width: {@code [N, C, H, W] -> [N, C, 1, 1]}. */
    T globalAveragePool(T x);

    /** The maximum over height and width: {@code [N, C, H, W] -> [N, C, 1, 1]}. */
    T globalMaxPool(T x);

    /** {@code [N, a, b, ...] -> [N, a·b·...]}. */
    T flatten(T x);

    /** The same elements in the same order under another shape; its first size is open ({@link Shape#BATCH}) or fixed. */
    T reshape(T x, Shape to);

    /** The axes in another order: axis {@code i} of the result is axis {@code order[i]} of {@code x}. */
    T permute(T x, int... order);

    /** The part of {@code x} along an axis, from an index on. */
    T slice(T x, int axis, int from, int size);

    /** {@code [1, ...]} as often as {@code like} has examples. */
    T repeat(T x, T like);

    /** {@code softmax(query·keyᵀ / sqrt(size))·value} over the last two axes, each {@code [N, heads, tokens, size]}. */
    T attention(T query, T key, T value, int size);

    T add(T a, T b);

    /** Element by element; {@code [N, C, 1, 1]} spreads over height and width. */
    T multiply(T a, T b);

    /** Joined along an axis. */
    T concatenate(List<T> parts, int axis);

    /**
     * {@code x * scale + offset} with one number for all, or one for each channel of {@code [N, C, H, W]} or each unit of
     * {@code [N, units]}.
     */
    T affine(T x, float[] scale, float[] offset);

    /** Zeros a share {@code rate} of the elements and scales the others by {@code 1 / (1 - rate)}: training only. */
    T dropout(T x, double rate);

    /**
     * {@code [N, C, H, W]} resized to the height and width of {@code to}, between pixel centres and without antialiasing:
     * torch's {@code interpolate(align_corners=False)}.
     *
     * @param from the shape of {@code x}, with the batch open
     */
    T resize(T x, Shape from, Shape to, Interpolation interpolation);

    /**
     * {@code rows·x·columnsᵀ} over the last two axes: whatever makes of each row and each column a weighted sum of others.
     *
     * @param rows {@code [to, from]}
     * @param columns {@code [to, from]}
     */
    T resample(T x, HostTensor rows, HostTensor columns);

    /** The part of {@code [N, C, H, W]} that begins at row {@code top} and column {@code left}. */
    T crop(T x, int top, int left, int height, int width);

    /**
     * A random number from the engine's own generator, which its user seeds: training only.
     *
     * @throws dev.graft.GraftException if the engine is for inference
     */
    long draw();

    /**
     * Takes the values to memory of the JVM, applies the function there and brings back what it gives: training only. No
     * gradient passes through it.
     *
     * @throws dev.graft.GraftException if a gradient would have to, or if the engine is for inference
     */
    T onHost(T x, UnaryOperator<HostTensor> function);

    /** The same for whole examples: each along the first axis is zeroed or scaled as one. Training only. */
    T dropExamples(T x, double rate);

    /**
     * Nodes of ONNX that came from a file: a serialised ModelProto of one input and one output.
     *
     * @param weights by the names that the nodes have for them
     * @throws dev.graft.GraftException in libtorch, which cannot run them, or if they are not valid
     */
    T graph(T x, byte[] model, Map<String, T> weights);
}
