package dev.graft.testing;

import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.Engine;
import dev.graft.torch.Precision;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network in libtorch that computes in float64 from its weights in float32, as the references do. Slopes jump at the bends
 * of a ReLU or a maximum: in float32 it depends on the processor on which side a number near one falls, and so do gradients;
 * in float64 no number comes near enough. Those weights that train require a gradient.
 */
public final class DoubleNetwork implements AutoCloseable {
    /** What it computes with. */
    public static final Engine ENGINE = Engines.ONE_THREAD.withPrecision(Precision.FLOAT64);

    private final LoadedNetwork loaded;

    public DoubleNetwork(Network network) {
        loaded = new LoadedNetwork(network, ENGINE);
    }

    /** Runs the whole program in the innermost scope. */
    public List<Tensor> run(boolean training, HostTensor... inputs) {
        return loaded.run(training, Arrays.stream(inputs).map(ENGINE::tensor).toArray(Tensor[]::new));
    }

    public Tensor weight(String name) {
        return loaded.weight(name);
    }

    /** All weights, statistics too. */
    public Map<String, Tensor> weights() {
        return loaded.weights();
    }

    /** The tensors that an optimizer steps. */
    public List<Tensor> parameters() {
        return loaded.parameters();
    }

    /** The gradient of a weight from the last backward. */
    public Numbers gradient(String name) {
        try (var scope = Scope.open()) {
            return Probe.numbers(Objects.requireNonNull(weight(name).gradient(), "no gradient reached " + name));
        }
    }

    @Override
    public void close() {
        loaded.close();
    }
}
