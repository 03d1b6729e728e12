package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * Batch normalisation over channels (Ioffe and Szegedy 2015).
 *
 * <p>Shape kept, {@code [N, C, H, W]} or {@code [N, C]}; weights {@code weight} (gamma), {@code bias} (beta) and the
 * statistics {@code running_mean}, {@code running_var}, each {@code [C]}: torch's names. In a training call a trainable
 * layer normalises with the batch and moves its statistics; frozen, or called in inference mode, it uses and keeps them.
 *
 * @param epsilon added to the variance
 * @param momentum torch's convention: the share of the new batch in the statistics (Keras' momentum 0.99 is 0.01)
 */
public record BatchNormalization(double epsilon, double momentum) implements Layer {
    public BatchNormalization {
        if (!(epsilon >= 0 && momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException("BatchNormalization: epsilon is not below 0, momentum from 0 to 1, got "
                    + epsilon + " and " + momentum);
        }
    }

    /** torch's momentum 0.1. */
    public static BatchNormalization of(double epsilon) {
        return new BatchNormalization(epsilon, 0.1);
    }

    public BatchNormalization withMomentum(double share) {
        return new BatchNormalization(epsilon, share);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.single(inputs);
        if (input.rank() != 4 && input.rank() != 2) {
            throw new ShapeException("[N, channels, height, width] or [N, channels]", inputs, "put Flatten before it");
        }
        return input;
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        Shape channels = Shape.of(inputs.get(0).size(1));
        return List.of(
                WeightSpec.parameter("weight", channels, Init.ones()),
                WeightSpec.parameter("bias", channels, Init.zeros()),
                WeightSpec.statistic("running_mean", channels, Init.zeros()),
                WeightSpec.statistic("running_var", channels, Init.ones()));
    }

    @Override
    public <T> T forward(Call<T> call) {
        T gamma = call.weight("weight");
        T beta = call.weight("bias");
        T mean = call.weight("running_mean");
        T variance = call.weight("running_var");
        return call.training() && call.trainable()
                ? call.ops().batchNormTraining(call.input(), gamma, beta, mean, variance, epsilon, momentum)
                : call.ops().batchNorm(call.input(), gamma, beta, mean, variance, epsilon);
    }
}
