package dev.graft.tensor;

import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Loss functions of libtorch over a batch; each gives one number, the mean over the examples. */
public final class TorchLosses {
    private static final long MEAN = 1;
    private static final long NO_IGNORED_LABEL = -100;

    private TorchLosses() {}

    /**
     * Cross-entropy of {@code softmax(logits)}: logits {@code [N, classes]}, labels {@code [N]} class indices.
     *
     * @param classWeights {@code [classes]} or null; the mean is then weighted, as in torch
     * @param smoothing share of the label's weight that is spread over all classes, 0 to 1
     */
    public static Tensor crossEntropy(Tensor logits, Tensor labels, @Nullable Tensor classWeights, double smoothing) {
        var weights = classWeights == null ? new TensorOptional() : new TensorOptional(classWeights.pointer());
        return Tensor.wrap(torch.cross_entropy_loss(
                logits.pointer(), labels.pointer(), weights, MEAN, NO_IGNORED_LABEL, smoothing));
    }

    /** Cross-entropy of {@code sigmoid(logits)}: logits {@code [N, 1]}, labels {@code [N]} of 0 and 1. */
    public static Tensor binaryCrossEntropy(Tensor logits, Tensor labels) {
        // libtorch would spread the labels over other shapes.
        Shape expected = Shape.of(labels.shape().size(0), 1);
        if (!logits.shape().equals(expected)) {
            throw new IllegalArgumentException(
                    "binary cross-entropy: expected logits " + expected + ", got " + logits.shape());
        }
        var targets = torch.reshape(labels.pointer().to(torch.ScalarType.Float), -1, 1);
        return Tensor.wrap(torch.binary_cross_entropy_with_logits(logits.pointer(), targets));
    }
}
