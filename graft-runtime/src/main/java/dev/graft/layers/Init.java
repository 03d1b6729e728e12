package dev.graft.layers;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.SplittableRandom;

/** How a fresh weight is filled. */
public sealed interface Init {
    /** Every element the same. */
    record Constant(float value) implements Init {}

    /** Uniform in {@code [-bound, bound)}. */
    record Uniform(double bound) implements Init {}

    static Init zeros() {
        return new Constant(0);
    }

    static Init ones() {
        return new Constant(1);
    }

    /** torch's default for linear and convolution weights and their biases: bound {@code 1 / sqrt(fanIn)}. */
    static Init uniformFanIn(int fanIn) {
        return new Uniform(1 / Math.sqrt(fanIn));
    }

    /** A fresh weight; the same generator state gives the same numbers on every platform. */
    default HostTensor fill(Shape shape, SplittableRandom random) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = next(random);
        }
        return HostTensor.of(shape, values);
    }

    private float next(SplittableRandom random) {
        if (this instanceof Constant constant) {
            return constant.value();
        }
        double bound = ((Uniform) this).bound();
        return (float) ((random.nextDouble() * 2 - 1) * bound);
    }
}
