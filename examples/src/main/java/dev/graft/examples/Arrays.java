package dev.graft.examples;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.SplittableRandom;

/** Numbers to play with. */
final class Arrays {
    private Arrays() {}

    /** {@code [rows, columns]}, uniform in -1 to 1. */
    static HostTensor random(int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextDouble() * 2 - 1);
        }
        return HostTensor.of(Shape.of(rows, columns), values);
    }
}
