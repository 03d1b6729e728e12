package dev.graft.train;

import dev.graft.tensor.TorchOptimizer;
import dev.graft.tensor.TorchOptimizer.Group;
import java.util.List;

/** How weights are moved along their gradients; the settings only, state is made when a trainer is compiled. */
public sealed interface Optimizer {
    /** The base learning rate, per step. */
    double learningRate();

    /** Weight decay per step; not applied to biases and normalisation weights. */
    double weightDecay();

    /** Adam (Kingma and Ba 2015); weight decay is an L2 term in the gradient. */
    record Adam(double learningRate, double weightDecay) implements Optimizer {
        public Adam {
            check(learningRate, weightDecay);
        }
    }

    /** AdamW (Loshchilov and Hutter 2019); weight decay is decoupled from the gradient. */
    record AdamW(double learningRate, double weightDecay) implements Optimizer {
        public AdamW {
            check(learningRate, weightDecay);
        }
    }

    /** Stochastic gradient descent with momentum. */
    record Sgd(double learningRate, double momentum, boolean nesterov, double weightDecay) implements Optimizer {
        public Sgd {
            check(learningRate, weightDecay);
            if (!(momentum >= 0 && momentum < 1) || (nesterov && momentum == 0)) {
                throw new IllegalArgumentException(
                        "momentum is from 0 to below 1, and above 0 with nesterov; got " + momentum);
            }
        }
    }

    private static void check(double learningRate, double weightDecay) {
        if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the learning rate is above 0, got " + learningRate);
        }
        if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the weight decay is 0 or more, got " + weightDecay);
        }
    }

    static Optimizer adam(double learningRate) {
        return new Adam(learningRate, 0);
    }

    /** With torch's default decay 0.01. */
    static Optimizer adamW(double learningRate) {
        return new AdamW(learningRate, 0.01);
    }

    static Optimizer sgd(double learningRate, double momentum) {
        return new Sgd(learningRate, momentum, false, 0);
    }

    /** The native optimizer over these groups. */
    default TorchOptimizer open(List<Group> groups) {
        if (this instanceof Sgd sgd) {
            return TorchOptimizer.sgd(groups, sgd.momentum(), sgd.nesterov());
        }
        return this instanceof AdamW ? TorchOptimizer.adamW(groups) : TorchOptimizer.adam(groups);
    }
}
