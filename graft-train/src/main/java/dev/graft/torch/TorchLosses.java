package dev.graft.torch;

import dev.graft.tensor.Shape;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Loss functions of libtorch over a batch. Targets are class indices {@code [N]} or {@code [N, units]}, as floats. Whether
 * their numbers make sense is for the caller to check: on a GPU a class index out of range ends the process.
 */
public final class TorchLosses {
    /** What becomes of the losses of the examples. */
    public enum Reduction {
        /** They stay as they are, {@code [N]}. */
        NONE(0),
        /** One number, their mean. */
        MEAN(1);

        private final long code;

        Reduction(long code) {
            this.code = code;
        }
    }

    private static final long NO_IGNORED_LABEL = -100;

    /** How far Keras keeps probabilities from 0 and 1 before it takes a logarithm: {@code backend.epsilon()}. */
    private static final double EPSILON = 1e-7;

    private TorchLosses() {}

    /**
     * Cross-entropy of {@code softmax(logits)}.
     *
     * @param logits {@code [N, classes]}
     * @param targets class indices {@code [N]}, or the share of each class {@code [N, classes]}
     * @param smoothing share of the target that is spread evenly over all classes, 0 to 1
     */
    public static Tensor crossEntropy(Tensor logits, Tensor targets, double smoothing, Reduction reduction) {
        var target = targets.pointer();
        return Tensor.wrap(torch.cross_entropy_loss(
                logits.pointer(),
                target.dim() == 1 ? target.to(ScalarType.Long) : target,
                new TensorOptional(),
                reduction.code,
                NO_IGNORED_LABEL,
                smoothing));
    }

    /**
     * Cross-entropy of probabilities as Keras computes it: each row is divided by its sum, then kept 1e-7 away from 0 and 1,
     * beyond which no gradient flows. Parameters as of {@link #crossEntropy}; gives {@code [N]}.
     */
    public static Tensor crossEntropyOfProbabilities(Tensor probabilities, Tensor targets, double smoothing) {
        var given = probabilities.pointer();
        var logarithms = clip(given.div(given.sum(1).reshape(-1, 1))).log();
        var shares = smoothed(unitTargets(targets, probabilities), smoothing, given.size(1));
        return Tensor.wrap(shares.mul(logarithms).sum(1).neg());
    }

    /**
     * Cross-entropy of {@code sigmoid(logits)}, the mean over the units of an example.
     *
     * @param logits {@code [N, units]}
     * @param targets the probability of each unit {@code [N, units]}, or {@code [N]} for one unit
     * @param smoothing share of the target that becomes one half, 0 to 1
     */
    public static Tensor binaryCrossEntropy(Tensor logits, Tensor targets, double smoothing, Reduction reduction) {
        var wanted = smoothed(sameTargets(targets, logits), smoothing, 2);
        var losses = torch.binary_cross_entropy_with_logits(
                logits.pointer(), wanted, new TensorOptional(), new TensorOptional(), reduction.code);
        return Tensor.wrap(reduction == Reduction.MEAN ? losses : meanOfUnits(losses));
    }

    /**
     * Binary cross-entropy of probabilities, which are kept 1e-7 away from 0 and 1, beyond which no gradient flows, as in
     * Keras. Parameters as of {@link #binaryCrossEntropy}; gives {@code [N]}.
     */
    public static Tensor binaryCrossEntropyOfProbabilities(Tensor probabilities, Tensor targets, double smoothing) {
        var wanted = smoothed(sameTargets(targets, probabilities), smoothing, 2);
        var losses = torch.binary_cross_entropy(
                clip(probabilities.pointer()), wanted, new TensorOptional(), Reduction.NONE.code);
        return Tensor.wrap(meanOfUnits(losses));
    }

    /** {@code (output - target)²}, the mean over all of an example: targets in the shape of the outputs; {@code [N]}. */
    public static Tensor squaredError(Tensor outputs, Tensor targets) {
        return Tensor.wrap(
                meanOfUnits(outputs.pointer().sub(sameTargets(targets, outputs)).square()));
    }

    /**
     * {@code max(0, 1 - target · output)}, squared or not, the mean over the units of an example; gives {@code [N]}.
     *
     * @param outputs {@code [N, units]}
     * @param targets 0 and 1, taken for -1 and 1, {@code [N, units]}; or {@code [N]}: of one unit 0 and 1, of several the
     *     index of the one that is 1
     */
    public static Tensor hinge(Tensor outputs, Tensor targets, boolean squared) {
        var signs = unitTargets(targets, outputs).mul(new Scalar(2.0)).sub(new Scalar(1.0));
        var losses = signs.mul(outputs.pointer()).neg().add(new Scalar(1.0)).relu();
        return Tensor.wrap(meanOfUnits(squared ? losses.square() : losses));
    }

    /** The mean of losses {@code [N]}. */
    public static Tensor mean(Tensor losses) {
        return Tensor.wrap(losses.pointer().mean());
    }

    /** {@code sum(weight · loss) / N} of losses and weights {@code [N]}: not divided by the sum of the weights. */
    public static Tensor weightedMean(Tensor losses, Tensor weights) {
        // libtorch would spread [N] over [N, 1] and give a number that means nothing.
        if (!losses.shape().equals(weights.shape())) {
            throw new IllegalArgumentException(
                    "weights of examples: expected " + losses.shape() + ", got " + weights.shape());
        }
        return Tensor.wrap(losses.pointer().mul(weights.pointer()).mean());
    }

    /** Targets in the shape of the outputs; class indices of several units become one-hot. */
    private static org.bytedeco.pytorch.Tensor unitTargets(Tensor targets, Tensor outputs) {
        long units = outputs.pointer().size(1);
        if (targets.pointer().dim() == 1 && units > 1) {
            return torch.one_hot(targets.pointer().to(ScalarType.Long), units)
                    .to(outputs.pointer().scalar_type());
        }
        return sameTargets(targets, outputs);
    }

    private static org.bytedeco.pytorch.Tensor sameTargets(Tensor targets, Tensor outputs) {
        Shape expected = outputs.shape();
        Shape got = targets.shape();
        // libtorch would spread other targets over the outputs and give a number that means nothing.
        boolean oneUnit = got.rank() == 1 && expected.equals(Shape.of(got.size(0), 1));
        if (!got.equals(expected) && !oneUnit) {
            throw new IllegalArgumentException("targets: expected " + expected + " as the outputs, got " + got);
        }
        return targets.pointer().to(outputs.pointer().scalar_type()).reshape_as(outputs.pointer());
    }

    /** {@code (1 - smoothing) · target + smoothing / of}. */
    private static org.bytedeco.pytorch.Tensor smoothed(
            org.bytedeco.pytorch.Tensor targets, double smoothing, long of) {
        return smoothing == 0 ? targets : targets.mul(new Scalar(1 - smoothing)).add(new Scalar(smoothing / of));
    }

    private static org.bytedeco.pytorch.Tensor clip(org.bytedeco.pytorch.Tensor probabilities) {
        return probabilities.clamp(
                new ScalarOptional(new Scalar(EPSILON)), new ScalarOptional(new Scalar(1 - EPSILON)));
    }

    private static org.bytedeco.pytorch.Tensor meanOfUnits(org.bytedeco.pytorch.Tensor losses) {
        return losses.flatten(1, -1).mean(1);
    }
}
