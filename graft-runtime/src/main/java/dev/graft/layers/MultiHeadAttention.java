package dev.graft.layers;

import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Self-attention with several heads (Vaswani et al. 2017, "Attention Is All You Need"): each token becomes a mixture of all,
 * weighted by how its query fits their keys.
 *
 * <p>Shape {@code [N, tokens, size]}, kept; weights {@code in_proj_weight [3·size, size]}, {@code in_proj_bias [3·size]} (for
 * queries, keys and values, in that order), {@code out_proj.weight [size, size]}, {@code out_proj.bias [size]}: those of
 * {@code torch.nn.MultiheadAttention}.
 *
 * @param heads parts of a token that attend separately; they divide its size
 */
public record MultiHeadAttention(int heads) implements Layer {
    public MultiHeadAttention {
        if (heads < 1) {
            throw new IllegalArgumentException("MultiHeadAttention: heads is at least 1, got " + heads);
        }
    }

    public static MultiHeadAttention of(int heads) {
        return new MultiHeadAttention(heads);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.tokens(inputs);
        if (input.size(2) % heads != 0) {
            throw new ShapeException(
                    "tokens whose size divides into " + heads + " heads", inputs, "change heads or the layer before");
        }
        return input;
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        int size = inputs.get(0).size(2);
        // torch's Xavier for all three projections as one matrix.
        Init packed = new Init.Uniform(Math.sqrt(6.0 / (4 * size)));
        return List.of(
                WeightSpec.parameter("in_proj_weight", Shape.of(3 * size, size), packed),
                WeightSpec.parameter("in_proj_bias", Shape.of(3 * size), Init.zeros()),
                WeightSpec.parameter("out_proj.weight", Shape.of(size, size), Init.uniformFanIn(size)),
                WeightSpec.parameter("out_proj.bias", Shape.of(size), Init.zeros()));
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        long tokens = inputs.get(0).size(1);
        long size = inputs.get(0).size(2);
        return 4 * tokens * size * size + 2 * tokens * tokens * size;
    }

    @Override
    public <T> T forward(Call<T> call) {
        Ops<T> ops = call.ops();
        int tokens = call.inputShape().size(1);
        int size = call.inputShape().size(2);
        T rows = ops.reshape(call.input(), Shape.batchOf(size));
        T packed = ops.linear(rows, call.weight("in_proj_weight"), call.weight("in_proj_bias"));
        Shape split = Shape.batchOf(tokens, heads, size / heads);
        List<T> projected = IntStream.range(0, 3)
                .mapToObj(part -> ops.slice(packed, 1, part * size, size))
                .map(part -> ops.permute(ops.reshape(part, split), 0, 2, 1, 3))
                .toList();
        T mixed = ops.attention(projected.get(0), projected.get(1), projected.get(2), size / heads);
        T joined = ops.reshape(ops.permute(mixed, 0, 2, 1, 3), Shape.batchOf(size));
        T output = ops.linear(joined, call.weight("out_proj.weight"), call.weight("out_proj.bias"));
        return ops.reshape(output, Shape.batchOf(tokens, size));
    }
}
