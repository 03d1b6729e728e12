package dev.graft.transfer;

import dev.graft.heads.Head;
import dev.graft.layers.BatchNormalization;
import dev.graft.transfer.TransferPlan.TuningPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What was asked for and changes nothing, as the pictures or the advice have it: said in the plan, by the names of the
 * options.
 *
 * @param asked what the run was told
 * @param tested whether there is a folder to test on
 * @param alone whether every picture is of an origin of its own
 */
record WithoutEffect(TransferSettings asked, boolean tested, boolean alone) {
    /** What fine-tuning alone looks at, as {@link TransferSettings#describe} names it. */
    private static final List<String> TUNING = List.of(
            "batch_norm",
            "fine_tune_lr",
            "layer_decay",
            "schedule",
            "warm_up",
            "weight_decay",
            "clip_norm",
            "accumulate",
            "ema",
            "patience",
            "label_smoothing",
            "blend");

    /**
     * A line for each.
     *
     * @param chosen the settings with nothing left open
     * @param counts pictures of each class to train on
     * @param phases of fine-tuning
     */
    List<String> notes(
            TransferSettings chosen, List<Integer> counts, List<TuningPhase> phases, TransferNetwork network) {
        List<String> notes = new ArrayList<>();
        if (asked.data().testShare() > 0 && tested) {
            notes.add("--test-split: without effect, as there is a folder to test on");
        }
        if (asked.data().groupBy() != null && alone) {
            notes.add("--group-by '" + asked.data().groupBy()
                    + "': every picture is of another origin, so that it keeps none together");
        }
        Head head = Objects.requireNonNull(chosen.head().head());
        int examples = counts.stream().mapToInt(Integer::intValue).sum();
        if (head instanceof Head.Nearest nearest && nearest.neighbours() > (long) examples * chosen.headViews()) {
            notes.add("--neighbours " + nearest.neighbours() + ": all " + examples
                    + " pictures to train on vote, as there are no more");
        }
        if (chosen.data().balance() == Balance.WEIGHTS) {
            balance(notes, head, counts, phases);
        }
        if (phases.isEmpty()) {
            tuning(notes, head);
        } else {
            parts(notes, phases, network);
        }
        return notes;
    }

    private static void balance(List<String> notes, Head head, List<Integer> counts, List<TuningPhase> phases) {
        if (counts.stream().distinct().count() == 1) {
            notes.add("--balance weights: without effect, as all classes have as many pictures to train on");
        } else if (ignoresWeights(head, phases)) {
            notes.add("--balance weights: without effect on a head of kind " + head.name());
        }
    }

    /** Whether classes count alike whatever {@link Balance#WEIGHTS} says. */
    static boolean ignoresWeights(Head head, List<TuningPhase> phases) {
        return phases.isEmpty() && !head.weighsClasses();
    }

    private void tuning(List<String> notes, Head head) {
        List<String> names = new ArrayList<>();
        TransferSettings standard = TransferSettings.of(asked.data().folder());
        if (head.isSolved() && asked.batchSize() != standard.batchSize()) {
            names.add("--batch");
        }
        FineTuning usual = asked.recipe() == Recipe.CLASSIC ? FineTuning.classic() : FineTuning.standard();
        Map<String, Object> untold = standard.fineTuning(usual).describe();
        Map<String, Object> told = asked.describe();
        for (String name : TUNING) {
            if (!Objects.equals(told.get(name), untold.get(name))) {
                names.add(name.equals("blend") ? "--no-blend" : "--" + name.replace('_', '-'));
            }
        }
        if (!asked.fineTuning().rates().groups().isEmpty()) {
            names.add("--rate");
        }
        if (!names.isEmpty()) {
            notes.add(String.join(", ", names) + ": without effect, as the head alone "
                    + (head.isSolved() ? "is solved" : "trains"));
        }
    }

    private void parts(List<String> notes, List<TuningPhase> phases, TransferNetwork network) {
        for (String idle : new RateGroups(asked.fineTuning().rates().groups()).idle(phases)) {
            notes.add("--rate " + idle + ": without effect, as that stays frozen");
        }
        boolean normed = network.network()
                .layer(TransferNetwork.BACKBONE)
                .ofType(BatchNormalization.class)
                .isPresent();
        if (asked.fineTuning().batchNorm() != BatchNormPolicy.STATISTICS_FROZEN && !normed) {
            notes.add("--batch-norm: without effect, as the backbone has no batch normalisation");
        }
    }
}
