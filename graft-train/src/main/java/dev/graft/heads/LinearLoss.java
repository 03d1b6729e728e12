package dev.graft.heads;

/** What a linear head is fitted for; both are convex. */
public enum LinearLoss {
    /** Cross-entropy of the softmax: multinomial logistic regression. */
    LOGISTIC(0.25) {
        @Override
        double at(float[] logits, int label, float[] slopes) {
            double highest = Double.NEGATIVE_INFINITY;
            for (float logit : logits) {
                highest = Math.max(highest, logit);
            }
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                double share = Math.exp(logits[i] - highest);
                slopes[i] = (float) share;
                sum += share;
            }
            for (int i = 0; i < logits.length; i++) {
                slopes[i] = (float) (slopes[i] / sum);
            }
            slopes[label] -= 1;
            return Math.log(sum) + highest - logits[label];
        }
    },
    /** Each class against the rest, {@code max(0, 1 - margin)²} added up over the classes: a linear SVM. */
    SQUARED_HINGE(1) {
        @Override
        double at(float[] logits, int label, float[] slopes) {
            double loss = 0;
            for (int i = 0; i < logits.length; i++) {
                int sign = i == label ? 1 : -1;
                double missing = Math.max(0, 1 - (double) sign * logits[i]);
                slopes[i] = (float) (-2 * sign * missing);
                loss += missing * missing;
            }
            return loss;
        }
    };

    /** About how strongly it bends along a logit. */
    private final double curvature;

    LinearLoss(double curvature) {
        this.curvature = curvature;
    }

    double curvature() {
        return curvature;
    }

    /** The loss of an example where all logits are 0. */
    double ofNothing(int classes) {
        return at(new float[classes], 0, new float[classes]);
    }

    /**
     * The loss of one example.
     *
     * @param slopes where its derivative by each logit is written
     */
    abstract double at(float[] logits, int label, float[] slopes);
}
