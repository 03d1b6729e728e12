package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.tensor.Shape;
import dev.graft.torch.Algorithm;
import dev.graft.torch.Algorithm.Adam;
import dev.graft.torch.Algorithm.AdamW;
import dev.graft.torch.Algorithm.RmsProp;
import dev.graft.torch.Algorithm.Sgd;
import dev.graft.torch.Clipping;
import dev.graft.torch.TorchOptimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How weights are moved along their gradients; the settings only, state is made when a trainer is compiled.
 *
 * @param algorithm with the settings that all weights share
 * @param learningRate the base rate, per step
 * @param weightDecay per step; what it does is the algorithm's. As timm and BEiT have it, it does not apply to biases
 *     and normalisation (rank below 2), class tokens and position embeddings ({@code [1, tokens, size]}) and layer scales
 *     ({@code [C, 1, 1]})
 * @param groups weights with a rate of their own; of several that cover a weight the first counts
 * @param layerDecay how rates fall towards the input, for weights that are in no group
 * @param clipping what becomes of large gradients
 */
public record Optimizer(
        Algorithm algorithm,
        double learningRate,
        double weightDecay,
        List<ParameterGroup> groups,
        LayerDecay layerDecay,
        Clipping clipping) {
    /**
     * Weights that are stepped alike.
     *
     * @param weights their full names
     * @param learningRate the base rate, per step
     * @param weightDecay per step, 0 for weights that do not decay
     */
    public record Assigned(List<String> weights, double learningRate, double weightDecay) {
        public Assigned {
            weights = List.copyOf(weights);
        }
    }

    public Optimizer {
        check(learningRate, weightDecay);
        groups = List.copyOf(groups);
    }

    /**
     * The highest learning rate: of larger ones the products that optimizers form are no longer finite numbers in the
     * precision of weights.
     */
    public static final double HIGHEST_RATE = 1e15;

    /** The highest weight decay, for the same reason. */
    public static final double HIGHEST_DECAY = 1e15;

    static void check(double learningRate, double weightDecay) {
        if (!(learningRate > 0 && learningRate <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("the learning rate is a finite number above 0, got " + learningRate);
        }
        if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the weight decay is 0 or more, got " + weightDecay);
        }
    }

    /** {@link Adam} with betas 0.9 and 0.999, epsilon 1e-8, without decay. */
    public static Optimizer adam(double learningRate) {
        return of(new Adam(0.9, 0.999, 1e-8), learningRate);
    }

    /** {@link AdamW} with betas 0.9 and 0.999, epsilon 1e-8, decay 0.01. */
    public static Optimizer adamW(double learningRate) {
        return of(new AdamW(0.9, 0.999, 1e-8), learningRate).weightDecay(0.01);
    }

    /** {@link Sgd} without momentum or decay. */
    public static Optimizer sgd(double learningRate) {
        return sgd(learningRate, 0);
    }

    /** {@link Sgd} without decay. */
    public static Optimizer sgd(double learningRate, double momentum) {
        return of(new Sgd(momentum, false), learningRate);
    }

    /** {@link RmsProp} with alpha 0.99, epsilon 1e-8, without momentum or decay. */
    public static Optimizer rmsProp(double learningRate) {
        return of(new RmsProp(0.99, 1e-8, 0, false), learningRate);
    }

    private static Optimizer of(Algorithm algorithm, double learningRate) {
        return new Optimizer(algorithm, learningRate, 0, List.of(), LayerDecay.none(), new Clipping.None());
    }

    private Optimizer with(Algorithm other) {
        return new Optimizer(other, learningRate, weightDecay, groups, layerDecay, clipping);
    }

    public Optimizer weightDecay(double decay) {
        return new Optimizer(algorithm, learningRate, decay, groups, layerDecay, clipping);
    }

    /** Of Adam and AdamW. */
    public Optimizer betas(double beta1, double beta2) {
        if (algorithm instanceof Adam adam) {
            return with(new Adam(beta1, beta2, adam.epsilon()));
        }
        if (algorithm instanceof AdamW adamW) {
            return with(new AdamW(beta1, beta2, adamW.epsilon()));
        }
        throw lacks("betas");
    }

    /** Of all but gradient descent. */
    public Optimizer epsilon(double epsilon) {
        if (algorithm instanceof Adam adam) {
            return with(new Adam(adam.beta1(), adam.beta2(), epsilon));
        }
        if (algorithm instanceof AdamW adamW) {
            return with(new AdamW(adamW.beta1(), adamW.beta2(), epsilon));
        }
        if (algorithm instanceof RmsProp rms) {
            return with(new RmsProp(rms.alpha(), epsilon, rms.momentum(), rms.centered()));
        }
        throw lacks("epsilon");
    }

    /** Of gradient descent with momentum: Nesterov's. */
    public Optimizer nesterov() {
        if (algorithm instanceof Sgd sgd) {
            return with(new Sgd(sgd.momentum(), true));
        }
        throw lacks("nesterov");
    }

    /** Of gradient descent and RMSprop. */
    public Optimizer momentum(double momentum) {
        if (algorithm instanceof Sgd sgd) {
            return with(new Sgd(momentum, sgd.nesterov()));
        }
        if (algorithm instanceof RmsProp rms) {
            return with(new RmsProp(rms.alpha(), rms.epsilon(), momentum, rms.centered()));
        }
        throw lacks("momentum");
    }

    /** Of RMSprop. */
    public Optimizer alpha(double alpha) {
        if (algorithm instanceof RmsProp rms) {
            return with(new RmsProp(alpha, rms.epsilon(), rms.momentum(), rms.centered()));
        }
        throw lacks("alpha");
    }

    /** Of RMSprop. */
    public Optimizer centered() {
        if (algorithm instanceof RmsProp rms) {
            return with(new RmsProp(rms.alpha(), rms.epsilon(), rms.momentum(), true));
        }
        throw lacks("centered");
    }

    private IllegalArgumentException lacks(String setting) {
        return new IllegalArgumentException(algorithm.getClass().getSimpleName() + " has no setting '" + setting + "'");
    }

    /** Gives weights a rate of their own, and the optimizer's decay; see {@link ParameterGroup#glob}. */
    public Optimizer group(String glob, double rate) {
        return group(new ParameterGroup(glob, rate, null));
    }

    /** Gives weights a rate and a decay of their own; see {@link ParameterGroup#glob}. */
    public Optimizer group(String glob, double rate, double decay) {
        return group(new ParameterGroup(glob, rate, decay));
    }

    private Optimizer group(ParameterGroup group) {
        List<ParameterGroup> more = new ArrayList<>(groups);
        more.add(group);
        return new Optimizer(algorithm, learningRate, weightDecay, more, layerDecay, clipping);
    }

    /** Lowers the rates towards the input. Groups that are named with {@link #group} keep theirs, whichever came first. */
    public Optimizer layerDecay(LayerDecay decay) {
        return new Optimizer(algorithm, learningRate, weightDecay, groups, decay, clipping);
    }

    /** Scales all gradients down together where their norm is above {@code max}, in place of any other clipping. */
    public Optimizer clipNorm(double max) {
        return clip(new Clipping.Norm(max));
    }

    /** Brings each number of a gradient into {@code -max} to {@code max}, in place of any other clipping. */
    public Optimizer clipValue(double max) {
        return clip(new Clipping.Value(max));
    }

    private Optimizer clip(Clipping other) {
        return new Optimizer(algorithm, learningRate, weightDecay, groups, layerDecay, other);
    }

    /**
     * Parts trainable weights by rate and decay.
     *
     * @param shapes the shape of every weight that is to be trained, by its full name
     * @throws GraftException if a group has none of the weights; suggests the nearest name. If layer decay leaves one out
     */
    public List<Assigned> assign(Map<String, Shape> shapes) {
        return new Assignment(this).of(shapes);
    }

    /** The native optimizer over these groups. */
    public TorchOptimizer open(List<TorchOptimizer.Group> parts) {
        return TorchOptimizer.of(algorithm, parts, clipping);
    }
}
