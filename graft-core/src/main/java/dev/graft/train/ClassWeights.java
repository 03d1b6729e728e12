package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much the examples of a class count in training, beside the weights that examples bring themselves. */
final class ClassWeights {
    private final float[] weights;

    /** Weights by class index; none of them for all alike. */
    ClassWeights(List<Double> weights) {
        this.weights = new float[weights.size()];
        for (int i = 0; i < this.weights.length; i++) {
            double weight = weights.get(i);
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new GraftException("class weights: expected numbers of 0 or more, got " + weight);
            }
            this.weights[i] = (float) weight;
        }
    }

    /** The weight of each example of a batch, {@code [N]}, or null where all count alike. */
    @Nullable HostTensor of(Batch batch) {
        if (weights.length == 0) {
            return batch.weights();
        }
        float[] counted = new float[batch.size()];
        HostTensor own = batch.weights();
        for (int i = 0; i < counted.length; i++) {
            int label = label(batch.target(), i);
            if (label >= weights.length) {
                throw new GraftException("class weights: expected one for each class, got " + weights.length
                        + ", and there is an example of class " + label);
            }
            counted[i] = weights[label] * (own == null ? 1 : own.get(i));
        }
        return HostTensor.of(Shape.of(counted.length), counted);
    }

    /** A class index, a number 0 or 1, or the highest of a row. */
    private static int label(HostTensor targets, int example) {
        int units = targets.elements() / targets.shape().size(0);
        if (units == 1) {
            return (int) targets.get(example);
        }
        int best = 0;
        for (int unit = 1; unit < units; unit++) {
            best = targets.get(example * units + unit) > targets.get(example * units + best) ? unit : best;
        }
        return best;
    }
}
