package dev.graft.examples;

import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Dense;
import dev.graft.layers.Layer;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Part;
import java.io.PrintStream;

/** How many weights a layer has, which of them train, and what freezing changes about that. */
public final class LayerWeights {
    private LayerWeights() {}

    public static void main(String[] arguments) {
        Example.start(LayerWeights.class, arguments, (options, out) -> run(out));
    }

    static void run(PrintStream out) {
        Part dense = build(Dense.of(3));
        print(out, "Dense(3) on 4 inputs", dense);

        print(out, "BatchNormalization", build(BatchNormalization.of(1e-3)));

        dense.setTrainable(false);
        print(out, "Dense(3), frozen", dense);
    }

    /** A layer is built as part of a network, for the shape that comes in. */
    private static Part build(Layer layer) {
        Network network = Network.of(Model.sequential("example", Node.input(4), layer.named("layer")), 42);
        return network.layer("layer");
    }

    private static void print(PrintStream out, String what, Part layer) {
        out.println(what);
        out.println("  weights: " + layer.weights().size());
        out.println("  trainable weights: " + layer.trainableWeights().size());
        out.println("  non-trainable weights: " + layer.nonTrainableWeights().size());
    }
}
