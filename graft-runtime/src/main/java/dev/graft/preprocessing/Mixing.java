package dev.graft.preprocessing;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import java.util.SplittableRandom;

/** What {@link MixUp} and {@link CutMix} share. */
final class Mixing {
    private Mixing() {}

    static void requireAlpha(String where, double alpha) {
        if (!(alpha > 0 && Double.isFinite(alpha))) {
            throw new IllegalArgumentException(where + ": alpha is above 0, got " + alpha);
        }
    }

    static void require(String where, HostTensor pictures, HostTensor targets) {
        boolean fit = pictures.shape().rank() == 4
                && targets.shape().rank() == 2
                && pictures.shape().size(0) == targets.shape().size(0);
        if (!fit || pictures.elements() == 0) {
            throw new GraftException(
                    where + ": expected pictures [N, channels, height, width] and targets [N, classes]," + " got "
                            + pictures.shape() + " and " + targets.shape() + "; make labels one-hot first");
        }
    }

    /** Each number below {@code count} once, every order equally likely. */
    static int[] permutation(int count, SplittableRandom random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** {@code share * item + (1 - share) * its partner}, for each item of a batch. */
    static HostTensor blend(HostTensor batch, int[] partners, double share) {
        float[] in = batch.toArray();
        float[] out = new float[in.length];
        int item = Math.toIntExact(batch.shape().itemElements());
        float own = (float) share;
        float other = (float) (1 - share);
        for (int i = 0; i < partners.length; i++) {
            for (int k = 0; k < item; k++) {
                out[i * item + k] = own * in[i * item + k] + other * in[partners[i] * item + k];
            }
        }
        return HostTensor.of(batch.shape(), out);
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
