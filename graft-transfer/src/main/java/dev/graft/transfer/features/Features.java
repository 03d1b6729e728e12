package dev.graft.transfer.features;

import dev.graft.GraftException;
import dev.graft.Workers;
import dev.graft.dataset.Dataset;
import dev.graft.dataset.Example;
import dev.graft.model.Network;
import dev.graft.onnx.OnnxGraph;
import dev.graft.onnx.OnnxSession;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a frozen network gives for every example, computed once: the second workflow of the Keras guide. A small model is
 * then trained on the features alone, in seconds.
 *
 * <pre>{@code
 * Dataset features = Features.of(Network.of(backbone.model(), weights, 42), pictures);
 * }</pre>
 *
 * <p>The network runs in inference mode in ONNX Runtime, an example to a thread.
 */
public final class Features {
    private Features() {}

    /**
     * Runs a network over all examples, in the order and views of the first epoch: random maps before this are frozen.
     *
     * @param network with one input an input of the examples
     * @return the examples with the network's outputs in the place of their inputs, in memory; targets, weights and
     *     classes stay
     * @throws GraftException if the network takes other shapes, or an example cannot be read
     */
    public static Dataset of(Network network, Dataset examples) {
        Example[] recorded = new Example[examples.size()];
        try (OnnxSession session = OnnxSession.open(OnnxGraph.of(network.program(), network.weights()), 1);
                Workers workers = new Workers(Runtime.getRuntime().availableProcessors())) {
            workers.forEach(recorded.length, i -> {
                Example example = examples.get(i);
                recorded[i] = example.withInputs(outputs(session, inputs(network, example)));
            });
        }
        return Dataset.ofExamples(List.of(recorded), examples.classes());
    }

    private static List<HostTensor> inputs(Network network, Example example) {
        List<Shape> expected = network.program().inputs();
        List<HostTensor> batches = new ArrayList<>();
        example.inputs().forEach(input -> batches.add(new HostTensor(batchOfOne(input.shape()), input.values())));
        List<Shape> got = batches.stream().map(HostTensor::shape).toList();
        if (!got.equals(expected.stream().map(shape -> shape.withBatch(1)).toList())) {
            throw new GraftException("network '" + network.model().name() + "': expected inputs " + expected
                    + ", got examples of "
                    + example.inputs().stream().map(HostTensor::shape).toList()
                    + "; resize the pictures, or draw the network for their size");
        }
        return batches;
    }

    private static Shape batchOfOne(Shape item) {
        return Shape.batchOf(item.sizes()).withBatch(1);
    }

    /** Copied, so that no example holds on to native memory. */
    private static List<HostTensor> outputs(OnnxSession session, List<HostTensor> inputs) {
        return session.run(inputs).stream()
                .map(output -> {
                    int[] sizes = output.shape().sizes();
                    return HostTensor.of(new Shape(Arrays.copyOfRange(sizes, 1, sizes.length)), output.toArray());
                })
                .toList();
    }
}
