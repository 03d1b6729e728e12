package dev.graft.preprocessing;

import dev.graft.GraftException;
import dev.graft.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** What {@link MixUp} and {@link CutMix} share. */
final class Mixing {
    private Mixing() {}

    static void requireAlpha(String where, double alpha) {
        if (!(alpha > 0 && Double.isFinite(alpha))) {
            throw new IllegalArgumentException(where + ": alpha is above 0, got " + alpha);
        }
    }

    /** How many examples the inputs of a batch are of. */
    static int rows(String where, List<Shape> inputs) {
        boolean fit = !inputs.isEmpty()
                && inputs.stream()
                        .allMatch(shape -> shape.rank() >= 2
                                && shape.elements() > 0
                                && shape.size(0) == inputs.get(0).size(0));
        if (!fit) {
            throw new GraftException(where + ": expected inputs [N, ...] of rank 2 or more with the same N, got "
                    + shown(inputs) + "; give batches of features, maps or pictures");
        }
        return inputs.get(0).size(0);
    }

    static String shown(List<Shape> shapes) {
        return shapes.stream().map(Shape::toString).collect(Collectors.joining(" and "));
    }

    /** Each number below {@code count} once, every order equally likely. */
    static List<Integer> permutation(int count, SplittableRandom random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return Arrays.stream(order).boxed().toList();
    }

    /** A draw from Beta(alpha, alpha): {@code x / (x + y)} of two gamma numbers, through logarithms as both may be tiny. */
    static double beta(double alpha, SplittableRandom random) {
        double x = logGamma(alpha, random);
        double y = logGamma(alpha, random);
        return 1 / (1 + Math.exp(y - x));
    }

    /** The logarithm of a draw from Gamma(alpha), after Marsaglia and Tsang (2000). */
    private static double logGamma(double alpha, SplittableRandom random) {
        // Their boost to a shape of at least 1: Gamma(alpha) = Gamma(alpha + 1) * U^(1 / alpha).
        double boost = Math.log(1 - random.nextDouble()) / alpha;
        double d = alpha + 1 - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double normal = random.nextGaussian();
            double root = 1 + c * normal;
            if (root <= 0) {
                continue;
            }
            double cube = root * root * root;
            double bound = 0.5 * normal * normal + d - d * cube + d * Math.log(cube);
            if (Math.log(1 - random.nextDouble()) < bound) {
                return Math.log(d * cube) + boost;
            }
        }
    }
}
