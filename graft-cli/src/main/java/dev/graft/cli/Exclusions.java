package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.heads.Head;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Options of a training that the user himself left without effect by others. What the pictures or the advice leave without
 * effect is noted in the plan.
 *
 * @param given whether the user gave an option
 */
record Exclusions(Predicate<String> given) {
    /**
     * Refuses them.
     *
     * @param head that was asked for, or null for the one that suits
     * @throws GraftException names both sides
     */
    void check(TransferSettings settings, @Nullable Head head) {
        if (given.test("--no-cache") && (given.test("--cache") || given.test("--cache-size"))) {
            throw new GraftException("--no-cache keeps nothing; leave --cache and --cache-size out, or --no-cache");
        }
        if (given.test("--test") && given.test("--test-split")) {
            throw new GraftException(
                    "--test-split: without effect with --test DIR, which is the test part; leave either out");
        }
        boolean foreign = settings.get(BackboneSettings.BACKBONE) instanceof BackboneSource.OnnxFile;
        if (foreign && asksForTuning(settings)) {
            throw new GraftException("--backbone FILE.onnx stays frozen, as ONNX Runtime computes no gradients; leave"
                    + " --recipe, --fine-tune-epochs and --unfreeze out");
        }
        heads(settings, head);
        phases(settings);
        // Of a head that has nothing to train.
        String still = head == null || head.trains() ? null : "--head " + head.name();
        if (still != null && asksForTuning(settings)) {
            throw new GraftException(still + " keeps examples and has nothing that gradients could move; leave"
                    + " --recipe, --fine-tune-epochs and --unfreeze out, or take another head");
        }
        String excluding = foreign ? "--backbone FILE.onnx" : still != null ? still : headAlone(settings);
        List<String> idle = SettingOptions.names(TuningSettings.details()).stream()
                .filter(given)
                .toList();
        if (excluding != null && !idle.isEmpty()) {
            throw new GraftException(String.join(", ", idle) + ": without effect with " + excluding
                    + ", as no part of the backbone trains; leave either out");
        }
        settings.find(TuningSettings.UNFREEZE).ifPresent(this::steps);
    }

    private static boolean asksForTuning(TransferSettings settings) {
        Recipe recipe = settings.get(RunSettings.RECIPE);
        boolean epochs = settings.asks(TuningSettings.EPOCHS) && settings.isTuned();
        return epochs || settings.asks(TuningSettings.UNFREEZE) || (recipe != Recipe.AUTO && recipe != Recipe.HEAD);
    }

    /** The option by which there is no second phase; null where there may be one. */
    private static @Nullable String headAlone(TransferSettings settings) {
        if (settings.get(RunSettings.RECIPE) == Recipe.HEAD) {
            return "--recipe head";
        }
        return settings.isTuned() ? null : "--fine-tune-epochs 0";
    }

    private void heads(TransferSettings settings, @Nullable Head head) {
        boolean trained = settings.asks(HeadSettings.EPOCHS) || settings.asks(HeadSettings.LEARNING_RATE);
        if (head != null && head.isSolved() && trained) {
            throw new GraftException("--epochs and --lr go with a head that gradients train; '" + head.name()
                    + "' is solved at once. Leave them out, or take --head linear");
        }
        boolean first = settings.get(HeadSettings.FIRST);
        if (!first && trained) {
            throw new GraftException("--epochs and --lr are of the head's own phase, which --no-head-first leaves out;"
                    + " leave either out");
        }
        if (!first && settings.get(RunSettings.RECIPE) == Recipe.HEAD) {
            throw new GraftException("--no-head-first leaves out the only phase of --recipe head; take another recipe");
        }
    }

    private static void phases(TransferSettings settings) {
        boolean placed = settings.asks(TuningSettings.UNFREEZE);
        boolean tuned = settings.asks(TuningSettings.EPOCHS) && settings.isTuned();
        if (settings.get(RunSettings.RECIPE) == Recipe.HEAD && (tuned || placed)) {
            throw new GraftException(
                    "--recipe head has no second phase; leave --fine-tune-epochs and --unfreeze out, or"
                            + " take another recipe");
        }
        if (settings.asks(TuningSettings.EPOCHS) && !tuned && placed) {
            throw new GraftException(
                    "--unfreeze " + settings.find(TuningSettings.UNFREEZE).orElseThrow()
                            + " with --fine-tune-epochs 0: nothing would train there; leave one of them out");
        }
    }

    /** Refuses what the phases of {@code --unfreeze} say themselves. */
    private void steps(Unfreezing unfreezing) {
        if (!(unfreezing instanceof Unfreezing.Steps steps)) {
            return;
        }
        int said = steps.steps().stream().mapToInt(Unfreezing.Step::said).min().orElse(0);
        List<String> idle = Stream.of(TuningSettings.EPOCHS, TuningSettings.LEARNING_RATE, TuningSettings.PATIENCE)
                .limit(said)
                .map(SettingOptions::name)
                .filter(given)
                .toList();
        if (!idle.isEmpty()) {
            throw new GraftException(String.join(", ", idle) + ": without effect, as each phase of --unfreeze "
                    + unfreezing + " has its own; leave either out");
        }
    }
}
