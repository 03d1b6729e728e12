package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.dataset.ClassWeights;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much each example of a batch counts: by its own weight, times that of its class. */
final class ExampleWeights {
    private ExampleWeights() {}

    /**
     * The weights of a batch.
     *
     * @param classes none where all classes count alike
     * @return {@code [N]}, or null where all examples count alike
     */
    static @Nullable HostTensor of(Batch batch, @Nullable ClassWeights classes) {
        if (classes == null) {
            return batch.weights();
        }
        List<Double> weights = classes.weights();
        float[] counted = new float[batch.size()];
        HostTensor own = batch.weights();
        for (int i = 0; i < counted.length; i++) {
            int label = label(batch.target(), i);
            if (label >= weights.size()) {
                throw new GraftException("class weights: expected one for each class, got " + weights.size()
                        + ", and there is an example of class " + label);
            }
            counted[i] = weights.get(label).floatValue() * (own == null ? 1 : own.get(i));
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
