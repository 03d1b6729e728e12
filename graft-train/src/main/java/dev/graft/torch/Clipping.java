package dev.graft.torch;

/** What becomes of large gradients before a step. */
public sealed interface Clipping {
    /** They stay as they are. */
    record None() implements Clipping {}

    /**
     * The gradients of all groups are scaled down together where the norm of all their numbers, the root of the sum of
     * squares, is above {@code max} (Pascanu, Mikolov and Bengio 2013); torch's {@code clip_grad_norm_}.
     */
    record Norm(double max) implements Clipping {
        public Norm {
            check(max);
        }
    }

    /** Each number of a gradient is brought into {@code -max} to {@code max}; torch's {@code clip_grad_value_}. */
    record Value(double max) implements Clipping {
        public Value {
            check(max);
        }
    }

    private static void check(double max) {
        if (!(max > 0 && max < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("gradients are clipped at a finite number above 0, got " + max);
        }
    }
}
