package dev.graft.torch;

import dev.graft.Closing;
import dev.graft.DivergedException;
import dev.graft.GraftException;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.OptimizerOptions;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.RMSprop;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * An optimizer of libtorch with its state, over groups of parameters that each have a learning rate and a weight decay of
 * their own. Closing it frees the state; the parameters belong to their holder, and stay in memory until both are closed.
 * It may be closed by any thread: a step that has begun is finished, later calls throw an {@link IllegalStateException}.
 */
public final class TorchOptimizer implements AutoCloseable {
    /**
     * Parameters that are stepped alike.
     *
     * @param parameters kept tensors that require a gradient
     * @param learningRate per step
     * @param weightDecay the factor of the algorithm's decay
     */
    public record Group(List<Tensor> parameters, double learningRate, double weightDecay) {}

    private static final double SUM_OF_SQUARES = 2;

    private final Optimizer optimizer;
    private final List<Tensor> parameters;
    private final Clipping clipping;
    private final Closing closing = Closing.of("the optimizer", this::free);

    private TorchOptimizer(Optimizer optimizer, List<Tensor> parameters, Clipping clipping) {
        this.optimizer = optimizer;
        this.parameters = parameters;
        this.clipping = clipping;
    }

    /** Makes an optimizer over at least one group, which leaves gradients as they are. */
    public static TorchOptimizer of(Algorithm algorithm, List<Group> groups) {
        return of(algorithm, groups, new Clipping.None());
    }

    /** Makes an optimizer over at least one group. */
    public static TorchOptimizer of(Algorithm algorithm, List<Group> groups, Clipping clipping) {
        Torch.load();
        try (var scope = Scope.open()) {
            Group first = groups.get(0);
            Optimizer optimizer = make(vector(first.parameters()), options(algorithm, first));
            for (Group group : groups.subList(1, groups.size())) {
                optimizer.add_param_group(
                        new OptimizerParamGroup(vector(group.parameters()), options(algorithm, group)));
            }
            List<Tensor> all = new ArrayList<>();
            groups.forEach(group -> group.parameters().forEach(parameter -> all.add(parameter.shared())));
            // Detaching gives up the scope's reference, and the last one frees.
            optimizer.retainReference();
            PointerScope.getInnerScope().detach(optimizer);
            all.forEach(Tensor::keep);
            return new TorchOptimizer(optimizer, all, clipping);
        }
    }

    private static Optimizer make(TensorVector parameters, OptimizerOptions options) {
        if (options instanceof AdamOptions adam) {
            return new Adam(parameters, adam);
        }
        if (options instanceof AdamWOptions adamW) {
            return new AdamW(parameters, adamW);
        }
        if (options instanceof SGDOptions sgd) {
            return new SGD(parameters, sgd);
        }
        return new RMSprop(parameters, (RMSpropOptions) options);
    }

    private static OptimizerOptions options(Algorithm algorithm, Group group) {
        if (algorithm instanceof Algorithm.Adam adam) {
            var options = new AdamOptions(group.learningRate());
            putBetas(options.betas(), adam.beta1(), adam.beta2());
            options.eps().put(adam.epsilon());
            options.weight_decay().put(group.weightDecay());
            return options;
        }
        if (algorithm instanceof Algorithm.AdamW adamW) {
            var options = new AdamWOptions(group.learningRate());
            putBetas(options.betas(), adamW.beta1(), adamW.beta2());
            options.eps().put(adamW.epsilon());
            options.weight_decay().put(group.weightDecay());
            return options;
        }
        if (algorithm instanceof Algorithm.Sgd sgd) {
            var options = new SGDOptions(group.learningRate());
            options.momentum().put(sgd.momentum());
            options.nesterov().put(sgd.nesterov());
            options.weight_decay().put(group.weightDecay());
            return options;
        }
        return rmsPropOptions((Algorithm.RmsProp) algorithm, group);
    }

    private static OptimizerOptions rmsPropOptions(Algorithm.RmsProp rmsProp, Group group) {
        var options = new RMSpropOptions(group.learningRate());
        options.alpha().put(rmsProp.alpha());
        options.eps().put(rmsProp.epsilon());
        options.momentum().put(rmsProp.momentum());
        options.centered().put(rmsProp.centered());
        options.weight_decay().put(group.weightDecay());
        return options;
    }

