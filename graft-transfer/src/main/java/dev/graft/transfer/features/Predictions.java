package dev.graft.transfer.features;

import dev.graft.GraftException;
import dev.graft.dataset.Dataset;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.stream.IntStream;

/** What a trained network says of every example, computed in ONNX Runtime: nothing to compile, no libtorch. */
public final class Predictions {
    private Predictions() {}

    /**
     * The only output for all examples, in their order.
     *
     * @return {@code [N, ...]}: logits, or whatever the network ends in
     * @throws GraftException if the network takes other shapes or has several outputs, or an example cannot be read
     */
    public static HostTensor of(Network network, Dataset examples) {
        int outputs = network.model().outputs().size();
        if (outputs != 1) {
            throw new GraftException("network '" + network.model().name() + "': predictions are of one output, it has "
                    + outputs + "; cut it with upTo, or use Features");
        }
        Dataset predicted = Features.of(network, examples);
        Shape item = predicted.get(0).input().shape();
        HostTensor all = HostTensor.allocate(Shape.batchOf(item.sizes()).withBatch(predicted.size()));
        IntStream.range(0, predicted.size()).forEach(i -> all.values()
                .position(Math.toIntExact(i * item.elements()))
                .put(predicted.get(i).input().values()));
        return all;
    }
}
