package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.Preload;
import dev.graft.Workers;
import dev.graft.data.PictureReader;
import dev.graft.heads.Head;
import dev.graft.torch.Engine;
import dev.graft.torch.Torch;
import dev.graft.train.Loss;
import dev.graft.train.Objective;
import dev.graft.train.Optimizer;
import dev.graft.train.RateCurve;
import dev.graft.train.RateFinder;
import dev.graft.transfer.TransferPlan.TuningPhase;
import java.util.function.Consumer;
import java.util.function.Function;

/** Looks for the learning rate of a phase, on the pictures and with the network of a {@link TransferRun}. */
public final class RateSearch {
    /** What the pass over the pictures is called in events. */
    private static final String NAME = "rates";

    private final Planning planning;
    private final Workers workers;
    private final RateFinder.Range range;
    private final Consumer<TransferEvent> listener;

    private RateSearch(Planning planning, Workers workers, RateFinder.Range range, Consumer<TransferEvent> listener) {
        this.planning = planning;
        this.workers = workers;
        this.range = range;
        this.listener = listener;
    }

    /**
     * For the first phase: the fresh head on the frozen backbone. A head that is solved has no rate; then it is that of a
     * linear head that gradients train.
     *
     * @param listener is told of the pass over the pictures
     * @throws dev.graft.GraftException if the pictures, the settings or the machine do not allow it
     */
    public static RateCurve head(TransferSettings settings, RateFinder.Range range, Consumer<TransferEvent> listener) {
        Head asked = settings.head().head();
        Head head = asked == null || asked.isSolved() ? new Head.TrainedLinear() : asked;
        TransferSettings headOnly = settings.head(settings.head().head(head))
                .fineTuning(settings.fineTuning().epochs(0));
        return search(headOnly, range, listener, search -> search.announced()
                .run(Optimizer.adam(settings.head().learningRate())));
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
        TransferSettings tuned = settings.fineTuning().epochs() == 0
                ? settings.fineTuning(settings.fineTuning().epochs(1))
                : settings.recipe() == Recipe.AUTO ? settings.recipe(Recipe.LAST) : settings;
        return search(tuned, range, listener, RateSearch::ofTuning);
    }

    private static RateCurve search(
            TransferSettings settings,
            RateFinder.Range range,
            Consumer<TransferEvent> listener,
            Function<RateSearch, RateCurve> how) {
        Preload.start(PictureReader::load, Torch::load);
        try (Workers workers = new Workers(settings.threads())) {
            Planning planning = Planning.of(settings, workers, listener, () -> false);
            return how.apply(new RateSearch(planning, workers, range, listener));
        }
    }

    private RateSearch announced() {
        listener.accept(new TransferEvent.Planned(planning.plan(), planning.settings()));
        return this;
    }

    private RateCurve ofTuning() {
        if (planning.plan().tuning().isEmpty()) {
            throw new GraftException(
                    "there is no second phase whose rate could be found, as the head alone trains; take"
                            + " another head or recipe");
        }
        TuningPhase phase = planning.plan().tuning().get(0);
        if (planning.plan().head().first()) {
            new TransferRun(planning.headOnly(), workers, listener, () -> false).run();
        } else {
            announced();
        }
        TransferNetwork network = planning.network();
        network.unfreeze(phase.from(), planning.settings().fineTuning().batchNorm());
        return run(planning.settings().fineTuning().rates().optimizer(network, phase.learningRate()));
    }

    private RateCurve run(Optimizer optimizer) {
        var source = new PhaseData.Source(
                planning.network(),
                planning.extraction(),
                planning.settings(),
                planning.settings().headViews(),
                workers,
                FrozenPass.Progress.told(NAME, listener),
                () -> false);
        listener.accept(new TransferEvent.PhaseBegun(NAME));
        try (PhaseData data = PhaseData.open(source, planning.parts().subList(0, 1))) {
            return RateFinder.of(
                            planning.network().network(), data.program(), optimizer, Objective.of(Loss.crossEntropy()))
                    .range(range)
                    .on(Engine.best(TransferRun.threads(data, planning.settings())))
                    .run(data.batches(0));
        }
    }
}
