package dev.graft.train;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchLosses;

/**
 * {@code max(0, 1 - target · output)}, the mean over the outputs {@code [N, units]} of an example, as Keras computes it: the
 * loss of a linear support vector machine. Targets 0 and 1 count as -1 and 1, in {@code [N, units]} or for one output in
 * {@code [N]}. Class indices {@code [N]} of several outputs stand for one machine a class against all others.
 *
 * @param squared whether the loss of each output is squared
 */
public record Hinge(boolean squared) implements Loss {
    @Override
    public Tensor perExample(Tensor outputs, Tensor targets) {
        return TorchLosses.hinge(outputs, targets, squared);
    }

    @Override
    public void check(HostTensor targets, Shape outputs) {
        Targets given = new Targets(squared ? "squared hinge" : "hinge", targets, outputs);
        given.requireMatrix();
        if (given.areIndices() && outputs.size(1) > 1) {
            given.requireIndices("give one class index an example");
        } else {
            given.requireColumns("give one column an output");
            given.requireEach("0 or 1, which count as -1 and 1", label -> label == 0 || label == 1);
        }
    }

    /** Distances from the border, in margins: not probabilities. */
    @Override
    public HostTensor scores(HostTensor outputs) {
        return outputs;
    }

    @Override
    public double threshold() {
        return 0;
    }

    @Override
    public boolean fromLogits() {
        return false;
    }
}
