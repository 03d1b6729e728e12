package dev.graft.layers;

import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;

/**
 * Fully connected layer, {@code y = x·Wᵀ + b}.
 *
 * <p>Shape {@code [N, in] -> [N, units]}, or each token of {@code [N, tokens, in]} alone; weights {@code weight [units, in]}, {@code bias [units]}: the layout and
 * initialisation bound of {@code torch.nn.Linear}, so its checkpoints load unchanged.
 */
public record Dense(int units, boolean useBias) implements Layer {
    public Dense {
        if (units < 1) {
            throw new IllegalArgumentException("Dense: units is at least 1, got " + units);
        }
    }

    public static Dense of(int units) {
        return new Dense(units, true);
    }

    public Dense noBias() {
        return new Dense(units, false);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.featuresOrTokens(inputs);
        return input.rank() == 2 ? Shape.batchOf(units) : Shape.batchOf(input.size(1), units);
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        int in = inputs.get(0).size(-1);
        Init init = Init.uniformFanIn(in);
        WeightSpec weight = WeightSpec.parameter("weight", Shape.of(units, in), init);
        return useBias ? List.of(weight, WeightSpec.parameter("bias", Shape.of(units), init)) : List.of(weight);
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        Shape input = inputs.get(0);
        long rows = input.rank() == 2 ? 1 : input.size(1);
        return rows * input.size(-1) * units;
    }

    @Override
    public <T> T forward(Call<T> call) {
        Ops<T> ops = call.ops();
        Shape input = call.inputShape();
        T weight = call.weight("weight");
        T bias = useBias ? call.weight("bias") : null;
        if (input.rank() == 2) {
            return ops.linear(call.input(), weight, bias);
        }
        T rows = ops.reshape(call.input(), Shape.batchOf(input.size(2)));
        return ops.reshape(ops.linear(rows, weight, bias), Shape.batchOf(input.size(1), units));
    }
}
