package dev.graft.train;

import dev.graft.report.Softmax;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchLosses;
import dev.graft.torch.TorchLosses.Reduction;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of classes that exclude each other, {@code -sum(target · log(probability))}; outputs {@code [N, classes]}.
 *
 * @param oneHot whether targets are shares {@code [N, classes]} that add up to 1, rather than class indices {@code [N]}
 * @param labelSmoothing share of the target that is spread evenly over all classes, 0 to below 1
 * @param fromLogits whether outputs are logits; as in Keras, probabilities are divided by their sum and kept 1e-7 away from
 *     0 and 1
 */
public record CrossEntropy(boolean oneHot, double labelSmoothing, boolean fromLogits) implements Loss {
    public CrossEntropy {
        BinaryCrossEntropy.checkSmoothing(labelSmoothing);
    }

    public CrossEntropy labelSmoothing(double share) {
        return new CrossEntropy(oneHot, share, fromLogits);
    }

    /** For a network that ends with softmax. */
    public CrossEntropy fromProbabilities() {
        return new CrossEntropy(oneHot, labelSmoothing, false);
    }

    @Override
    public Tensor perExample(Tensor outputs, Tensor targets) {
        return fromLogits
                ? TorchLosses.crossEntropy(outputs, targets, labelSmoothing, Reduction.NONE)
                : TorchLosses.crossEntropyOfProbabilities(outputs, targets, labelSmoothing);
    }

    @Override
    public Tensor of(Tensor outputs, Tensor targets, @Nullable Tensor weights) {
        return fromLogits && weights == null
                ? TorchLosses.crossEntropy(outputs, targets, labelSmoothing, Reduction.MEAN)
                : Loss.super.of(outputs, targets, weights);
    }

    @Override
    public void check(HostTensor targets, Shape outputs) {
        Targets given = new Targets(oneHot ? "one-hot cross-entropy" : "cross-entropy", targets, outputs);
        given.requireMatrix();
        if (outputs.size(1) < 2) {
            throw given.refused(
                    "outputs of 2 classes or more", outputs, "use Loss.binaryCrossEntropy() for one output");
        }
        if (oneHot) {
            given.requireShape(
                    outputs,
                    given.areIndices() ? "use Loss.crossEntropy() for class indices" : "give one column an output");
            given.requireShares("use Loss.binaryCrossEntropy() for several classes an example, or none");
        } else {
            given.requireIndices(
                    given.fit(outputs)
                            ? "use Loss.oneHotCrossEntropy() for one-hot targets"
                            : "give one class index an example");
        }
    }

    @Override
    public HostTensor scores(HostTensor outputs) {
        if (!fromLogits) {
            return outputs;
        }
        float[] row = new float[outputs.shape().size(1)];
        float[] scores = new float[outputs.elements()];
        for (int start = 0; start < scores.length; start += row.length) {
            outputs.values().position(start).get(row);
            double[] probabilities = Softmax.of(row);
            for (int i = 0; i < row.length; i++) {
                scores[start + i] = (float) probabilities[i];
            }
        }
        return HostTensor.of(outputs.shape(), scores);
    }

    @Override
    public double threshold() {
        return 0.5;
    }
}
