package dev.graft.examples;

import dev.graft.dataset.Batches;
import dev.graft.dataset.Dataset;
import dev.graft.layers.Activation;
import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.train.Loss;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import java.io.PrintStream;
import java.util.List;

/** Two layers, the first of them frozen: after training its weights are, bit for bit, what they were. */
public final class FreezingDemo {
    private FreezingDemo() {}

    public static void main(String[] arguments) {
        Example.start(FreezingDemo.class, arguments, (options, out) -> run(out));
    }

    /** Whether the frozen layer kept its weights, and the other did not. */
    static boolean run(PrintStream out) {
        Network network = Network.of(
                Model.sequential(
                        "two_layers",
                        Node.input(3),
                        Dense.of(3).named("layer1"),
                        Activation.relu(),
                        Dense.of(3).named("layer2")),
                42);
        network.layer("layer1").setTrainable(false);

        List<HostTensor> first = network.layer("layer1").getWeights();
        List<HostTensor> second = network.layer("layer2").getWeights();
        Batches random = Dataset.ofArrays(Arrays.random(64, 3, 1), Arrays.random(64, 3, 2))
                .batch(16);
        try (Trainer trainer = Trainer.compile(network, Optimizer.adam(1e-2), Loss.meanSquaredError())) {
            trainer.fit(random, Phase.of(5));
        }

        boolean kept = same(first, network.layer("layer1").getWeights());
        boolean moved = !same(second, network.layer("layer2").getWeights());
        out.println("layer1, frozen:    " + (kept ? "the same weights as before" : "CHANGED"));
        out.println("layer2, trainable: " + (moved ? "has learnt" : "DID NOT CHANGE"));
        out.println(network.parameters());
        return kept && moved;
    }

    private static boolean same(List<HostTensor> before, List<HostTensor> after) {
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).sameBits(after.get(i))) {
                return false;
            }
        }
        return true;
    }
}
