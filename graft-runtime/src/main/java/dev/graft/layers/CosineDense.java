package dev.graft.layers;

import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;

/**
 * A linear classifier of directions: {@code scale · cos(x, w)} for each unit's vector {@code w}, whatever the lengths are
 * (Gidaris and Komodakis 2018, "Dynamic Few-Shot Visual Learning without Forgetting").
 *
 * <p>Shape {@code [N, in] -> [N, units]}; weight {@code weight [units, in]}.
 *
 * @param scale what a cosine of 1 gives
 */
public record CosineDense(int units, double scale) implements Layer {
    /** So that a softmax can become sure. */
    private static final double USUAL_SCALE = 16;

    public CosineDense {
        if (units < 1 || !(scale > 0)) {
            throw new IllegalArgumentException(
                    "CosineDense: units is at least 1 and scale above 0, got " + units + " and " + scale);
        }
    }

    /** With a scale of 16. */
    public static CosineDense of(int units) {
        return new CosineDense(units, USUAL_SCALE);
    }

    public CosineDense scale(double other) {
        return new CosineDense(units, other);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Inputs.features(inputs);
        return Shape.batchOf(units);
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        int in = inputs.get(0).size(1);
        return List.of(WeightSpec.parameter("weight", Shape.of(units, in), Init.uniformFanIn(in)));
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return (long) inputs.get(0).size(1) * units;
    }

    @Override
    public <T> T forward(Call<T> call) {
        Ops<T> ops = call.ops();
        T cosines = ops.linear(ops.unitLength(call.input()), ops.unitLength(call.weight("weight")), null);
        return ops.affine(cosines, new float[] {(float) scale}, new float[] {0});
    }
}
