package dev.graft.testing;

import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.Device;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchOps;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A network in libtorch that computes in float64 from its weights in float32, as the references do. Slopes jump at the bends
 * of a ReLU or a maximum: in float32 it depends on the processor on which side a number near one falls, and so do gradients;
 * in float64 no number comes near enough. Those weights that train require a gradient.
 */
public final class DoubleNetwork implements AutoCloseable {
    private final Network network;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();

    public DoubleNetwork(Network network) {
        this.network = network;
        // Threads that wait for each other over small tensors make these tests fifty times slower on a busy machine.
        Torch.setThreads(1);
        Set<String> trainable = network.trainableWeights();
        try (var scope = Scope.open()) {
            network.weights().forEach((name, host) -> {
                Tensor tensor = tensor(host).keep();
                weights.put(name, trainable.contains(name) ? tensor.requireGradient() : tensor);
            });
        }
    }

    /** Those numbers in float64, in the innermost scope. */
    public static Tensor tensor(HostTensor host) {
        return Probe.inDouble(Tensor.of(host, Device.CPU));
    }

    /** Runs the whole program in the innermost scope. */
    public List<Tensor> run(boolean training, HostTensor... inputs) {
        List<Tensor> values = Arrays.stream(inputs).map(DoubleNetwork::tensor).toList();
        return network.program().run(new TorchOps(), this::weight, values, training, network::isTrainable);
    }

    public Tensor weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    /** All weights, statistics too. */
    public Map<String, Tensor> weights() {
        return Map.copyOf(weights);
    }

    /** The tensors that an optimizer steps. */
    public List<Tensor> parameters() {
        return network.trainableWeights().stream().map(this::weight).toList();
    }

    /** The gradient of a weight from the last backward. */
    public Numbers gradient(String name) {
        try (var scope = Scope.open()) {
            return Probe.numbers(Objects.requireNonNull(weight(name).gradient(), "no gradient reached " + name));
        }
    }

    @Override
    public void close() {
        weights.values().forEach(Tensor::close);
    }
}
