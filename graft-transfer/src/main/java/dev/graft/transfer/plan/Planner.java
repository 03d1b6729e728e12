package dev.graft.transfer.plan;

import dev.graft.data.PictureSet;
import dev.graft.data.Splits;
import dev.graft.heads.Head;
import dev.graft.layers.Layer;
import dev.graft.model.Network;
import dev.graft.train.Phase;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.plan.PlannedPhase.HeadPhase;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.split.DataSplit;
import dev.graft.transfer.split.GivenPictures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Draws the network and lays out the phases for settings in which nothing is open any more. */
public final class Planner {
    private static final int HEAD_STEPS = 1000;
    private static final int LEAST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 200;

    private final ResolvedSettings settings;
    private final FeatureExtractor extractor;
    private final DataSplit split;
    private final Advice advice;
    private final TransferNetwork network;

    /** For settings in which nothing is open any more. */
    public Planner(ResolvedSettings settings, FeatureExtractor extractor, DataSplit split, Advice advice) {
        this.settings = settings;
        this.extractor = extractor;
        this.split = split;
        this.advice = advice;
        this.network =
                extractor.withHead(layer(settings, extractor, split.splits().train()), settings.get(RunSettings.SEED));
    }

    /** With a fresh head; nothing trains yet. */
    public TransferNetwork network() {
        return network;
    }

    /** The layer of the head that was decided on. */
    static Layer layer(ResolvedSettings settings, FeatureExtractor extractor, PictureSet train) {
        long examples = (long) train.size() * settings.headViews();
        return settings.head()
                .layer(extractor.size(), train.classes().size(), (int) Math.min(Integer.MAX_VALUE, examples));
    }

    /**
     * The plan.
     *
     * @param remarks what is to be known of the pictures, a sentence each
     */
    public TransferPlan plan(GivenPictures given, List<String> remarks) {
        Network net = network.network();
        Splits splits = split.splits();
        List<Integer> counts =
                IntStream.of(splits.train().countPerClass()).boxed().toList();
        List<TuningPhase> tuning = TuningPhases.of(settings, network, extractor.lastStages());
        List<PlannedPhase> phases = new ArrayList<>();
        if (settings.get(HeadSettings.FIRST)) {
            phases.add(head(splits.train().size()));
        }
        phases.addAll(tuning);
        WithoutEffect idle = new WithoutEffect(settings, given.isTested(), given.alone(), split.isWeighted());
        return new TransferPlan(
                net.model().name(),
                network.geometry(),
                splits.train().classes(),
                counts,
                splits.train().size(),
                splits.validation().size(),
                splits.testPart().map(PictureSet::size).orElse(0),
                new TransferPlan.Source(given.folder().ignored(), remarks, given.isValidated()),
                split.care(),
                advice,
                net.parameters().total(),
                phases,
                network.onnx(),
                idle.notes(counts, tuning, network));
    }

    private HeadPhase head(int examples) {
        Head head = settings.head();
        return new HeadPhase(
                head,
                head.isSolved() ? null : training(examples),
                settings.get(HeadSettings.LEARNING_RATE),
                network.headWeights(),
                network.network()
                        .parameters(network.network()
                                .layer(TransferNetwork.HEAD)
                                .weights()
                                .keySet()));
    }

    /** A head on cached features needs about a thousand steps; an epoch of them takes a blink. */
    private Phase training(int examples) {
        return settings.decided()
                .find(HeadSettings.EPOCHS)
                .map(asked -> Phase.of("head", asked))
                .orElseGet(() -> {
                    int batch = settings.get(RunSettings.BATCH);
                    int steps = (int) (((long) examples + batch - 1) / batch);
                    int epochs = Math.min(MOST_EPOCHS, Math.max(LEAST_EPOCHS, HEAD_STEPS / steps));
                    return Phase.of("head", epochs).stopAfter(Math.max(LEAST_EPOCHS / 2, epochs / 4));
                });
    }
}
