package dev.graft.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sizes of a tensor. The first axis of an activation is the batch and is written {@code N} while it is open
 * ({@link #BATCH}); pictures are {@code [N, channels, height, width]}, features {@code [N, units]}.
 */
public record Shape(int... sizes) {
    /** The size of an axis that is not fixed before a call: the batch. */
    public static final int BATCH = -1;

    public Shape {
        sizes = sizes.clone();
        for (int size : sizes) {
            if (size < BATCH) {
                throw new IllegalArgumentException("negative size in shape " + Arrays.toString(sizes));
            }
        }
    }

    public static Shape of(int... sizes) {
        return new Shape(sizes);
    }

    /** The shape {@code [N, sizes...]}. */
    public static Shape batchOf(int... sizes) {
        return new Shape(
                IntStream.concat(IntStream.of(BATCH), IntStream.of(sizes)).toArray());
    }

    @Override
    public int[] sizes() {
        return sizes.clone();
    }

    public int rank() {
        return sizes.length;
    }

    /** The size of one axis; negative axes count from the end. */
    public int size(int axis) {
        return sizes[axis < 0 ? sizes.length + axis : axis];
    }

    /** The same shape with the first axis fixed to {@code batch}. */
    public Shape withBatch(int batch) {
        int[] fixed = sizes.clone();
        fixed[0] = batch;
        return new Shape(fixed);
    }

    /** How many elements one item of the batch has: the product of all sizes but the first. */
    public long itemElements() {
        return product(1);
    }

    /** How many elements a tensor of this shape has; the batch must be fixed. */
    public long elements() {
        return product(0);
    }

    private long product(int from) {
        long product = 1;
        for (int axis = from; axis < sizes.length; axis++) {
            if (sizes[axis] == BATCH) {
                throw new IllegalStateException("the batch of " + this + " is open");
            }
            product = Math.multiplyExact(product, sizes[axis]);
        }
        return product;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return Arrays.stream(sizes)
                .mapToObj(size -> size == BATCH ? "N" : Integer.toString(size))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
