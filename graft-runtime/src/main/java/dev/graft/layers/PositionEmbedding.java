package dev.graft.layers;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;

/**
 * Adds to each token what is trained for its place: to the class token, then to a square of tokens row by row. For a square
 * of another size the places are resized as pictures are, bicubically from corner to corner (torchvision's {@code
 * interpolate_embeddings}), so that the weight is the same for every size of picture.
 *
 * <p>Shape {@code [N, 1 + side², size]}, kept; its one weight {@code [1, 1 + grid², size]} is called like the layer:
 * torchvision's {@code pos_embedding}.
 *
 * @param grid tokens along a side of the square that the weight was or will be trained for
 */
public record PositionEmbedding(int grid) implements Layer {
    /** Uniform with torchvision's standard deviation of 0.02. */
    private static final Init INIT = new Init.Uniform(0.02 * Math.sqrt(3));

    public PositionEmbedding {
        if (grid < 1) {
            throw new IllegalArgumentException("PositionEmbedding: grid is at least 1, got " + grid);
        }
    }

    public static PositionEmbedding of(int grid) {
        return new PositionEmbedding(grid);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.tokens(inputs);
        int side = side(input);
        if (side < 1 || 1 + side * side != input.size(1)) {
            throw new ShapeException(
                    "a class token and a square of tokens, [N, 1 + side * side, size]",
                    inputs,
                    "draw the model for square pictures, and put ClassToken before it");
        }
        return input;
    }

    private static int side(Shape input) {
        return (int) Math.sqrt(input.size(1) - 1);
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        return List.of(
                WeightSpec.nameless(Shape.of(1, 1 + grid * grid, inputs.get(0).size(2)), INIT));
    }

    @Override
    public <T> T forward(Call<T> call) {
        int side = side(call.inputShape());
        T places = side == grid ? call.weight() : resized(call, side);
        return call.ops().add(call.input(), places);
    }

    private <T> T resized(Call<T> call, int side) {
        Ops<T> ops = call.ops();
        int size = call.inputShape().size(2);
        T square = ops.reshape(ops.slice(call.weight(), 1, 1, grid * grid), Shape.of(1, grid, grid, size));
        HostTensor taps = bicubic(grid, side);
        T other = ops.permute(ops.resample(ops.permute(square, 0, 3, 1, 2), taps, taps), 0, 2, 3, 1);
        T first = ops.slice(call.weight(), 1, 0, 1);
        return ops.concatenate(List.of(first, ops.reshape(other, Shape.of(1, side * side, size))), 1);
    }

    /** What each of {@code from} points counts in each of {@code to} points over the same stretch, {@code [to, from]}. */
    private static HostTensor bicubic(int from, int to) {
        HostTensor taps = HostTensor.allocate(Shape.of(to, from));
        for (int point = 0; point < to; point++) {
            double at = to == 1 ? 0 : (double) point * (from - 1) / (to - 1);
            int before = (int) at;
            for (int source = before - 1; source <= before + 2; source++) {
                int inside = Math.min(Math.max(source, 0), from - 1);
                int index = point * from + inside;
                taps.put(index, (float) (taps.get(index) + cubic(Math.abs(at - source))));
            }
        }
        return taps;
    }

    /** Keys' kernel with torch's parameter -0.75. */
    private static double cubic(double distance) {
        double a = -0.75;
        if (distance <= 1) {
            return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
        }
        return distance < 2 ? ((distance - 5) * distance + 8) * distance * a - 4 * a : 0;
    }
}
