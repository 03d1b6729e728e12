package dev.graft.train;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchLosses;
import dev.graft.torch.TorchLosses.Reduction;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of yes-or-no questions, {@code -target · log(p) - (1 - target) · log(1 - p)}, the mean over the outputs
 * {@code [N, units]} of an example. Targets of one output are labels 0 and 1, {@code [N]}; or those of any number are
 * probabilities {@code [N, units]}.
 *
 * @param labelSmoothing share of the target that becomes one half, 0 to below 1
 * @param fromLogits whether outputs are logits; as in Keras, probabilities are kept 1e-7 away from 0 and 1
 */
public record BinaryCrossEntropy(double labelSmoothing, boolean fromLogits) implements Loss {
    public BinaryCrossEntropy {
        checkSmoothing(labelSmoothing);
    }

    static void checkSmoothing(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("label smoothing is from 0 to below 1, got " + share);
        }
    }

    public BinaryCrossEntropy labelSmoothing(double share) {
        return new BinaryCrossEntropy(share, fromLogits);
    }

    /** For a network that ends with sigmoid. */
    public BinaryCrossEntropy fromProbabilities() {
        return new BinaryCrossEntropy(labelSmoothing, false);
    }

    @Override
    public Tensor perExample(Tensor outputs, Tensor targets) {
        return fromLogits
                ? TorchLosses.binaryCrossEntropy(outputs, targets, labelSmoothing, Reduction.NONE)
                : TorchLosses.binaryCrossEntropyOfProbabilities(outputs, targets, labelSmoothing);
    }

    @Override
    public Tensor of(Tensor outputs, Tensor targets, @Nullable Tensor weights) {
        return fromLogits && weights == null
                ? TorchLosses.binaryCrossEntropy(outputs, targets, labelSmoothing, Reduction.MEAN)
                : Loss.super.of(outputs, targets, weights);
    }

    @Override
    public void check(HostTensor targets, Shape outputs) {
        Targets given = new Targets("binary cross-entropy", targets, outputs);
        given.requireMatrix();
        if (given.areIndices()) {
            given.requireColumns("use Loss.crossEntropy() for class indices");
            given.requireEach("0 or 1; use Loss.crossEntropy() for more classes", label -> label == 0 || label == 1);
        } else {
            given.requireColumns(
                    outputs.size(1) == 1
                            ? "use Loss.oneHotCrossEntropy() for one-hot targets, with an output a class"
                            : "give one column an output");
            given.requireEach("0 to 1", share -> share >= 0 && share <= 1);
        }
    }

    @Override
    public HostTensor scores(HostTensor outputs) {
        if (!fromLogits) {
            return outputs;
        }
        float[] scores = outputs.toArray();
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) (1 / (1 + Math.exp(-scores[i])));
        }
        return HostTensor.of(outputs.shape(), scores);
    }

    @Override
    public double threshold() {
        return 0.5;
    }
}
