package dev.graft.train;

import dev.graft.model.FoldingPlan;
import dev.graft.model.FoldingPlan.Fold;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.model.Program.Step;
import dev.graft.tensor.Ops;
import dev.graft.torch.FoldedConvolution;
import dev.graft.torch.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Runs a network in libtorch with the batch normalisations that keep their statistics folded into the convolutions before
 * them. The folded weights are computed from the weights as they are in each call, inside what is recorded for gradients,
 * so outputs and gradients are those of the network as it is drawn; where nothing of both layers trains they are computed
 * once.
 */
final class Folding implements AutoCloseable {
    private final Function<String, Tensor> weights;
    private final Set<String> trainable;
    private final Set<String> frozenLayers;
    private final Plan training;
    private final Plan inference;
    private final Map<String, Kept> kept = new HashMap<>();

    /** A program without what is folded, and what is by the names of the filters and of the bias. */
    private record Plan(Program program, Map<String, Fold> folds) {
        static Plan of(FoldingPlan plan) {
            Map<String, Fold> folds = new HashMap<>();
            plan.folds().values().forEach(fold -> {
                folds.put(fold.weight(), fold);
                folds.put(fold.bias(), fold);
            });
            return new Plan(plan.program(), folds);
        }
    }

    /** Folded weights that serve all calls while what they are made of has this version. */
    private record Kept(FoldedConvolution folded, long version) {
        void close() {
            folded.weight().close();
            folded.bias().close();
        }
    }

    /**
     * Plans for what is trainable in the network now.
     *
     * @param weights gives a weight in libtorch by its full name
     */
    Folding(Network network, Program program, Function<String, Tensor> weights) {
        this.weights = weights;
        this.trainable = network.trainableWeights();
        this.frozenLayers = Set.copyOf(network.frozenLayers());
        this.training = Plan.of(FoldingPlan.of(program, this::foldsInTraining));
        this.inference = Plan.of(FoldingPlan.of(program));
    }

    /** Not where the statistics move, and not where it costs a gradient of filters that nobody asks for. */
    private boolean foldsInTraining(Fold fold) {
        return keepsStatistics(fold) && (trainable.contains(fold.weight()) || !trainable.contains(fold.gamma()));
    }

    private boolean keepsStatistics(Fold fold) {
        return fold.norm().inference() || !isTrainable(fold.norm());
    }

    private boolean isTrainable(Step step) {
        return !frozenLayers.contains(step.path());
    }

    /** What runs. */
    Program program(boolean inTraining) {
        return (inTraining ? training : inference).program;
    }

    /** Computes the outputs; parameters as of {@link Program#run}. */
    List<Tensor> run(Ops<Tensor> ops, List<Tensor> values, boolean inTraining) {
        Plan plan = inTraining ? training : inference;
        Map<Fold, FoldedConvolution> made = new HashMap<>();
        return plan.program.run(ops, name -> weight(plan, name, made), values, inTraining, this::isTrainable);
    }

    private Tensor weight(Plan plan, String name, Map<Fold, FoldedConvolution> made) {
        Fold fold = plan.folds.get(name);
        if (fold == null) {
            return weights.apply(name);
        }
        FoldedConvolution folded = made.computeIfAbsent(fold, this::folded);
        return name.equals(fold.weight()) ? folded.weight() : folded.bias();
    }

    private FoldedConvolution folded(Fold fold) {
        if (sources(fold).stream().anyMatch(trainable::contains) || !keepsStatistics(fold)) {
            return compute(fold);
        }
        long version =
                sources(fold).stream().map(weights).mapToLong(Tensor::version).sum();
        Kept known = kept.get(fold.weight());
        if (known != null && known.version == version) {
            return known.folded;
        }
        FoldedConvolution folded = compute(fold);
        folded.weight().keep();
        folded.bias().keep();
        Kept replaced = kept.put(fold.weight(), new Kept(folded, version));
        if (replaced != null) {
            replaced.close();
        }
        return folded;
    }

    private FoldedConvolution compute(Fold fold) {
        return FoldedConvolution.of(
                weights.apply(fold.weight()),
                fold.hadBias() ? weights.apply(fold.bias()) : null,
                weights.apply(fold.gamma()),
                weights.apply(fold.beta()),
                weights.apply(fold.mean()),
                weights.apply(fold.variance()),
                fold.epsilon());
    }

    private static List<String> sources(Fold fold) {
        List<String> names =
                new ArrayList<>(List.of(fold.weight(), fold.gamma(), fold.beta(), fold.mean(), fold.variance()));
        if (fold.hadBias()) {
            names.add(fold.bias());
        }
        return names;
    }

    /** Frees what was kept. */
    @Override
    public void close() {
        kept.values().forEach(Kept::close);
        kept.clear();
    }
}
