package dev.graft.transfer.plan;

import dev.graft.Nearest;
import dev.graft.SettingException;
import dev.graft.model.Network;
import dev.graft.train.ParameterGroup;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Weights with rates of their own, against a network: each is to be of something that is there, and that trains. */
record RateGroups(List<ParameterGroup> groups) {
    private static final String SETTING = TuningSettings.RATES.key();

    /**
     * Refuses groups of what the network does not have.
     *
     * @throws SettingException suggests the nearest name
     */
    void requireKnown(Network network) {
        Set<String> weights = network.weights().keySet();
        for (ParameterGroup group : groups) {
            if (weights.stream().noneMatch(group::covers)) {
                throw new SettingException(
                        SETTING,
                        "no layer or weight '" + group.glob() + "' in "
                                + network.model().name() + hint(group, weights));
            }
        }
    }

    private static String hint(ParameterGroup group, Set<String> weights) {
        String full = TransferNetwork.BACKBONE + "." + group.glob();
        if (weights.stream().anyMatch(new ParameterGroup(full, group.learningRate(), null)::covers)) {
            return "; did you mean '" + full + "'?";
        }
        Set<String> names = new LinkedHashSet<>();
        for (String weight : weights) {
            for (int dot = weight.indexOf('.'); dot >= 0; dot = weight.indexOf('.', dot + 1)) {
                names.add(weight.substring(0, dot));
            }
        }
        return Nearest.of(group.glob().replace("*", ""), names)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("; 'head' is one, and what 'graft summary' lists in the backbone, with 'backbone.' before it");
    }

    /**
     * Refuses groups of which nothing trains.
     *
     * @throws SettingException names the first
     */
    void requireTrained(List<TuningPhase> phases) {
        idle(phases).stream().findFirst().ifPresent(idle -> {
            throw new SettingException(
                    SETTING,
                    "'" + idle
                            + "' stays frozen, so that it has no rate; leave it out, or let more train with "
                            + TuningSettings.UNFREEZE.named());
        });
    }

    /** Those of which nothing trains in any phase. */
    List<String> idle(List<TuningPhase> phases) {
        return groups.stream()
                .filter(group -> phases.stream()
                        .flatMap(phase -> phase.groups().stream())
                        .flatMap(assigned -> assigned.weights().stream())
                        .noneMatch(group::covers))
                .map(ParameterGroup::glob)
                .toList();
    }
}
