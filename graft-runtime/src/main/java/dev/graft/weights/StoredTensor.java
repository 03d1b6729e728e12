package dev.graft.weights;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.function.Supplier;

/**
 * A tensor as a file keeps it: what is known at once, and its numbers when asked for.
 *
 * @param shape the sizes, row-major, as torch would give them
 * @param type the file's own name of the number format, such as {@code F16}
 * @param source gives the numbers as floats; throws {@link dev.graft.GraftException} when they cannot be had
 */
public record StoredTensor(Shape shape, String type, Supplier<HostTensor> source) {

    /** One number throughout, for what a file leaves out because it changes nothing. */
    public static StoredTensor constant(Shape shape, float value) {
        return new StoredTensor(shape, "F32", () -> {
            HostTensor tensor = HostTensor.allocate(shape);
            for (int i = 0; i < tensor.elements(); i++) {
                tensor.put(i, value);
            }
            return tensor;
        });
    }

    /** The numbers, in direct memory and perhaps read-only: a view of the file where it holds floats, else a copy. */
    public HostTensor read() {
        return source.get();
    }
}
