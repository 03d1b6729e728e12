package dev.graft.testing;

import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.onnx.OnnxGraph;
import dev.graft.onnx.OnnxSession;
import dev.graft.tensor.Device;
import dev.graft.tensor.Gradients;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.tensor.TorchOps;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One inference run of a program, from numbers to numbers, in either engine. */
public final class Engines {
    private Engines() {}

    public static List<HostTensor> torch(Program program, Map<String, HostTensor> weights, List<HostTensor> inputs) {
        try (var scope = Scope.open();
                var gradients = Gradients.off()) {
            List<Tensor> values =
                    inputs.stream().map(input -> Tensor.of(input, Device.CPU)).toList();
            return program
                    .infer(
                            new TorchOps(),
                            name -> Tensor.of(Objects.requireNonNull(weights.get(name), name), Device.CPU),
                            values)
                    .stream()
                    .map(Tensor::toHost)
                    .toList();
        }
    }

    public static List<HostTensor> onnx(Program program, Map<String, HostTensor> weights, List<HostTensor> inputs) {
        try (var session = OnnxSession.open(OnnxGraph.of(program, weights), 1)) {
            return session.run(inputs);
        }
    }

    public static HostTensor torch(Network network, HostTensor input) {
        return torch(network.program(), network.weights(), List.of(input)).get(0);
    }

    public static HostTensor onnx(Network network, HostTensor input) {
        return onnx(network.program(), network.weights(), List.of(input)).get(0);
    }
}
