package dev.graft.examples;

import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.dataset.Dataset;
import dev.graft.layers.Activation;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.GradientScope;
import dev.graft.torch.Tensor;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchOptimizer;
import dev.graft.train.LiveNetwork;
import dev.graft.train.Loss;
import dev.graft.train.Optimizer;
import java.io.PrintStream;
import java.util.Locale;

/** A training loop of one's own, on a frozen base with a new head: what {@code Trainer.fit} does, written out. */
public final class CustomLoop {
    static final int EPOCHS = 20;
    static final Optimizer OPTIMIZER = Optimizer.adam(1e-2);
    static final Loss LOSS = Loss.binaryCrossEntropy();

    private CustomLoop() {}

    public static void main(String[] arguments) {
        Example.start(CustomLoop.class, arguments, (options, out) -> run(out));
    }

    static Network run(PrintStream out) {
        Network network = network();
        Batches batches = points().shuffle(42).batch(32);
        try (LiveNetwork live = LiveNetwork.open(network);
                TorchOptimizer optimizer = live.optimizer(OPTIMIZER)) {
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                double sum = 0;
                int number = 0;
                try (Batches.Reader reader = batches.open(epoch)) {
                    for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                        // What dropout draws in this step.
                        Torch.seed(42, epoch + 1, ++number);
                        sum += step(live, optimizer, batch) * batch.size();
                    }
                }
                out.printf(Locale.ROOT, "epoch %2d: loss %.4f%n", epoch + 1, sum / batches.size());
            }
            // Until here only copies in libtorch were trained.
            live.save();
        }
        return network;
    }

    /** One batch. What is computed in the tape's scope is recorded for the gradients, and freed at its end. */
    private static double step(LiveNetwork live, TorchOptimizer optimizer, Batch batch) {
        try (GradientScope tape = GradientScope.open(live.engine())) {
            Tensor logits = live.call(batch.inputs().get(0), true);
            Tensor loss = LOSS.of(logits, live.tensor(batch.target()), null);
            tape.backward(loss);
            // Moves the weights that were trainable when the network was opened, and forgets their gradients.
            optimizer.step();
            return loss.item();
        }
    }

    /** A base that stands for a pretrained one, frozen, and a head. */
    static Network network() {
        Model base = Model.sequential("base", Node.input(2), Dense.of(64), Activation.relu());
        Node input = Node.input(2);
        Node output = input.then("base", base.inInferenceMode())
                .then("dropout", Dropout.of(0.2))
                .then("head", Dense.of(1));
        Network network = Network.of(Model.of("inside_or_outside", input, output), 42);
        network.layer("base").setTrainable(false);
        return network;
    }

    /** Points of the square from -1 to 1, and whether they lie within a circle of radius 0.8: about every second. */
    static Dataset points() {
        HostTensor points = Arrays.random(512, 2, 7);
        int[] inside = points.rows().stream()
                .mapToInt(point -> Math.hypot(point[0], point[1]) < 0.8 ? 1 : 0)
                .toArray();
        return Dataset.ofArrays(points, inside);
    }
}
