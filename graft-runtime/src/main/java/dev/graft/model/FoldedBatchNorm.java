package dev.graft.model;

import dev.graft.model.FoldingPlan.Fold;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A program whose batch normalisations are folded into the convolutions before them: the same function in inference, in
 * fewer steps. {@code weight' = weight · gamma / sqrt(variance + epsilon)}, {@code bias' = beta + (bias - mean) · gamma /
 * sqrt(variance + epsilon)}, computed in double. {@link FoldingPlan} says which fold.
 *
 * @param program the folded convolutions keep their paths and have a bias
 * @param weights what the folded program needs, by full name
 */
public record FoldedBatchNorm(Program program, Map<String, HostTensor> weights) {
    public static FoldedBatchNorm of(Program program, Map<String, HostTensor> weights) {
        FoldingPlan plan = FoldingPlan.of(program);
        Map<String, HostTensor> folded = new LinkedHashMap<>();
        for (int i = 0; i < program.steps().size(); i++) {
            Fold fold = plan.folds().get(i);
            if (fold == null) {
                Step step = program.steps().get(i);
                step.weights()
                        .forEach(spec -> folded.put(step.weightName(spec), weight(weights, step.weightName(spec))));
            } else {
                fold(fold, weights, folded);
            }
        }
        return new FoldedBatchNorm(plan.program(), folded);
    }

    private static void fold(Fold fold, Map<String, HostTensor> weights, Map<String, HostTensor> folded) {
        HostTensor weight = weight(weights, fold.weight());
        HostTensor oldBias = weights.get(fold.bias());
        HostTensor gamma = weight(weights, fold.gamma());
        HostTensor beta = weight(weights, fold.beta());
        HostTensor mean = weight(weights, fold.mean());
        HostTensor variance = weight(weights, fold.variance());
        HostTensor newWeight = HostTensor.allocate(weight.shape());
        int filters = weight.shape().size(0);
        float[] newBias = new float[filters];
        int perFilter = weight.elements() / filters;
        for (int filter = 0; filter < filters; filter++) {
            double factor = gamma.get(filter) / Math.sqrt(variance.get(filter) + fold.epsilon());
            double before = oldBias == null ? 0 : oldBias.get(filter);
            newBias[filter] = (float) (beta.get(filter) + (before - mean.get(filter)) * factor);
            for (int i = filter * perFilter; i < (filter + 1) * perFilter; i++) {
                newWeight.put(i, (float) (weight.get(i) * factor));
            }
        }
        folded.put(fold.weight(), newWeight);
        folded.put(fold.bias(), HostTensor.of(Shape.of(filters), newBias));
    }

    private static HostTensor weight(Map<String, HostTensor> weights, String name) {
        HostTensor weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("no weight '" + name + "'");
        }
        return weight;
    }
}
