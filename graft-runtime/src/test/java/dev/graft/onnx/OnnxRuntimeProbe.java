package dev.graft.onnx;

import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;

/** A process of its own that runs a graph once. */
final class OnnxRuntimeProbe {
    private OnnxRuntimeProbe() {}

    public static void main(String[] arguments) {
        Node input = Node.input(2);
        Network network = Network.of(Model.of("m", input, input.then("head", Dense.of(3))), 1);
        try (OnnxSession session = OnnxSession.open(OnnxGraph.of(network.program(), network.weights()), 1)) {
            HostTensor result =
                    session.run(List.of(HostTensor.of(Shape.of(1, 2), 1, 2))).get(0);
            System.out.println("ran " + result.shape());
        }
    }
}
