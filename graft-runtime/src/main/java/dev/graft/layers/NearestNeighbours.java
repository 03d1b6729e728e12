package dev.graft.layers;

import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;

/**
 * The vote of the nearest of some known examples, by the angle between features. Each of the {@code neighbours} counts
 * {@code exp(cosine / 0.07)} for its class, as Wu et al. 2018 ("Unsupervised Feature Learning via Non-Parametric Instance
 * Discrimination") weigh them; the logits are the logarithms of the classes' shares.
 *
 * <p>Shape {@code [N, in] -> [N, classes]}; weights, which are not trained, {@code examples [M, in]} of length 1 and
 * {@code votes [classes, M]}, 1 for the class of each example.
 *
 * @param neighbours how many vote
 * @param examples how many are known
 */
public record NearestNeighbours(int neighbours, int examples, int classes) implements Layer {
    private static final float TEMPERATURE = 0.07f;

    /** What a class without a vote gets. */
    private static final double LEAST_SHARE = 1e-4;

    public NearestNeighbours {
        if (neighbours < 1 || neighbours > examples || classes < 1) {
            throw new IllegalArgumentException("NearestNeighbours: expected 1 to " + examples
                    + " neighbours and at least" + " one class, got " + neighbours + " and " + classes);
        }
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Inputs.features(inputs);
        return Shape.batchOf(classes);
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        int in = inputs.get(0).size(1);
        return List.of(
                WeightSpec.statistic("examples", Shape.of(examples, in), Init.zeros()),
                WeightSpec.statistic("votes", Shape.of(classes, examples), Init.zeros()));
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return (long) examples * (inputs.get(0).size(1) + classes);
    }

    @Override
    public <T> T forward(Call<T> call) {
        Ops<T> ops = call.ops();
        T cosines = ops.linear(ops.unitLength(call.input()), call.weight("examples"), null);
        T scaled = ops.affine(cosines, new float[] {1 / TEMPERATURE}, new float[] {0});
        T shares = ops.softmax(ops.keepLargest(scaled, neighbours), 1);
        return ops.logarithm(ops.linear(shares, call.weight("votes"), null), LEAST_SHARE);
    }
}
