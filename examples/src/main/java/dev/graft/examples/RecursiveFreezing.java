package dev.graft.examples;

import dev.graft.layers.Activation;
import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import java.io.PrintStream;

/** A model is a layer, and freezing it freezes every layer inside, however deep. */
public final class RecursiveFreezing {
    private RecursiveFreezing() {}

    public static void main(String[] arguments) {
        Example.start(RecursiveFreezing.class, arguments, (options, out) -> run(out));
    }

    static Network run(PrintStream out) {
        Model inner = Model.sequential("inner", Node.input(3), Dense.of(3), Activation.relu(), Dense.of(3));
        Model outer =
                Model.sequential("outer", Node.input(3), inner, Dense.of(3).named("head"));
        Network network = Network.of(outer, 42);

        network.setTrainable(false);
        out.println("after freezing the outer model");
        out.println("  inner is trainable: " + network.layer("inner").isTrainable());
        out.println(
                "  inner.dense is trainable: " + network.layer("inner.dense").isTrainable());

        network.layer("head").setTrainable(true);
        out.println("after making the head trainable again: " + network.parameters());
        return network;
    }
}
