package dev.graft.testing;

import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.Engine;
import dev.graft.torch.EngineUse;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A network's weights in libtorch, those that train requiring a gradient: the least that a training step needs. Until it is
 * closed this thread computes with its engine.
 */
public final class LoadedNetwork implements AutoCloseable {
    private final Network network;
    private final EngineUse computing;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();

    public LoadedNetwork(Network network) {
        this(network, Engines.ONE_THREAD);
    }

    LoadedNetwork(Network network, Engine engine) {
        this.network = network;
        this.computing = engine.use();
        Set<String> trainable = network.trainableWeights();
        try (var scope = Scope.open()) {
            network.weights().forEach((name, host) -> {
                Tensor tensor = engine.tensor(host).keep();
                weights.put(name, trainable.contains(name) ? tensor.requireGradient() : tensor);
            });
        }
    }

    /** Runs the whole program in the innermost scope. */
    public List<Tensor> run(boolean training, Tensor... inputs) {
        return network.program().run(new TorchOps(), this::weight, List.of(inputs), training, network::isTrainable);
    }

    public Tensor weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    /** All weights, statistics too. */
    Map<String, Tensor> weights() {
        return Map.copyOf(weights);
    }

    /** The tensors that an optimizer steps. */
    public List<Tensor> parameters() {
        return network.trainableWeights().stream().map(this::weight).toList();
    }

    /** The gradient of a weight from the last backward. */
    public HostTensor gradient(String name) {
        try (var scope = Scope.open()) {
            return Objects.requireNonNull(weight(name).gradient(), "no gradient reached " + name)
                    .toHost();
        }
    }

    public HostTensor host(String name) {
        return weight(name).toHost();
    }

    @Override
    public void close() {
        weights.values().forEach(Tensor::close);
        computing.close();
    }
}
