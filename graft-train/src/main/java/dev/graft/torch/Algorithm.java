package dev.graft.torch;

/** How gradients become steps: the settings that all groups of an optimizer share. */
public sealed interface Algorithm {
    /**
     * Adam (Kingma and Ba 2015); weight decay is an L2 term in the gradient.
     *
     * @param beta1 how much of the mean of gradients a step keeps
     * @param beta2 how much of the mean of squared gradients a step keeps
     * @param epsilon added to the root of the latter
     */
    record Adam(double beta1, double beta2, double epsilon) implements Algorithm {
        public Adam {
            checkShare("beta1", beta1);
            checkShare("beta2", beta2);
            checkEpsilon(epsilon);
        }
    }

    /** AdamW (Loshchilov and Hutter 2019): {@link Adam}, but weight decay shrinks the weights apart from the gradient. */
    record AdamW(double beta1, double beta2, double epsilon) implements Algorithm {
        public AdamW {
            checkShare("beta1", beta1);
            checkShare("beta2", beta2);
            checkEpsilon(epsilon);
        }
    }

    /**
     * Stochastic gradient descent; weight decay is an L2 term in the gradient.
     *
     * @param momentum how much of the last step goes into the next, 0 for none
     * @param nesterov whether a step looks ahead by the momentum it will have
     */
    record Sgd(double momentum, boolean nesterov) implements Algorithm {
        public Sgd {
            checkShare("momentum", momentum);
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException("nesterov needs a momentum above 0, got " + momentum);
            }
        }
    }

    /**
     * RMSprop (Tieleman and Hinton 2012) as torch computes it, {@code rate · gradient / (√mean + epsilon)}; weight decay is
     * an L2 term in the gradient.
     *
     * <p>Keras differs: it keeps 0.9 of the mean ({@code rho}) where torch's default is 0.99, adds epsilon, 1e-7, under the
     * root, and its momentum holds steps that the rate of their time is already in.
     *
     * @param alpha how much of the mean of squared gradients a step keeps
     * @param epsilon added to its root
     * @param momentum how much of the last step goes into the next, 0 for none
     * @param centered whether the square of the mean gradient is taken off, which leaves the variance
     */
    record RmsProp(double alpha, double epsilon, double momentum, boolean centered) implements Algorithm {
        public RmsProp {
            checkShare("alpha", alpha);
            checkEpsilon(epsilon);
            checkShare("momentum", momentum);
        }
    }

    private static void checkShare(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " is from 0 to below 1, got " + value);
        }
    }

    private static void checkEpsilon(double value) {
        // At 0 a weight that no gradient reached would become 0/0.
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("epsilon is above 0, got " + value);
        }
    }
}
