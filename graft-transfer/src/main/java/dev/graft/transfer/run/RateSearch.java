package dev.graft.transfer.run;

import dev.graft.GraftException;
import dev.graft.Preload;
import dev.graft.data.PictureReader;
import dev.graft.heads.Head;
import dev.graft.torch.Engine;
import dev.graft.torch.Torch;
import dev.graft.train.Loss;
import dev.graft.train.Objective;
import dev.graft.train.Optimizer;
import dev.graft.train.RateCurve;
import dev.graft.train.RateFinder;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.phase.PhaseData;
import dev.graft.transfer.plan.Planned;
import dev.graft.transfer.plan.PlannedPhase.HeadPhase;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.plan.PreparedRun;
import dev.graft.transfer.split.DataSplit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Looks for the learning rate of a phase, on the pictures and with the network of a {@link TransferRun}. */
public final class RateSearch {
    /** What the pass over the pictures is called in events. */
    private static final String NAME = "rates";

    private final PreparedRun prepared;
    private final RateFinder.Range range;
    private final RunContext context;

    private RateSearch(PreparedRun prepared, RateFinder.Range range, RunContext context) {
        this.prepared = prepared;
        this.range = range;
        this.context = context;
    }

    /**
     * For the first phase: the fresh head on the frozen backbone. A head that is solved has no rate; then it is that of a
     * linear head that gradients train.
     *
     * @param listener is told of the pass over the pictures
     * @throws dev.graft.GraftException if the pictures, the settings or the machine do not allow it
     */
    public static RateCurve head(TransferSettings settings, RateFinder.Range range, Consumer<TransferEvent> listener) {
        Head asked = settings.orNull(HeadSettings.HEAD);
        Head head = asked == null || asked.isSolved() ? new Head.TrainedLinear() : asked;
        TransferSettings headOnly = settings.with(HeadSettings.HEAD, head).with(TuningSettings.EPOCHS, 0);
        return search(headOnly, range, listener, RateSearch::ofHead);
    }

    /**
     * For the second phase: trains the head first, as the run does, then unfreezes.
     *
     * @param listener is told of the training of the head and the passes over the pictures
     * @throws dev.graft.GraftException if the pictures, the settings or the machine do not allow it
     */
    public static RateCurve fineTuning(
            TransferSettings settings, RateFinder.Range range, Consumer<TransferEvent> listener) {
        // Some epochs, so that there is such a phase; none is trained.
        TransferSettings tuned = !settings.isTuned()
                ? settings.with(TuningSettings.EPOCHS, 1)
                : settings.get(RunSettings.RECIPE) == Recipe.AUTO
                        ? settings.with(RunSettings.RECIPE, Recipe.LAST)
                        : settings;
        return search(tuned, range, listener, RateSearch::ofTuning);
    }

    private static RateCurve search(
            TransferSettings settings,
            RateFinder.Range range,
            Consumer<TransferEvent> listener,
            Function<RateSearch, RateCurve> how) {
        Preload.start(PictureReader::load, Torch::load);
        try (RunContext context = RunContext.open(settings.get(RunSettings.THREADS), listener, () -> false)) {
            return how.apply(new RateSearch(PreparedRun.of(settings, context), range, context));
        }
    }

    private void announce() {
        context.tell(new Planned(prepared.plan(), prepared.settings()));
    }

    private RateCurve ofHead() {
        announce();
        HeadPhase phase = prepared.plan().head().orElseThrow();
        return run(prepared.network().training(phase.trains()), Optimizer.adam(phase.learningRate()));
    }

    private RateCurve ofTuning() {
        if (prepared.plan().tuning().isEmpty()) {
            throw new GraftException(
                    "there is no second phase whose rate could be found, as the head alone trains; take"
                            + " another head or recipe");
        }
        TuningPhase phase = prepared.plan().tuning().get(0);
        TransferNetwork network = prepared.network();
        if (prepared.plan().head().isPresent()) {
            network = TransferRun.of(prepared.headOnly(), context).network();
        } else {
            announce();
        }
        return run(prepared.tunable(network).training(phase.trains()), phase.optimizer());
    }

    private RateCurve run(TransferNetwork network, Optimizer optimizer) {
        var source = new PhaseData.Source(
                NAME,
                network,
                prepared.extraction(),
                prepared.split(),
                prepared.settings(),
                prepared.settings().headViews(),
                context);
        context.tell(new TransferEvent.PhaseBegun(NAME));
        try (PhaseData data = PhaseData.open(source, prepared.parts().subList(0, 1))) {
            return RateFinder.of(network.network(), data.program(), optimizer, Objective.of(Loss.crossEntropy()))
                    .on(Engine.best(data.threads()))
                    .range(range)
                    .run(data.batches(DataSplit.TRAIN));
        }
    }
}
