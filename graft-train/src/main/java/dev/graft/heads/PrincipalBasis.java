package dev.graft.heads;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Engine;
import dev.graft.torch.LinearAlgebra;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;

/**
 * Features centred, scaled to a mean square length of 1 and turned into their principal axes. A linear head with an L2
 * penalty is the same in any turned basis, but here each axis has a variance of its own that is known, which lets a solver
 * take steps of the right length along each; axes without variance are left out.
 *
 * @param mean of each feature
 * @param scale that centred features are multiplied by
 * @param axes {@code [size, kept]}, orthonormal columns
 * @param variances along each axis, of scaled features
 * @param engine what computes in it
 */
record PrincipalBasis(float[] mean, double scale, HostTensor axes, double[] variances, Engine engine) {
    /** Axes with less than this share of the largest variance carry nothing but rounding. */
    private static final double LEAST_VARIANCE = 1e-7;

    static PrincipalBasis of(HostTensor features, Engine engine) {
        float[] mean = mean(features);
        int examples = features.shape().size(0);
        int size = features.shape().size(1);
        HostTensor centred = centred(features, mean, 1);
        double square = 0;
        for (int i = 0; i < centred.elements(); i++) {
            square += (double) centred.get(i) * centred.get(i);
        }
        double scale = square == 0 ? 1 : Math.sqrt(examples / square);
        try (var scope = Scope.open()) {
            Tensor x = engine.tensor(centred);
            boolean wide = examples < size;
            Tensor products = wide ? LinearAlgebra.productTransposed(x, x) : LinearAlgebra.transposedProduct(x, x);
            LinearAlgebra.Eigen eigen = LinearAlgebra.symmetricEigen(products);
            float[] values = eigen.values().toHost().toArray();
            int dropped = 0;
            double least = LEAST_VARIANCE * Math.max(values[values.length - 1], Float.MIN_NORMAL);
            while (dropped < values.length && values[dropped] <= least) {
                dropped++;
            }
            int kept = values.length - dropped;
            double[] variances = new double[kept];
            for (int axis = 0; axis < kept; axis++) {
                variances[axis] = values[dropped + axis] * scale * scale / examples;
            }
            HostTensor vectors = eigen.vectors().toHost();
            HostTensor axes = columns(vectors, dropped);
            if (wide) {
                divide(axes, values, dropped);
                // The features' axes, xᵀ·u / |xᵀ·u| for axes u of the examples: fewer than there are features.
                axes = LinearAlgebra.transposedProduct(x, engine.tensor(axes)).toHost();
            }
            return new PrincipalBasis(mean, scale, axes, variances, engine);
        }
    }

    /** Divides the examples' axes, one a column, each by the length of the features' axis that it gives. */
    private static void divide(HostTensor axes, float[] values, int dropped) {
        int kept = values.length - dropped;
        for (int i = 0; i < axes.elements(); i++) {
            axes.put(i, (float) (axes.get(i) / Math.sqrt(values[dropped + i % kept])));
        }
    }

    private static HostTensor columns(HostTensor matrix, int from) {
        int size = matrix.shape().size(0);
        int kept = matrix.shape().size(1) - from;
        HostTensor some = HostTensor.allocate(Shape.of(size, kept));
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < kept; column++) {
                some.put(row * kept + column, matrix.get(row * matrix.shape().size(1) + from + column));
            }
        }
        return some;
    }

    /** How many axes there are. */
    int kept() {
        return variances.length;
    }

    /** Features {@code [N, size]} in this basis, {@code [N, kept]}. */
    HostTensor turn(HostTensor features) {
        HostTensor centred = centred(features, mean, scale);
        try (var scope = Scope.open()) {
            return LinearAlgebra.product(engine.tensor(centred), engine.tensor(axes))
                    .toHost();
        }
    }

    /** The head on plain features that does what one on turned features does. */
    LinearHead back(HostTensor weight, HostTensor bias) {
        try (var scope = Scope.open()) {
            HostTensor plain = LinearAlgebra.productTransposed(engine.tensor(weight), engine.tensor(axes))
                    .toHost();
            int size = mean.length;
            HostTensor scaled = HostTensor.allocate(plain.shape());
            HostTensor shifted = HostTensor.allocate(bias.shape());
            for (int row = 0; row < bias.elements(); row++) {
                double offset = bias.get(row);
                for (int i = 0; i < size; i++) {
                    double factor = plain.get(row * size + i) * scale;
                    scaled.put(row * size + i, (float) factor);
                    offset -= factor * mean[i];
                }
                shifted.put(row, (float) offset);
            }
            return new LinearHead(scaled, shifted);
        }
    }

    private static float[] mean(HostTensor features) {
        int size = features.shape().size(1);
        double[] sums = new double[size];
        for (int i = 0; i < features.elements(); i++) {
            sums[i % size] += features.get(i);
        }
        float[] mean = new float[size];
        for (int i = 0; i < size; i++) {
            mean[i] = (float) (sums[i] / features.shape().size(0));
        }
        return mean;
    }

    private static HostTensor centred(HostTensor features, float[] mean, double scale) {
        HostTensor centred = HostTensor.allocate(features.shape());
        for (int i = 0; i < features.elements(); i++) {
            centred.put(i, (float) ((features.get(i) - mean[i % mean.length]) * scale));
        }
        return centred;
    }
}
