package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Examples that are the rows of tensors; their memory is shared, not copied. */
final class ArraySource implements DatasetStage {
    private final List<HostTensor> inputs;
    private final List<HostTensor> targets;
    private final int @Nullable [] labels;

    private ArraySource(List<HostTensor> inputs, List<HostTensor> targets, int @Nullable [] labels) {
        this.inputs = inputs;
        this.targets = targets;
        this.labels = labels;
    }

    static ArraySource of(List<HostTensor> inputs, List<HostTensor> targets) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("arrays: give at least one input");
        }
        checkRows("input", inputs, inputs);
        checkRows("target", targets, inputs);
        return new ArraySource(List.copyOf(inputs), List.copyOf(targets), null);
    }

    static ArraySource labelled(List<HostTensor> inputs, int[] labels) {
        ArraySource source = of(inputs, List.of());
        if (labels.length != source.size()) {
            throw new GraftException("arrays: " + source.size() + " examples but " + labels.length
                    + " labels; give one label for each example");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                throw new GraftException("arrays: label " + i + " is " + labels[i] + "; a class index is 0 or more");
            }
        }
        return new ArraySource(source.inputs, List.of(), labels.clone());
    }

    private static void checkRows(String what, List<HostTensor> tensors, List<HostTensor> inputs) {
        for (int i = 0; i < tensors.size(); i++) {
            if (tensors.get(i).shape().rank() == 0) {
                throw new GraftException("arrays: " + what + " " + i + " is a single number; expected [N, ...]");
            }
            int expected = inputs.get(0).shape().size(0);
            int rows = tensors.get(i).shape().size(0);
            if (rows != expected) {
                throw new GraftException("arrays: " + what + " " + i + " is "
                        + tensors.get(i).shape() + ", which has " + rows + " rows, but input 0 has " + expected
                        + "; the first axis of all is the examples");
            }
        }
    }

    @Override
    public int size() {
        return inputs.get(0).shape().size(0);
    }

    @Override
    public Example get(int index, int epoch) {
        if (labels == null) {
            return new Example(rows(inputs, index), rows(targets, index), 1);
        }
        return new Example(rows(inputs, index), List.of(Labels.INDEX.of(labels[index], 0)), 1);
    }

    private static List<HostTensor> rows(List<HostTensor> tensors, int index) {
        return tensors.stream().map(tensor -> HostTensors.row(tensor, index)).toList();
    }

    @Override
    public String name(int index, int epoch) {
        return "example " + index;
    }

    @Override
    public int label(int index) {
        return labels == null ? UNKNOWN : labels[index];
    }

    @Override
    public void identify(Fingerprint print) {
        print.add("arrays");
        inputs.forEach(print::add);
        targets.forEach(print::add);
        if (labels != null) {
            IntStream.of(labels).forEach(print::add);
        }
    }
}
