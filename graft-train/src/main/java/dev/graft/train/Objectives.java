package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.layers.Activation;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Layer;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The objectives of all outputs of a program: the one number that is made small, and checks of what it is made from. */
final class Objectives {
    private static final TorchOps OPS = new TorchOps();

    private final Program program;
    private final List<Objective> objectives;

    /**
     * One objective an output, in their order.
     *
     * @throws GraftException if there are more or fewer, or a loss does not go with the layer that it is given
     */
    Objectives(Program program, List<Objective> objectives) {
        this.program = program;
        this.objectives = List.copyOf(objectives);
        if (objectives.size() != program.outputs().size()) {
            throw new GraftException(
                    "expected one loss an output, " + program.outputs().size() + ", got " + objectives.size()
                            + "; compile with an Objective for each output");
        }
        for (int output = 0; output < objectives.size(); output++) {
            checkScale(output);
        }
    }

    int count() {
        return objectives.size();
    }

    Objective get(int output) {
        return objectives.get(output);
    }

    /** What stands before the names of an output's metrics: nothing, or the layer's name where there are several. */
    String prefix(int output) {
        int value = program.outputs().get(output);
        return objectives.size() == 1 || program.isInput(value)
                ? ""
                : program.producer(value).path() + "_";
    }

    /** A loss from logits after a softmax trains badly and tells nobody; probabilities from no softmax are none. */
    private void checkScale(int output) {
        int value = program.outputs().get(output);
        if (program.isInput(value)) {
            return;
        }
        Layer last = program.producer(value).layer();
        String where = last.typeName() + " '" + program.producer(value).path() + "': ";
        boolean squashed = last instanceof Activation activation
                && (activation.kind() == Activation.Kind.SOFTMAX || activation.kind() == Activation.Kind.SIGMOID);
        Loss loss = objectives.get(output).loss();
        if (loss.fromLogits() && squashed) {
            throw new GraftException(
                    where + "the network ends in probabilities and the loss takes logits; leave this layer"
                            + " out, or use the loss with fromProbabilities()");
        }
        if (takesProbabilities(loss) && (last instanceof Dense || last instanceof Conv2D)) {
            throw new GraftException(
                    where + "the network ends in logits and the loss takes probabilities; put a softmax or"
                            + " sigmoid after it, or use the loss without fromProbabilities()");
        }
    }

    private static boolean takesProbabilities(Loss loss) {
        return !loss.fromLogits() && (loss instanceof CrossEntropy || loss instanceof BinaryCrossEntropy);
    }

    /** Refuses targets that do not fit, before anything is computed from them. */
    void check(Batch batch) {
        if (batch.targets().size() != objectives.size()) {
            throw new GraftException("expected one target an output, " + objectives.size() + ", got "
                    + batch.targets().size());
        }
        for (int output = 0; output < objectives.size(); output++) {
            Shape shape = program.shapeOf(program.outputs().get(output)).withBatch(batch.size());
            objectives.get(output).loss().check(batch.targets().get(output), shape);
        }
    }

    /**
     * The sum of the weighted losses, one number.
     *
     * @param weights of the examples, or null where all count alike
     */
    Tensor loss(LiveNetwork network, List<Tensor> outputs, Batch batch, @Nullable HostTensor weights) {
        Tensor counted = weights == null ? null : network.tensor(weights);
        Tensor sum = null;
        for (int output = 0; output < objectives.size(); output++) {
            Objective objective = objectives.get(output);
            Tensor target = network.tensor(batch.targets().get(output));
            Tensor loss = objective.loss().of(outputs.get(output), target, counted);
            if (objective.weight() != 1) {
                HostTensor factor = HostTensor.of(Shape.of(1), (float) objective.weight());
                loss = OPS.multiply(loss, network.tensor(factor));
            }
            sum = sum == null ? loss : OPS.add(sum, loss);
        }
        return Objects.requireNonNull(sum);
    }
}
