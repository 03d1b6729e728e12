package dev.graft.dataset;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Examples for one step.
 *
 * @param inputs one tensor an input of the program that is trained, {@code [N, ...]}
 * @param targets one tensor an output: class indices {@code [N]}, or what the outputs should be, {@code [N, units]}
 * @param weights how much each example counts, {@code [N]}, or null where all count alike
 */
public record Batch(
        List<HostTensor> inputs,
        List<HostTensor> targets,
        @Nullable HostTensor weights) {
    public Batch {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
    }

    /** Examples of one class each, all of which count alike. */
    public static Batch labelled(List<HostTensor> inputs, int[] labels) {
        float[] numbers = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            numbers[i] = labels[i];
        }
        return new Batch(inputs, List.of(HostTensor.of(Shape.of(labels.length), numbers)), null);
    }

    /** The only target. */
    public HostTensor target() {
        return targets.get(0);
    }

    /** How many examples there are. */
    public int size() {
        return inputs.get(0).shape().size(0);
    }
}
