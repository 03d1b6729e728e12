package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.report.Softmax;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchLosses;
import org.jspecify.annotations.Nullable;

/**
 * What training makes small. Takes what the network gives, {@code [N, units]}, and targets: class indices {@code [N]}, or
 * {@code [N, units]}.
 *
 * <p>The cross-entropies take logits, from a network that ends without softmax or sigmoid: that is exact for any logits,
 * while probabilities near 0 and 1 lose their gradient. A network that does end with one takes {@code fromProbabilities()}.
 */
public sealed interface Loss permits CrossEntropy, BinaryCrossEntropy, MeanSquaredError, Hinge {
    /** Cross-entropy of classes against class indices {@code [N]}: Keras' {@code SparseCategoricalCrossentropy}. */
    static CrossEntropy crossEntropy() {
        return new CrossEntropy(false, 0, true);
    }

    /** Cross-entropy of classes against shares {@code [N, classes]}, one-hot or mixed: {@code CategoricalCrossentropy}. */
    static CrossEntropy oneHotCrossEntropy() {
        return new CrossEntropy(true, 0, true);
    }

    /** Cross-entropy of yes-or-no questions, one a unit: {@code BinaryCrossentropy}. */
    static BinaryCrossEntropy binaryCrossEntropy() {
        return new BinaryCrossEntropy(0, true);
    }

    static MeanSquaredError meanSquaredError() {
        return new MeanSquaredError();
    }

    /** The loss of a linear support vector machine. */
    static Hinge hinge() {
        return new Hinge(false);
    }

    /** {@link #hinge} squared: smooth where the margin begins. */
    static Hinge squaredHinge() {
        return new Hinge(true);
    }

    /** The loss of each example, {@code [N]}, that gradients flow from. */
    Tensor perExample(Tensor outputs, Tensor targets);

    /**
     * The loss of a batch, one number that gradients flow from: the mean over the examples, with weights
     * {@code sum(weight · loss) / N}. That is Keras' {@code sum_over_batch_size}; torch's weighted mean would divide by the
     * sum of the weights.
     *
     * @param weights {@code [N]}, or null where all count alike
     */
    default Tensor of(Tensor outputs, Tensor targets, @Nullable Tensor weights) {
        Tensor losses = perExample(outputs, targets);
        return weights == null ? TorchLosses.mean(losses) : TorchLosses.weightedMean(losses, weights);
    }

    /**
     * Refuses targets that this loss would make nonsense of.
     *
     * @param targets of a batch, whose examples messages count from 0
     * @param outputs the shape of what the network gives, the batch fixed or open
     * @throws GraftException if their shape or a number does not fit; says which loss would take them
     */
    void check(HostTensor targets, Shape outputs);

    /** What metrics see of outputs, in the same shape: probabilities, or the outputs themselves where there are none. */
    HostTensor scores(HostTensor outputs);

    /** The score above which a unit means yes. */
    double threshold();

    /** Whether outputs are logits, which this loss puts through softmax or sigmoid itself. */
    boolean fromLogits();

    /** The class that one row of outputs means; of a single output 0 or 1. */
    default int predicted(float[] row) {
        if (row.length == 1) {
            return row[0] > (fromLogits() ? 0 : threshold()) ? 1 : 0;
        }
        return Softmax.argmax(row);
    }
}
