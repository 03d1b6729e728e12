package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Memory for one batch, used again and again: direct, which libtorch reads without a copy but which is freed late. Threads
 * put examples into their rows as these are made, so that no more of them are held than threads make at once.
 */
final class BatchBuffers {
    private final List<HostTensor> memory = new ArrayList<>();
    private @Nullable Form[] forms = {};
    private float[] weights = {};
    /** Of the example that came first, whichever that is; the columns have room for rows of this form. */
    private @Nullable Form form;

    private List<HostTensor> columns = List.of();

    /** What the examples of a batch have in common. */
    private record Form(List<Shape> inputs, List<Shape> targets) {
        static Form of(Example example) {
            return new Form(shapes(example.inputs()), shapes(example.targets()));
        }

        private static List<Shape> shapes(List<HostTensor> tensors) {
            return tensors.stream().map(HostTensor::shape).toList();
        }

        Stream<Shape> all() {
            return Stream.concat(inputs.stream(), targets.stream());
        }
    }

    /** Begins a batch; what the one before had is overwritten. */
    synchronized void begin(int rows) {
        forms = new @Nullable Form[rows];
        weights = new float[rows];
        form = null;
    }

    /** Puts an example into its row. */
    void put(int row, Example example) {
        List<HostTensor> tensors = Stream.concat(example.inputs().stream(), example.targets().stream())
                .toList();
        List<HostTensor> room = columns(row, Form.of(example), example.weight());
        for (int i = 0; i < room.size(); i++) {
            row(room.get(i), row).put(tensors.get(i).values());
        }
    }

    /** Where an example of one input and of a class is to be written; all of its batch are of that form. */
    FloatBuffer labelled(int row, Shape input, int label, float weight) {
        List<HostTensor> room = columns(row, new Form(List.of(input), List.of(Shape.of())), weight);
        row(room.get(1), row).put(label);
        return row(room.get(0), row);
    }

    private static FloatBuffer row(HostTensor column, int row) {
        int elements = Math.toIntExact(column.shape().itemElements());
        return column.values().slice(row * elements, elements);
    }

    /** The columns for a form; none where the example that came first had another, which {@link #batch} tells. */
    private synchronized List<HostTensor> columns(int row, Form own, float weight) {
        forms[row] = own;
        weights[row] = weight;
        if (form == null) {
            form = own;
            List<HostTensor> made = new ArrayList<>();
            own.all().forEach(shape -> made.add(room(made.size(), HostTensors.stacked(forms.length, shape))));
            columns = made;
        }
        return form.equals(own) ? columns : List.of();
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

    /**
     * The examples side by side, once all have come; holds until the next one begins.
     *
     * @param names of the examples, for messages
     * @throws GraftException if they are not of one form
     */
    synchronized Batch batch(IntFunction<String> names) {
        Form first = forms[0];
        for (int row = 0; row < forms.length; row++) {
            require(first, forms[row], row, names);
        }
        int inputs = first == null ? 0 : first.inputs().size();
        return new Batch(columns.subList(0, inputs), columns.subList(inputs, columns.size()), weights());
    }

    private @Nullable HostTensor weights() {
        for (float weight : weights) {
            if (weight != 1) {
                return HostTensor.of(Shape.of(weights.length), weights);
            }
        }
        return null;
    }

    private static void require(@Nullable Form first, @Nullable Form other, int row, IntFunction<String> names) {
        if (first == null || other == null) {
            throw new IllegalStateException("an example of the batch is missing");
        }
        if (other.inputs().size() != first.inputs().size()
                || other.targets().size() != first.targets().size()) {
            throw differs(
                    names.apply(row),
                    "has " + other.inputs().size() + " inputs and "
                            + other.targets().size()
                            + " targets, the first of its batch "
                            + first.inputs().size() + " and "
                            + first.targets().size());
        }
        requireAlike("input ", first.inputs(), other.inputs(), row, names);
        requireAlike("target ", first.targets(), other.targets(), row, names);
    }

    private static void requireAlike(
            String what, List<Shape> first, List<Shape> other, int row, IntFunction<String> names) {
        for (int i = 0; i < first.size(); i++) {
            if (!first.get(i).equals(other.get(i))) {
                throw differs(
                        names.apply(row),
                        what + i + " is " + other.get(i) + ", the first of its batch has " + first.get(i));
            }
        }
    }

    private static GraftException differs(String name, String how) {
        return new GraftException(name + ": " + how + "; bring all examples to one form with map before batch");
    }
}
