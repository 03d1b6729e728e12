package dev.graft.transfer;

import dev.graft.Preload;
import dev.graft.Workers;
import dev.graft.data.Picture;
import dev.graft.data.PictureReader;
import dev.graft.model.Network;
import dev.graft.tensor.Torch;
import dev.graft.train.Loss;
import dev.graft.train.Objective;
import dev.graft.train.Optimizer;
import dev.graft.train.RateCurve;
import dev.graft.train.RateFinder;
import dev.graft.transfer.TransferSettings.FineTuning;
import java.util.List;
import java.util.function.Consumer;

/** Looks for the learning rate of a phase, on the pictures and with the network of a {@link TransferRun}. */
public final class RateSearch {
    /** What the pass over the pictures is called in events. */
    private static final String NAME = "rates";

    private final TransferSettings settings;
    private final Planning planning;
    private final RateFinder.Range range;
    private final Consumer<TransferEvent> listener;

    private RateSearch(
            TransferSettings settings, Planning planning, RateFinder.Range range, Consumer<TransferEvent> listener) {
        this.settings = settings;
        this.planning = planning;
        this.range = range;
        this.listener = listener;
    }

    /**
     * For the first phase: the fresh head on the frozen backbone.
     *
     * @param listener is told of the pass over the pictures
     * @throws dev.graft.GraftException if the pictures, the settings or the machine do not allow it
     */
    public static RateCurve head(TransferSettings settings, RateFinder.Range range, Consumer<TransferEvent> listener) {
        return plan(settings, range, listener)
                .run(Optimizer.adam(settings.head().learningRate()));
    }

    /**
     * For the second phase: trains the head first, as the run does, then unfreezes.
     *
     * @param listener is told of the training of the head and the passes over the pictures
     * @throws dev.graft.GraftException if the pictures, the settings or the machine do not allow it
     */
    public static RateCurve fineTuning(
            TransferSettings settings, RateFinder.Range range, Consumer<TransferEvent> listener) {
        RateSearch search = plan(settings, range, listener);
        search.trainHead();
        return search.run(Optimizer.adamW(settings.fineTuning().learningRate()));
    }

    private static RateSearch plan(
            TransferSettings settings, RateFinder.Range range, Consumer<TransferEvent> listener) {
        Preload.start(PictureReader::load, Torch::load);
        FineTuning none = new FineTuning(
                0, settings.fineTuning().learningRate(), settings.fineTuning().unfreeze());
        TransferSettings headOnly = settings.fineTuning(none);
        return new RateSearch(headOnly, Planning.of(headOnly), range, listener);
    }

    private void trainHead() {
        TransferNetwork network = planning.network();
        String from = planning.plan().unfreeze();
        // Tried out now, so that a stage that does not exist is told before the head is trained.
        network.unfreeze(from);
        network.network().layer(TransferNetwork.BACKBONE).setTrainable(false);
        new TransferRun(settings, planning, listener, () -> false).run();
        network.unfreeze(from);
    }

    private RateCurve run(Optimizer optimizer) {
        Network network = planning.network().network();
        List<Picture> training = planning.splits().train().pictures();
        try (Workers workers = new Workers(settings.threads());
                PhaseData data = PhaseData.open(
                        new PhaseData.Source(
                                planning.network(),
                                settings,
                                workers,
                                FrozenPass.Progress.told(NAME, listener),
                                () -> false),
                        List.of(training))) {
            if (!data.skipped().isEmpty()) {
                listener.accept(new TransferEvent.PicturesSkipped(List.copyOf(data.skipped())));
            }
            Torch.setThreads(TransferRun.threads(data.program(), settings));
            return RateFinder.of(network, data.program(), optimizer, Objective.of(Loss.crossEntropy()))
                    .range(range)
                    .run(data.batches(0));
        }
    }
}
