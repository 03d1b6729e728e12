package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * Fully connected layer, {@code y = x·Wᵀ + b}.
 *
 * <p>Shape {@code [N, in] -> [N, units]}; weights {@code weight [units, in]}, {@code bias [units]}: the layout and
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
        Inputs.features(inputs);
        return Shape.batchOf(units);
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        int in = inputs.get(0).size(1);
        Init init = Init.uniformFanIn(in);
        WeightSpec weight = WeightSpec.parameter("weight", Shape.of(units, in), init);
        return useBias ? List.of(weight, WeightSpec.parameter("bias", Shape.of(units), init)) : List.of(weight);
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.ops().linear(call.input(), call.weight("weight"), useBias ? call.weight("bias") : null);
    }
}
