package dev.graft.train;

import dev.graft.tensor.HostTensor;
import java.util.List;

/**
 * Examples for one step.
 *
 * @param inputs one tensor an input of the program that is trained, {@code [N, ...]}
 * @param labels the class of each example
 */
public record Batch(List<HostTensor> inputs, int[] labels) {
    public int size() {
        return labels.length;
    }
}
