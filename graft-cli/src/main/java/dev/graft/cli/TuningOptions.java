package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.train.Phase;
import dev.graft.transfer.BatchNormPolicy;
import dev.graft.transfer.FineTuning;
import dev.graft.transfer.Rates;
import dev.graft.transfer.Recipe;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code train} may be told of the phases after the first. */
final class TuningOptions {
    /** What only a second phase looks at, beside whether there is one. */
    static final List<String> DETAILS = List.of(
            "--batch-norm",
            "--fine-tune-lr",
            "--layer-decay",
            "--rate",
            "--schedule",
            "--warm-up",
            "--weight-decay",
            "--clip-norm",
            "--accumulate",
            "--ema",
            "--patience",
            "--label-smoothing",
            "--no-blend");

    @Option(
            names = "--recipe",
            paramLabel = "auto|head|last|full|classic",
            description =
                    "What decides what is not given: auto is what the advice says; head is the head only; last and"
                            + " full train the last stages or all of the backbone after it; classic is what tutorials do"
                            + " (default: auto).")
    private @Nullable String recipe;

    @Option(
            names = "--fine-tune-epochs",
            paramLabel = "N",
            description = "Epochs of the second phase, which trains a part of the backbone too; 0 for none (default: as"
                    + " the recipe says).")
    private @Nullable Integer epochs;

    @Option(
            names = "--unfreeze",
            paramLabel = "WHERE",
            description =
                    "From where on the second phase trains the backbone: a stage, a number of layers from the end, or"
                            + " all. Several phases: gradual, gradual:STAGE, or STAGE[:EPOCHS[:RATE[:PATIENCE]]] with commas"
                            + " (default: as the recipe says).")
    private @Nullable String unfreeze;

    @Option(
            names = "--batch-norm",
            paramLabel = "statistics-frozen|frozen|moving",
            description = "Of batch normalisation that is unfrozen: its statistics stay, all of it stays, or all of it"
                    + " moves (default: statistics-frozen).")
    private @Nullable String batchNorm;

    @Option(
            names = "--fine-tune-lr",
            paramLabel = "X",
            description = "The highest learning rate of the second phase (default: as the recipe says).")
    private @Nullable Double learningRate;

    @Option(
            names = "--layer-decay",
            paramLabel = "X",
            description = "What a stage has of the rate of the one after it; 1 for one rate (default: so that the first"
                    + " stage has a tenth).")
    private @Nullable Double layerDecay;

    @Option(
            names = "--rate",
            paramLabel = "LAYER=X",
            description = "A rate for the weights of a layer or stage, such as backbone.features.0=1e-5; repeatable.")
    private @Nullable Map<String, Double> rates;

    @Option(
            names = "--schedule",
            paramLabel = "constant|step|linear|cosine|one-cycle",
            description = "How rates go over the steps (default: cosine).")
    private @Nullable String schedule;