    /**
     * JavaCPP shows the memory of a {@code std::tuple}, whose order is the compiler's: libstdc++ has the second element
     * first, libc++ the first. The defaults 0.9 and 0.999 tell.
     */
    private static void putBetas(DoublePointer betas, double beta1, double beta2) {
        boolean inOrder = betas.get(0) < betas.get(1);
        betas.put(0, inOrder ? beta1 : beta2);
        betas.put(1, inOrder ? beta2 : beta1);
    }

    private static TensorVector vector(List<Tensor> parameters) {
        var vector = new TensorVector();
        parameters.forEach(parameter -> vector.push_back(parameter.pointer()));
        return vector;
    }

    /**
     * Clips the gradients, moves every parameter that has one by one step, then forgets them. Those of several backward
     * calls before one step add up.
     *
     * @throws GraftException if they are clipped by their norm and that is no finite number; nothing is moved then
     */
    public void step() {
        try (var use = closing.use();
                var pointers = new PointerScope()) {
            clip();
            optimizer.step();
            optimizer.zero_grad();
        }
    }

    private void clip() {
        if (clipping instanceof Clipping.Norm norm) {
            double before = torch.clip_grad_norm_(vector(parameters), norm.max(), SUM_OF_SQUARES, false);
            if (!Double.isFinite(before)) {
                throw new DivergedException(
                        "",
                        "the norm of the gradients is " + before,
                        ", which cannot be clipped. Lower the learning rate, or look for inputs that are no numbers");
            }
        } else if (clipping instanceof Clipping.Value value) {
            torch.clip_grad_value_(vector(parameters), value.max());
        }
    }

    /** Multiplies the gradients that have added up by a factor. */
    public void scaleGradients(double factor) {
        try (var use = closing.use();
                var pointers = new PointerScope();
                var gradients = Gradients.off()) {
            Scalar scalar = new Scalar(factor);
            for (Tensor parameter : parameters) {
                var gradient = parameter.pointer().grad();
                if (gradient.defined()) {
                    gradient.mul_(scalar);
                }
            }
        }
    }

    /** Forgets the gradients that have added up. */
    public void forgetGradients() {
        try (var use = closing.use();
                var pointers = new PointerScope()) {
            optimizer.zero_grad();
        }
    }

    /** How many groups there are. */
    public int groups() {
        try (var use = closing.use();
                var pointers = new PointerScope()) {
            return Math.toIntExact(optimizer.param_groups().size());
        }
    }

    /** The learning rate of one group, counted from 0. */
    public double learningRate(int group) {
        try (var use = closing.use();
                var pointers = new PointerScope()) {
            return optimizer.param_groups().get(group).options().get_lr();
        }
    }

    /** Sets the learning rate of one group, counted from 0, from the next step on. */
    public void setLearningRate(int group, double rate) {
        try (var use = closing.use();
                var pointers = new PointerScope()) {
            optimizer.param_groups().get(group).options().set_lr(rate);
        }
    }

    /** What it remembers of each parameter, in the order of the groups: copies, bit for bit. */
    public List<ParameterState> state() {
        try (var use = closing.use();
                var scope = Scope.open()) {
            return OptimizerArchive.read(optimizer, parameters);
        }
    }

    /**
     * Lets it remember what {@link #state} gave of an optimizer with the same settings: the next steps are those that it
     * would have made, bit for bit.
     *
     * @param states one a parameter, in the order of the groups
     * @throws GraftException if there are more or fewer, or one has another shape than its parameter; or if this
     *     optimizer made steps already
     */
    public void restore(List<ParameterState> states) {
        try (var use = closing.use();
                var scope = Scope.open()) {
            check(states);
            OptimizerArchive.write(optimizer, parameters, states);
        }
    }

    private void check(List<ParameterState> states) {
        if (states.size() != parameters.size()) {
            throw new GraftException(
                    "optimizer: expected the state of " + parameters.size() + " weights, got " + states.size());
        }
        for (int i = 0; i < states.size(); i++) {
            Shape expected = parameters.get(i).shape();
            states.get(i).means().forEach((name, mean) -> {
                if (!mean.shape().equals(expected)) {
                    throw new GraftException(
                            "optimizer: expected " + name + " of shape " + expected + ", got " + mean.shape());
                }
            });
        }
    }

    private void free() {
        optimizer.close();
        parameters.forEach(Tensor::close);
    }

    @Override
    public void close() {
        closing.close();
    }
}
