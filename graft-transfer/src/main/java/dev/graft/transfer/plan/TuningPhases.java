package dev.graft.transfer.plan;

import dev.graft.GraftException;
import dev.graft.SettingException;
import dev.graft.model.Network;
import dev.graft.tensor.Shape;
import dev.graft.train.LayerDecay;
import dev.graft.train.Optimizer;
import dev.graft.train.ParameterGroup;
import dev.graft.train.Phase;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.StageDecay;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.zoo.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The phases of fine-tuning that settings ask for: what trains in each, and how fast. */
public final class TuningPhases {
    private final ResolvedSettings settings;
    private final TransferNetwork network;

    private TuningPhases(ResolvedSettings settings, TransferNetwork network) {
        this.settings = settings;
        this.network = network;
    }

    /**
     * Those on a network.
     *
     * @param lastStages where gradual unfreezing ends unless it says so
     * @throws SettingException if there is no such place, or a rate is of nothing that trains
     */
    static List<TuningPhase> of(ResolvedSettings settings, TransferNetwork network, String lastStages) {
        if (settings.get(TuningSettings.EPOCHS) == 0) {
            return List.of();
        }
        TuningPhases phases = new TuningPhases(settings, network);
        List<Unfreezing.Step> steps = phases.steps(settings.get(TuningSettings.UNFREEZE), lastStages);
        return steps.stream()
                .map(step -> phases.phase(step, steps.size() == 1 ? "fine-tune" : "fine-tune " + step.from()))
                .toList();
    }

    private List<Unfreezing.Step> steps(Unfreezing unfreezing, String lastStages) {
        if (unfreezing instanceof Unfreezing.Steps steps) {
            return steps.steps();
        }
        @Nullable String to = ((Unfreezing.Gradual) unfreezing).to();
        int last = network.indexOf(to == null ? lastStages : to);
        List<Unfreezing.Step> steps = new ArrayList<>();
        for (int stage = network.stages().size() - 1; stage >= last; stage--) {
            String name = network.stages().get(stage).name();
            steps.add(new Unfreezing.Step(new Place.Stage(name), null, null, null));
        }
        return steps;
    }

    private TuningPhase phase(Unfreezing.Step step, String name) {
        Set<String> trains = network.unfrozen(step.from(), settings.get(TuningSettings.BATCH_NORM));
        double rate = or(step.learningRate(), settings.get(TuningSettings.LEARNING_RATE));
        Phase phase = Phase.of(name, or(step.epochs(), settings.get(TuningSettings.EPOCHS)))
                .stopAfter(or(step.patience(), settings.get(TuningSettings.PATIENCE)))
                .schedule(settings.get(TuningSettings.SCHEDULE).schedule(settings.get(TuningSettings.WARM_UP)))
                .stepping(new Phase.Stepping(
                        settings.get(TuningSettings.ACCUMULATE), settings.get(TuningSettings.AVERAGE_DECAY)));
        Network net = network.network();
        Optimizer optimizer = optimizer(settings, network.training(trains), rate);
        return new TuningPhase(
                settings.get(TuningSettings.BLEND) ? phase.keepLast() : phase,
                step.from(),
                rate,
                optimizer,
                assign(optimizer, trains),
                trains,
                net.parameters(trains));
    }

    private static <T> T or(@Nullable T said, T usual) {
        return said == null ? usual : said;
    }

    /**
     * The optimizer for what trains of a network; groups of what is frozen, or trains in another phase, are left out.
     *
     * @param rate the highest
     */
    public static Optimizer optimizer(ResolvedSettings settings, TransferNetwork network, double rate) {
        double clipNorm = settings.get(TuningSettings.CLIP_NORM);
        Optimizer optimizer = Optimizer.adamW(rate).weightDecay(settings.get(TuningSettings.WEIGHT_DECAY));
        optimizer = clipNorm == 0 ? optimizer : optimizer.clipNorm(clipNorm);
        Set<String> trainable = network.network().trainableWeights();
        for (ParameterGroup group : settings.get(TuningSettings.RATES)) {
            if (trainable.stream().anyMatch(group::covers)) {
                optimizer = optimizer.group(group.glob(), group.learningRate());
            }
        }
        return decayed(optimizer, settings.get(TuningSettings.LAYER_DECAY), network);
    }

    private static Optimizer decayed(Optimizer optimizer, StageDecay decay, TransferNetwork network) {
        List<Stage> stages = network.stages();
        double factor = stages.isEmpty() ? 1 : decay.factor(stages.size());
        return factor == 1
                ? optimizer
                : optimizer.layerDecay(LayerDecay.from(factor, network.network(), network.stagesWithHead()));
    }

    private List<Optimizer.Assigned> assign(Optimizer optimizer, Set<String> trains) {
        Network net = network.network();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        net.weights().forEach((name, weight) -> {
            if (trains.contains(name)) {
                shapes.put(name, weight.shape());
            }
        });
        try {
            return optimizer.assign(shapes);
        } catch (GraftException e) {
            throw new SettingException(TuningSettings.RATES.key(), String.valueOf(e.getMessage()), e);
        }
    }
}
