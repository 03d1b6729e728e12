package dev.graft.transfer.plan;

import dev.graft.Message;
import dev.graft.SettingName;
import dev.graft.heads.Head;
import dev.graft.layers.BatchNormalization;
import dev.graft.transfer.config.Balance;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.setting.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What was asked for and changes nothing, as the pictures or the advice have it: said in the plan.
 *
 * @param settings of the run
 * @param tested whether there is a folder to test on
 * @param alone whether every picture is of an origin of its own
 * @param weighted whether the list of pictures gives some more weight than others
 */
record WithoutEffect(ResolvedSettings settings, boolean tested, boolean alone, boolean weighted) {
    /**
     * A line for each.
     *
     * @param counts pictures of each class to train on
     * @param phases of fine-tuning
     */
    List<Message> notes(List<Integer> counts, List<TuningPhase> phases, TransferNetwork network) {
        List<String> notes = new ArrayList<>();
        if (settings.get(DataSettings.TEST_SHARE) > 0 && tested) {
            notes.add(DataSettings.TEST_SHARE.named() + ": without effect, as there is a folder to test on");
        }
        if (alone) {
            notes.add(DataSettings.GROUP_BY.named() + " '" + settings.get(DataSettings.GROUP_BY)
                    + "': every picture is of another origin, so that it keeps none together");
        }
        Head head = settings.head();
        int examples = counts.stream().mapToInt(Integer::intValue).sum();
        if (head instanceof Head.Nearest nearest && nearest.neighbours() > (long) examples * settings.headViews()) {
            notes.add(SettingName.of("neighbours") + " " + nearest.neighbours() + ": all " + examples
                    + " pictures to train on vote, as there are no more");
        }
        if (settings.get(DataSettings.BALANCE) == Balance.WEIGHTS) {
            balance(notes, counts, phases);
        }
        views(notes, phases);
        if (phases.isEmpty()) {
            tuning(notes, head);
        } else {
            parts(notes, phases, network);
        }
        return notes.stream().map(Message::new).toList();
    }

    private void views(List<String> notes, List<TuningPhase> phases) {
        Head head = settings.head();
        boolean solved = head.isSolved() && phases.isEmpty();
        if (solved && weighted) {
            notes.add("weights of pictures: without effect on a head of kind " + head.name()
                    + ", which counts all alike");
        }
        if (solved && settings.get(RunSettings.MIX_UP) > 0) {
            notes.add(RunSettings.MIX_UP.named() + ": without effect, as the head alone is solved");
        }
        if (settings.asks(RunSettings.AUGMENT) && phases.isEmpty() && settings.headViews() == 1) {
            notes.add(RunSettings.AUGMENT.named() + ": without effect, as the head sees one view of each picture; give "
                    + RunSettings.VIEWS.named());
        }
    }

    private void balance(List<String> notes, List<Integer> counts, List<TuningPhase> phases) {
        String weights = DataSettings.BALANCE.named() + " weights: without effect";
        Head head = settings.head();
        if (counts.stream().distinct().count() == 1) {
            notes.add(weights + ", as all classes have as many pictures to train on");
        } else if (ignoresWeights(head, phases)) {
            notes.add(weights + " on a head of kind " + head.name());
        }
    }

    /** Whether classes count alike whatever {@link Balance#WEIGHTS} says. */
    static boolean ignoresWeights(Head head, List<TuningPhase> phases) {
        return phases.isEmpty() && !head.weighsClasses();
    }

    private void tuning(List<String> notes, Head head) {
        List<Setting<?>> idle = new ArrayList<>();
        if (head.isSolved() && settings.asks(RunSettings.BATCH)) {
            idle.add(RunSettings.BATCH);
        }
        TuningSettings.details().stream().filter(settings::asks).forEach(idle::add);
        if (!idle.isEmpty()) {
            notes.add(idle.stream().map(Setting::named).collect(Collectors.joining(", "))
                    + ": without effect, as the head alone " + (head.isSolved() ? "is solved" : "trains"));
        }
    }

    private void parts(List<String> notes, List<TuningPhase> phases, TransferNetwork network) {
        for (String idle : new RateGroups(settings.get(TuningSettings.RATES)).idle(phases)) {
            notes.add(TuningSettings.RATES.named() + " " + idle + ": without effect, as that stays frozen");
        }
        boolean normed = network.network()
                .layer(TransferNetwork.BACKBONE)
                .ofType(BatchNormalization.class)
                .isPresent();
        if (settings.get(TuningSettings.BATCH_NORM) != BatchNormPolicy.STATISTICS_FROZEN && !normed) {
            notes.add(
                    TuningSettings.BATCH_NORM.named() + ": without effect, as the backbone has no batch normalisation");
        }
    }
}
