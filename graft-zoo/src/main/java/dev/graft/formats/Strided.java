package dev.graft.formats;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.StoredTensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Copies numbers that lie apart into a tensor whose rows lie one after the other. */
final class Strided {
    private Strided() {}

    /** A tensor of that shape whose element {@code i, j, …} is number {@code i·strides[0] + j·strides[1] + …}. */
    static HostTensor copy(HostTensor numbers, Shape shape, long[] strides) {
        HostTensor tensor = HostTensor.allocate(shape);
        if (shape.rank() == 0) {
            tensor.put(0, numbers.get(0));
        } else {
            copy(numbers, shape, strides, 0, 0, tensor.values());
        }
        return tensor;
    }

    /** The same tensor with axis {@code axes[0]} first, {@code axes[1]} next; put in order when it is read. */
    static StoredTensor permuted(StoredTensor tensor, int... axes) {
        int[] sizes = Arrays.stream(axes).map(tensor.shape()::size).toArray();
        return new StoredTensor(Shape.of(sizes), tensor.type(), () -> permuted(tensor.read(), axes));
    }

    /** The same numbers with axis {@code axes[0]} first, {@code axes[1]} next. */
    static HostTensor permuted(HostTensor tensor, int... axes) {
        long[] strides = new long[axes.length];
        int[] sizes = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            sizes[i] = tensor.shape().size(axes[i]);
            strides[i] = stride(tensor.shape(), axes[i]);
        }
        return copy(tensor, Shape.of(sizes), strides);
    }

    private static long stride(Shape shape, int axis) {
        long stride = 1;
        for (int inner = axis + 1; inner < shape.rank(); inner++) {
            stride *= shape.size(inner);
        }
        return stride;
    }

    private static void copy(HostTensor numbers, Shape shape, long[] strides, int axis, int from, FloatBuffer to) {
        // The only step of an axis of size 1 is never taken, so its stride may be anything.
        int stride = shape.size(axis) == 1 ? 0 : Math.toIntExact(strides[axis]);
        boolean innermost = axis == shape.rank() - 1;
        for (int i = 0, at = from; i < shape.size(axis); i++, at += stride) {
            if (innermost) {
                to.put(numbers.get(at));
            } else {
                copy(numbers, shape, strides, axis + 1, at, to);
            }
        }
    }
}
