package dev.graft.dataset;

import dev.graft.GraftException;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How much the examples of each class count; give it to a trainer, or to {@link Dataset#weighted}.
 *
 * @param weights one a class, 0 or more
 */
public record ClassWeights(List<Double> weights) implements ToDoubleFunction<Example> {
    public ClassWeights {
        weights = List.copyOf(weights);
        for (double weight : weights) {
            if (!(weight >= 0 && Double.isFinite(weight))) {
                throw new IllegalArgumentException("a class weight is a finite number from 0 on, got " + weights);
            }
        }
    }

    public static ClassWeights of(double... weights) {
        return new ClassWeights(Arrays.stream(weights).boxed().toList());
    }

    /**
     * Weights by which every class counts alike however many examples it has: {@code n / (classes * count)}, as
     * scikit-learn's {@code class_weight="balanced"}. Classes without examples have no part in it and get 0.
     *
     * @param counts how many examples each class has
     */
    public static ClassWeights balanced(int... counts) {
        long total = Arrays.stream(counts).asLongStream().sum();
        long classes = Arrays.stream(counts).filter(count -> count > 0).count();
        return of(Arrays.stream(counts)
                .mapToDouble(count -> count == 0 ? 0 : (double) total / (classes * (double) count))
                .toArray());
    }

    /** {@link #balanced(int...)} of the classes of a data set; reads no picture. */
    public static ClassWeights balanced(Dataset dataset) {
        return balanced(dataset.countPerClass());
    }

    /** The weight of an example's class. */
    @Override
    public double applyAsDouble(Example example) {
        int label = example.label();
        if (label >= weights.size()) {
            throw new GraftException("label " + label + " is outside the " + weights.size()
                    + " classes that have weights; give a weight for each class");
        }
        return weights.get(label);
    }
}
