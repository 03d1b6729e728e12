package dev.graft.train;

import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.tensor.Device;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Copies of a program's weights in libtorch: those that train require a gradient. Closing frees them. */
final class NativeWeights implements AutoCloseable {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    NativeWeights(Network network, Program program, Set<String> trainable, Device device) {
        try (var scope = Scope.open()) {
            for (String name : program.weights().keySet()) {
                Tensor tensor = Tensor.of(network.weight(name), device).keep();
                tensors.put(name, tensor);
                if (trainable.contains(name)) {
                    tensor.requireGradient();
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no weight '" + name + "'");
        }
        return tensor;
    }

    /** The tensors of that name, in the program's order. */
    List<Tensor> select(Predicate<String> names) {
        List<Tensor> selected = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            if (names.test(name)) {
                selected.add(tensor);
            }
        });
        return selected;
    }

    /** Copies of all weights in memory of the JVM. */
    Map<String, HostTensor> toHost() {
        Map<String, HostTensor> copies = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> copies.put(name, tensor.toHost()));
        return copies;
    }

    void assign(Map<String, HostTensor> values) {
        values.forEach((name, value) -> get(name).assign(value));
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
        tensors.clear();
    }
}
