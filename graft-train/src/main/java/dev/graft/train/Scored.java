package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;

/**
 * A batch as metrics see it. Examples and outputs are counted from 0.
 *
 * @param scores what {@link Loss#scores} made of the outputs, {@code [N, units]}
 * @param targets class indices {@code [N]}, or one number an output
 * @param threshold the score above which an output means yes
 */
public record Scored(HostTensor scores, HostTensor targets, double threshold) {
    private static final double SUM_TOLERANCE = 1e-3;

    public Scored {
        Shape scored = scores.shape();
        Shape given = targets.shape();
        boolean fit = scored.rank() > 0
                && given.rank() > 0
                && scored.size(0) == given.size(0)
                && (given.itemElements() == 1 || given.itemElements() == scored.itemElements());
        if (!fit) {
            throw new IllegalArgumentException("targets: expected [N], or " + scored + " as the scores, got " + given);
        }
    }

    /** How many examples there are. */
    public int examples() {
        return scores.shape().size(0);
    }

    /** How many outputs an example has. */
    public int units() {
        return (int) scores.shape().itemElements();
    }

    public float score(int example, int unit) {
        return scores.get(example * units() + unit);
    }

    /** What an output should have been; of class indices 1 for that class and 0 for all others. */
    public float target(int example, int unit) {
        if (holdIndices()) {
            return targets.get(example) == unit ? 1 : 0;
        }
        return targets.get(example * units() + unit);
    }

    private boolean holdIndices() {
        return targets.shape().itemElements() == 1 && units() > 1;
    }

    /** The class with the highest score, the first of several; with one output 1 if it is above the threshold, else 0. */
    public int predicted(int example) {
        if (units() == 1) {
            return score(example, 0) > threshold ? 1 : 0;
        }
        int best = 0;
        for (int unit = 1; unit < units(); unit++) {
            if (score(example, unit) > score(example, best)) {
                best = unit;
            }
        }
        return best;
    }

    /**
     * The class of an example: its index, or the highest of its shares; with one output 0 or 1.
     *
     * @throws GraftException if the example has several classes, or none
     */
    public int label(int example) {
        if (units() == 1) {
            return targets.get(example) > 0.5 ? 1 : 0;
        }
        if (holdIndices()) {
            return (int) targets.get(example);
        }
        int best = 0;
        double sum = 0;
        for (int unit = 0; unit < units(); unit++) {
            sum += target(example, unit);
            best = target(example, unit) > target(example, best) ? unit : best;
        }
        if (Math.abs(sum - 1) > SUM_TOLERANCE) {
            throw new GraftException("metrics of classes: the targets of example " + example + " add up to " + sum
                    + ": expected 1, one class an example; use Metric.binaryAccuracy() or Metric.auc() for several");
        }
        return best;
    }
}