    @Option(
            names = "--warm-up",
            paramLabel = "SHARE",
            description = "The share of the steps over which rates rise at first (default: 0.1).")
    private @Nullable Double warmUp;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description = "Of AdamW, not for biases and norms (default: 0.01).")
    private @Nullable Double weightDecay;

    @Option(
            names = "--clip-norm",
            paramLabel = "X",
            description = "Bounds the norm of all gradients together; 0 for no bound (default: 1).")
    private @Nullable Double clipNorm;

    @Option(names = "--accumulate", paramLabel = "N", description = "Batches a step is made from (default: 1).")
    private @Nullable Integer accumulate;

    @Option(
            names = "--ema",
            paramLabel = "DECAY",
            description = "Keeps a mean of the weights over the steps, such as 0.999 (default: none).")
    private @Nullable Double ema;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Ends the second phase after N epochs without a gain (default: as the recipe says).")
    private @Nullable Integer patience;

    @Option(
            names = "--label-smoothing",
            paramLabel = "SHARE",
            description =
                    "Spreads that share of each target over all classes in the second phase (default: as the recipe"
                            + " says).")
    private @Nullable Double labelSmoothing;

    @Option(
            names = "--no-blend",
            description = "Keeps the best epoch, rather than the mixture with the first phase's weights that the"
                    + " validation pictures like best, or those where the gain is noise.")
    private boolean noBlend;

    Recipe recipe() {
        return recipe == null ? Recipe.AUTO : Constants.of("--recipe", recipe, Recipe.values());
    }

    /** Whether fine-tuning was asked for. */
    boolean isAsked() {
        boolean tuned = recipe() != Recipe.AUTO && recipe() != Recipe.HEAD;
        return tuned || (epochs != null && epochs > 0) || unfreeze != null;
    }

    /** The option by which there is no second phase; empty where there may be one. */
    Optional<String> exclusion() {
        if (recipe() == Recipe.HEAD) {
            return Optional.of("--recipe head");
        }
        return epochs != null && epochs == 0 ? Optional.of("--fine-tune-epochs 0") : Optional.empty();
    }

    /**
     * Refuses what the phases of {@code --unfreeze} say themselves.
     *
     * @param given whether the user gave an option
     */
    void check(Predicate<String> given) {
        if (unfreeze == null || unfreeze.startsWith("gradual")) {
            return;
        }
        long said = Stream.of(unfreeze.split(",", -1))
                .mapToLong(
                        phase -> phase.chars().filter(letter -> letter == ':').count())
                .min()
                .orElse(0);
        List<String> idle = Stream.of("--fine-tune-epochs", "--fine-tune-lr", "--patience")
                .limit(said)
                .filter(given)
                .toList();
        if (!idle.isEmpty()) {
            throw new GraftException(String.join(", ", idle) + ": without effect, as each phase of --unfreeze "
                    + unfreeze + " has its own; leave either out");
        }
    }

    /**
     * The settings that were asked for.
     *
     * @throws GraftException if they contradict each other, or a name is unknown
     */
    FineTuning settings(Recipe chosen) {
        if (chosen == Recipe.HEAD && ((epochs != null && epochs > 0) || unfreeze != null)) {
            throw new GraftException(
                    "--recipe head has no second phase; leave --fine-tune-epochs and --unfreeze out, or"
                            + " take another recipe");
        }
        if (epochs != null && epochs == 0 && unfreeze != null) {
            throw new GraftException("--unfreeze " + unfreeze + " with --fine-tune-epochs 0: nothing would train there;"
                    + " leave one of them out");
        }
        FineTuning tuning = chosen == Recipe.CLASSIC ? FineTuning.classic() : FineTuning.standard();
        tuning = epochs == null ? tuning : tuning.epochs(epochs(epochs));
        tuning = unfreeze == null ? tuning : tuning.unfreeze(unfreeze);
        tuning = batchNorm == null
                ? tuning
                : tuning.batchNorm(Constants.of("--batch-norm", batchNorm, BatchNormPolicy.values()));
        tuning = patience == null ? tuning : tuning.patience(patience);
        tuning = labelSmoothing == null ? tuning : tuning.labelSmoothing(labelSmoothing);
        tuning = noBlend ? tuning.blend(false) : tuning;
        return tuning.rates(rates(tuning.rates())).stepping(stepping(tuning.stepping()));
    }

    private static int epochs(int asked) {
        if (asked < 0) {
            throw new GraftException("--fine-tune-epochs: expected at least 0, got " + asked);
        }
        return asked;
    }

    private Rates rates(Rates standard) {
        Rates chosen = schedule == null
                ? standard
                : standard.curve(Constants.of("--schedule", schedule, Rates.Curve.values()));
        chosen = learningRate == null ? chosen : chosen.learningRate(rate(learningRate));
        chosen = layerDecay == null ? chosen : chosen.layerDecay(decay(layerDecay));
        chosen = warmUp == null ? chosen : chosen.warmUp(warmUp);
        chosen = weightDecay == null ? chosen : chosen.weightDecay(weightDecay);
        chosen = clipNorm == null ? chosen : chosen.clipNorm(clipNorm);
        if (rates != null) {
            for (Map.Entry<String, Double> rate : rates.entrySet()) {
                chosen = chosen.group(rate.getKey(), rate.getValue());
            }
        }
        return chosen;
    }

    private static double rate(double asked) {
        if (!(asked > 0)) {
            throw new GraftException("--fine-tune-lr: expected a learning rate above 0, got " + asked);
        }
        return asked;
    }

    private static double decay(double asked) {
        if (!(asked > 0 && asked <= 1)) {
            throw new GraftException("--layer-decay: expected above 0 and at most 1, got " + asked);
        }
        return asked;
    }

    private Phase.Stepping stepping(Phase.Stepping standard) {
        if (accumulate != null && accumulate < 1) {
            throw new GraftException("--accumulate: expected at least 1 batch a step, got " + accumulate);
        }
        if (ema != null && !(ema >= 0 && ema < 1)) {
            throw new GraftException("--ema: expected a share from 0 to below 1, got " + ema);
        }
        return new Phase.Stepping(
                accumulate == null ? standard.batches() : accumulate, ema == null ? standard.averageDecay() : ema);
    }
}
