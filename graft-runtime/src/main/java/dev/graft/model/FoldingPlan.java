package dev.graft.model;

import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Layer;
import dev.graft.layers.SeparableConv2D;
import dev.graft.model.Program.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which batch normalisations of a program go into the convolutions before them. A normalisation folds where it is exact:
 * its convolution feeds nothing else, and neither is called a second time. Where the numbers come from is for the caller:
 * {@link FoldedBatchNorm} computes them once, a network in training in every step.
 *
 * @param program without them; their convolutions keep their paths and have a bias
 * @param folds by the number of the normalisation among the steps of the program as it was
 */
public record FoldingPlan(Program program, Map<Integer, Fold> folds) {
    /** A normalisation and the convolution that it goes into. */
    public record Fold(Step convolution, Step norm) {
        /** The full name of the filters. */
        public String weight() {
            return filters() + ".weight";
        }

        /** The full name of the bias, which the convolution may not have had. */
        public String bias() {
            return filters() + ".bias";
        }

        /** Of a separable convolution it is the second that has the filters. */
        private String filters() {
            return convolution.path() + (convolution.layer() instanceof SeparableConv2D ? ".pointwise" : "");
        }

        public boolean hadBias() {
            return convolution.weights().stream()
                    .anyMatch(spec -> convolution.weightName(spec).equals(bias()));
        }

        public String gamma() {
            return norm.path() + ".weight";
        }

        public String beta() {
            return norm.path() + ".bias";
        }

        public String mean() {
            return norm.path() + ".running_mean";
        }

        public String variance() {
            return norm.path() + ".running_var";
        }

        public double epsilon() {
            return ((BatchNormalization) norm.layer()).epsilon();
        }
    }

    /** Folds wherever it is exact. */
    public static FoldingPlan of(Program program) {
        return of(program, fold -> true);
    }

    /**
     * Folds where it is exact and wanted.
     *
     * @param wanted not where the normalisation takes the statistics of the batch
     */
    public static FoldingPlan of(Program program, Predicate<Fold> wanted) {
        return new Planning(program, wanted).plan();
    }

    /** One pass over the steps. */
    private static final class Planning {
        private final Program program;
        private final Predicate<Fold> wanted;
        private final int[] uses;
        private final Map<String, Long> calls;
        private final int[] renamed;
        private final List<Step> steps = new ArrayList<>();
        private final Map<Integer, Fold> folds = new LinkedHashMap<>();

        Planning(Program program, Predicate<Fold> wanted) {
            this.program = program;
            this.wanted = wanted;
            this.uses = program.uses();
            this.calls = program.calls();
            this.renamed = new int[uses.length];
        }

        FoldingPlan plan() {
            for (int input = 0; input < program.inputs().size(); input++) {
                renamed[input] = input;
            }
            for (int i = 0; i < program.steps().size(); i++) {
                Step step = program.steps().get(i);
                Step convolution = convolutionBefore(step);
                Fold fold = convolution == null ? null : new Fold(convolution, step);
                if (fold != null && wanted.test(fold)) {
                    folds.put(i, fold);
                    renamed[program.valueOf(i)] = renamed[step.inputs().get(0)];
                    giveBias(renamed[program.valueOf(i)] - program.inputs().size());
                } else {
                    renamed[program.valueOf(i)] = program.inputs().size() + steps.size();
                    steps.add(renumbered(step));
                }
            }
            List<Integer> outputs =
                    program.outputs().stream().map(value -> renamed[value]).toList();
            return new FoldingPlan(new Program(program.inputs(), steps, outputs), folds);
        }

        private @Nullable Step convolutionBefore(Step norm) {
            int before = norm.inputs().get(0);
            if (!(norm.layer() instanceof BatchNormalization) || program.isInput(before) || uses[before] != 1) {
                return null;
            }
            Step convolution = program.producer(before);
            return isCalledOnce(norm) && isCalledOnce(convolution) && biased(convolution.layer()) != null
                    ? convolution
                    : null;
        }

        /** The weights of a shared layer serve its other calls as they are. */
        private boolean isCalledOnce(Step step) {
            return Objects.equals(calls.get(step.path()), 1L);
        }

        private Step renumbered(Step step) {
            List<Integer> inputs =
                    step.inputs().stream().map(input -> renamed[input]).toList();
            return new Step(step.path(), step.layer(), inputs, step.inputShapes(), step.shape(), step.inference());
        }

        private void giveBias(int at) {
            Step step = steps.get(at);
            Layer layer = Objects.requireNonNull(biased(step.layer()));
            steps.set(
                    at,
                    new Step(step.path(), layer, step.inputs(), step.inputShapes(), step.shape(), step.inference()));
        }

        /** The convolution with a bias for the normalisation to go into, or null if the layer is none. */
        private static @Nullable Layer biased(Layer layer) {
            if (layer instanceof SeparableConv2D separable) {
                return separable.withBias(true);
            }
            return layer instanceof Conv2D convolution ? convolution.withBias(true) : null;
        }
    }
}
