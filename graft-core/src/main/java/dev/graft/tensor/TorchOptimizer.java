package dev.graft.tensor;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.OptimizerOptions;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.TensorVector;

/**
 * An optimizer of libtorch with its state, over groups of parameters that each have a learning rate and a weight decay of
 * their own. Closing it frees the state; the parameters belong to their holder.
 */
public final class TorchOptimizer implements AutoCloseable {
    /**
     * Parameters that are stepped alike.
     *
     * @param parameters kept tensors that require a gradient
     * @param learningRate per step
     * @param weightDecay the factor of the L2 term (Adam, SGD) or of the decoupled decay (AdamW)
     */
    public record Group(List<Tensor> parameters, double learningRate, double weightDecay) {}

    private final Optimizer optimizer;

    private TorchOptimizer(Optimizer optimizer) {
        this.optimizer = optimizer;
    }

    /** Adam (Kingma and Ba 2015), betas 0.9 and 0.999, epsilon 1e-8; weight decay is added to the gradient. */
    public static TorchOptimizer adam(List<Group> groups) {
        return make(groups, TorchOptimizer::adamOptions, (first, options) -> new Adam(first, (AdamOptions) options));
    }

    /** AdamW (Loshchilov and Hutter 2019), betas 0.9 and 0.999, epsilon 1e-8; weight decay shrinks the weights. */
    public static TorchOptimizer adamW(List<Group> groups) {
        return make(groups, TorchOptimizer::adamWOptions, (first, options) -> new AdamW(first, (AdamWOptions) options));
    }

    /** Stochastic gradient descent, with momentum where it is not 0. */
    public static TorchOptimizer sgd(List<Group> groups, double momentum, boolean nesterov) {
        return make(
                groups,
                group -> sgdOptions(group, momentum, nesterov),
                (first, options) -> new SGD(first, (SGDOptions) options));
    }

    private static OptimizerOptions adamOptions(Group group) {
        var options = new AdamOptions(group.learningRate());
        options.weight_decay().put(group.weightDecay());
        return options;
    }

    private static OptimizerOptions adamWOptions(Group group) {
        var options = new AdamWOptions(group.learningRate());
        options.weight_decay().put(group.weightDecay());
        return options;
    }

    private static OptimizerOptions sgdOptions(Group group, double momentum, boolean nesterov) {
        var options = new SGDOptions(group.learningRate());
        options.momentum().put(momentum);
        options.weight_decay().put(group.weightDecay());
        options.nesterov().put(nesterov);
        return options;
    }

    private static TorchOptimizer make(
            List<Group> groups,
            Function<Group, OptimizerOptions> options,
            BiFunction<TensorVector, OptimizerOptions, Optimizer> maker) {
        Torch.load();
        try (var pointers = new PointerScope()) {
            Group first = groups.get(0);
            Optimizer optimizer = maker.apply(vector(first), options.apply(first));
            for (Group group : groups.subList(1, groups.size())) {
                optimizer.add_param_group(new OptimizerParamGroup(vector(group), options.apply(group)));
            }
            // Detaching gives up the scope's reference, and the last one frees.
            optimizer.retainReference();
            pointers.detach(optimizer);
            return new TorchOptimizer(optimizer);
        }
    }

    private static TensorVector vector(Group group) {
        var parameters = new TensorVector();
        group.parameters().forEach(parameter -> parameters.push_back(parameter.pointer()));
        return parameters;
    }

    /** Moves every parameter that has a gradient by one step. */
    public void step() {
        try (var pointers = new PointerScope()) {
            optimizer.step();
        }
    }

    /** Forgets the gradients of all parameters; to be called before each backward. */
    public void zeroGradients() {
        optimizer.zero_grad();
    }

    /** Sets the learning rate of one group, counted from 0, from the next step on. */
    public void setLearningRate(int group, double rate) {
        try (var pointers = new PointerScope()) {
            optimizer.param_groups().get(group).options().set_lr(rate);
        }
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
