package dev.graft.model;

import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Layer;
import dev.graft.layers.SeparableConv2D;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A program whose batch normalisations are folded into the convolutions before them: the same function in inference, in
 * fewer steps. {@code weight' = weight · gamma / sqrt(variance + epsilon)}, {@code bias' = beta + (bias - mean) · gamma /
 * sqrt(variance + epsilon)}, computed in double. A normalisation folds where its convolution feeds nothing else.
 *
 * @param program the folded convolutions keep their paths and have a bias
 * @param weights what the folded program needs, by full name
 */
public record FoldedBatchNorm(Program program, Map<String, HostTensor> weights) {
    public static FoldedBatchNorm of(Program program, Map<String, HostTensor> weights) {
        return new Folding(program, weights).fold();
    }

    /** One pass over the steps. */
    private static final class Folding {
        private final Program program;
        private final Map<String, HostTensor> weights;
        private final int[] uses;
        private final Map<String, Long> calls;
        private final int[] renamed;
        private final List<Step> steps = new ArrayList<>();
        private final Map<String, HostTensor> folded = new LinkedHashMap<>();

        Folding(Program program, Map<String, HostTensor> weights) {
            this.program = program;
            this.weights = weights;
            this.uses = program.uses();
            this.calls = program.calls();
            this.renamed = new int[uses.length];
        }

        FoldedBatchNorm fold() {
            for (int value = 0; value < uses.length; value++) {
                if (program.isInput(value)) {
                    renamed[value] = value;
                } else if (program.producer(value).layer() instanceof BatchNormalization norm
                        && convolutionBefore(value)) {
                    renamed[value] = renamed[program.producer(value).inputs().get(0)];
                    foldInto(renamed[value] - program.inputs().size(), norm, program.producer(value));
                } else {
                    copy(value);
                }
            }
            List<Integer> outputs =
                    program.outputs().stream().map(value -> renamed[value]).toList();
            return new FoldedBatchNorm(new Program(program.inputs(), steps, outputs), folded);
        }

        private boolean convolutionBefore(int norm) {
            int before = program.producer(norm).inputs().get(0);
            return !program.isInput(before)
                    && uses[before] == 1
                    && isCalledOnce(norm)
                    && isCalledOnce(before)
                    && biased(program.producer(before).layer()) != null;
        }

        /** The convolution with a bias for the normalisation to go into, or null if the layer is none. */
        private static @Nullable Layer biased(Layer layer) {
            if (layer instanceof SeparableConv2D separable) {
                return separable.withBias(true);
            }
            return layer instanceof Conv2D convolution ? convolution.withBias(true) : null;
        }

        /** The weights of a shared layer serve its other calls as they are. */
        private boolean isCalledOnce(int value) {
            return Objects.equals(calls.get(program.producer(value).path()), 1L);
        }

        private void copy(int value) {
            Step step = program.producer(value);
            List<Integer> inputs =
                    step.inputs().stream().map(input -> renamed[input]).toList();
            renamed[value] = program.inputs().size() + steps.size();
            steps.add(new Step(step.path(), step.layer(), inputs, step.inputShapes(), step.shape(), step.inference()));
            step.weights().forEach(spec -> folded.put(step.weightName(spec), weight(step.weightName(spec))));
        }

        private void foldInto(int at, BatchNormalization norm, Step normStep) {
            Step convolution = steps.get(at);
            steps.set(
                    at,
                    new Step(
                            convolution.path(),
                            Objects.requireNonNull(biased(convolution.layer())),
                            convolution.inputs(),
                            convolution.inputShapes(),
                            convolution.shape(),
                            convolution.inference()));
            // Of a separable convolution it is the second that has the filters.
            String last = convolution.path() + (convolution.layer() instanceof SeparableConv2D ? ".pointwise" : "");
            String weightName = last + ".weight";
            String biasName = last + ".bias";
            HostTensor weight = weight(weightName);
            HostTensor oldBias = weights.get(biasName);
            HostTensor gamma = weight(normStep.path() + ".weight");
            HostTensor beta = weight(normStep.path() + ".bias");
            HostTensor mean = weight(normStep.path() + ".running_mean");
            HostTensor variance = weight(normStep.path() + ".running_var");
            HostTensor newWeight = HostTensor.allocate(weight.shape());
            int filters = weight.shape().size(0);
            float[] newBias = new float[filters];
            int perFilter = weight.elements() / filters;
            for (int filter = 0; filter < filters; filter++) {
                double factor = gamma.get(filter) / Math.sqrt(variance.get(filter) + norm.epsilon());
                double before = oldBias == null ? 0 : oldBias.get(filter);
                newBias[filter] = (float) (beta.get(filter) + (before - mean.get(filter)) * factor);
                for (int i = filter * perFilter; i < (filter + 1) * perFilter; i++) {
                    newWeight.put(i, (float) (weight.get(i) * factor));
                }
            }
            folded.put(weightName, newWeight);
            folded.put(biasName, HostTensor.of(Shape.of(filters), newBias));
        }

        private HostTensor weight(String name) {
            HostTensor weight = weights.get(name);
            if (weight == null) {
                throw new IllegalArgumentException("no weight '" + name + "'");
            }
            return weight;
        }
    }
}
