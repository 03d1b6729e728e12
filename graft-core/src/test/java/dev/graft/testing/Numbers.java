package dev.graft.testing;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;

/** The numbers of a tensor in double, row-major, whether they were computed in float32 or float64. */
public record Numbers(Shape shape, double[] values) {
    public static Numbers of(HostTensor tensor) {
        double[] values = new double[tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.get(i);
        }
        return new Numbers(tensor.shape(), values);
    }

    /** The root of the mean of the squares: how large a number typically is. */
    public double typical() {
        return l2() / Math.sqrt(values.length);
    }

    public double l2() {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    public double sum() {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
