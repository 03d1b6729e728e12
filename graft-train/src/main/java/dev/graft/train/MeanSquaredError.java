package dev.graft.train;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchLosses;

/**
 * {@code (output - target)²}, the mean over all outputs {@code [N, ...]} of an example. Targets have the shape of the
 * outputs; those of one output may be {@code [N]}.
 */
public record MeanSquaredError() implements Loss {
    @Override
    public Tensor perExample(Tensor outputs, Tensor targets) {
        return TorchLosses.squaredError(outputs, targets);
    }

    @Override
    public void check(HostTensor targets, Shape outputs) {
        Targets given = new Targets("mean squared error", targets, outputs);
        given.requireColumns(
                given.areIndices() ? "use Loss.crossEntropy() for class indices" : "give what each output should be");
        given.requireEach("a finite number", Float::isFinite);
    }

    @Override
    public HostTensor scores(HostTensor outputs) {
        return outputs;
    }

    /** Halfway between targets 0 and 1. */
    @Override
    public double threshold() {
        return 0.5;
    }

    @Override
    public boolean fromLogits() {
        return false;
    }
}
