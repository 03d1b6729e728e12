package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Memory for one batch, used again and again: direct, which libtorch reads without a copy but which is freed late. */
final class BatchBuffers {
    private final List<HostTensor> memory = new ArrayList<>();

    /**
     * Puts examples side by side, in memory that holds until the next call.
     *
     * @param names of the examples, for messages
     */
    Batch stack(List<Example> examples, IntFunction<String> names) {
        Example first = examples.get(0);
        List<HostTensor> inputs = new ArrayList<>();
        for (int i = 0; i < first.inputs().size(); i++) {
            inputs.add(column(inputs.size(), "input " + i, i, Example::inputs, examples, names));
        }
        List<HostTensor> targets = new ArrayList<>();
        for (int i = 0; i < first.targets().size(); i++) {
            targets.add(column(inputs.size() + i, "target " + i, i, Example::targets, examples, names));
        }
        for (int row = 0; row < examples.size(); row++) {
            requireCount(first, examples.get(row), names.apply(row));
        }
        return new Batch(inputs, targets, weights(examples));
    }

    private HostTensor column(
            int place,
            String what,
            int number,
            Function<Example, List<HostTensor>> side,
            List<Example> examples,
            IntFunction<String> names) {
        Shape item = side.apply(examples.get(0)).get(number).shape();
        HostTensor column = room(place, HostTensors.stacked(examples.size(), item));
        FloatBuffer values = column.values();
        for (int row = 0; row < examples.size(); row++) {
            List<HostTensor> tensors = side.apply(examples.get(row));
            if (number >= tensors.size()) {
                throw differs(names.apply(row), "expected " + what + ", got only " + tensors.size());
            }
            HostTensor tensor = tensors.get(number);
            if (!tensor.shape().equals(item)) {
                throw differs(
                        names.apply(row), what + " is " + tensor.shape() + ", the first of its batch has " + item);
            }
            values.put(tensor.values());
        }
        return column;
    }

    private HostTensor room(int place, Shape shape) {
        int elements = Math.toIntExact(shape.elements());
        if (place == memory.size()) {
            memory.add(HostTensor.allocate(shape));
        } else if (memory.get(place).elements() < elements) {
            memory.set(place, HostTensor.allocate(shape));
        }
        return new HostTensor(shape, memory.get(place).values().slice(0, elements));
    }

    private static @Nullable HostTensor weights(List<Example> examples) {
        float[] weights = new float[examples.size()];
        boolean alike = true;
        for (int row = 0; row < weights.length; row++) {
            weights[row] = examples.get(row).weight();
            alike &= weights[row] == 1;
        }
        return alike ? null : HostTensor.of(Shape.of(weights.length), weights);
    }

    private static void requireCount(Example first, Example other, String name) {
        if (other.inputs().size() != first.inputs().size()
                || other.targets().size() != first.targets().size()) {
            throw differs(
                    name,
                    "has " + other.inputs().size() + " inputs and "
                            + other.targets().size()
                            + " targets, the first of its batch "
                            + first.inputs().size() + " and "
                            + first.targets().size());
        }
    }

    private static GraftException differs(String name, String how) {
        return new GraftException(name + ": " + how + "; bring all examples to one form with map before batch");
    }
}
