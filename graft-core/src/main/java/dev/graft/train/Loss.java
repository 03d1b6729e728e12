package dev.graft.train;

import dev.graft.report.Softmax;
import dev.graft.tensor.Tensor;
import dev.graft.tensor.TorchLosses;

/** What training makes small, the mean over a batch. Both take logits: the network ends without softmax or sigmoid. */
public sealed interface Loss {
    /**
     * Cross-entropy of the softmax of logits {@code [N, classes]} against class indices.
     *
     * @param labelSmoothing share of the label's weight that is spread over all classes, 0 to below 1
     */
    record CrossEntropy(double labelSmoothing) implements Loss {
        public CrossEntropy {
            if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
                throw new IllegalArgumentException("label smoothing is from 0 to below 1, got " + labelSmoothing);
            }
        }
    }

    /** Cross-entropy of the sigmoid of logits {@code [N, 1]} against labels 0 and 1. */
    record BinaryCrossEntropy() implements Loss {}

    static Loss crossEntropy() {
        return new CrossEntropy(0);
    }

    static Loss binaryCrossEntropy() {
        return new BinaryCrossEntropy();
    }

    /** The loss of a batch, one number that gradients flow from; labels {@code [N]}. */
    default Tensor of(Tensor logits, Tensor labels) {
        if (this instanceof CrossEntropy crossEntropy) {
            return TorchLosses.crossEntropy(logits, labels, null, crossEntropy.labelSmoothing());
        }
        return TorchLosses.binaryCrossEntropy(logits, labels);
    }

    /** The class that one row of logits means. */
    default int predicted(float[] logits) {
        if (this instanceof BinaryCrossEntropy) {
            return logits[0] > 0 ? 1 : 0;
        }
        return Softmax.argmax(logits);
    }
}
