package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;

/**
 * One labelled example, without the batch axis: what {@link Batch} has N of. Usually it has one input and one target;
 * models with several inputs or outputs take several.
 *
 * @param inputs one tensor an input of the model; a picture is {@code [3, height, width]} with levels 0 to 255
 * @param targets one tensor an output: a class index {@code []}, or what the output should be, {@code [units]}
 * @param weight how much the example counts in the loss; 1 is usual, 0 leaves it out
 */
public record Example(List<HostTensor> inputs, List<HostTensor> targets, float weight) {
    public Example {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("an example has at least one input");
        }
        if (!(weight >= 0 && Float.isFinite(weight))) {
            throw new GraftException("the weight of an example is a finite number from 0 on, got " + weight);
        }
    }

    public static Example of(HostTensor input, HostTensor target) {
        return new Example(List.of(input), List.of(target), 1);
    }

    /** An example of a class. */
    public static Example labelled(HostTensor input, int label) {
        return of(input, HostTensor.of(Shape.of(), label));
    }

    /** The only input. */
    public HostTensor input() {
        return only(inputs, "inputs");
    }

    /** The only target. */
    public HostTensor target() {
        return only(targets, "targets");
    }

    private static HostTensor only(List<HostTensor> tensors, String what) {
        if (tensors.size() != 1) {
            throw new IllegalStateException("the example has " + tensors.size() + " " + what + ", not one");
        }
        return tensors.get(0);
    }

    /** The same with another only input. */
    public Example withInput(HostTensor input) {
        return withInputs(List.of(input));
    }

    public Example withInputs(List<HostTensor> other) {
        return new Example(other, targets, weight);
    }

    /** The same with another only target. */
    public Example withTarget(HostTensor target) {
        return withTargets(List.of(target));
    }

    public Example withTargets(List<HostTensor> other) {
        return new Example(inputs, other, weight);
    }

    public Example withWeight(double other) {
        return new Example(inputs, targets, (float) other);
    }

    /**
     * The class the only target says: its number, or where the 1 is in a one-hot vector of several.
     *
     * @throws GraftException if the target says no class
     */
    public int label() {
        float[] values = target().toArray();
        if (values.length == 1 && values[0] >= 0 && values[0] == (int) values[0]) {
            return (int) values[0];
        }
        int label = -1;
        for (int i = 0; i < values.length; i++) {
            if (values.length > 1 && values[i] == 1 && label < 0) {
                label = i;
            } else if (values[i] != 0) {
                throw noClass();
            }
        }
        if (label < 0) {
            throw noClass();
        }
        return label;
    }

    private GraftException noClass() {
        return new GraftException("expected a target that is a class index or one-hot, got "
                + HostTensors.brief(target()) + "; take the class before targets are smoothed or mixed");
    }
}
