package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.Stopwatch;
import dev.graft.Workers;
import dev.graft.data.ImageFolder;
import dev.graft.data.LabelledPictures;
import dev.graft.data.Picture;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureSet;
import dev.graft.data.Splits;
import dev.graft.heads.Head;
import dev.graft.layers.Dense;
import dev.graft.layers.Layer;
import dev.graft.model.Network;
import dev.graft.train.Phase;
import dev.graft.transfer.TransferPlan.HeadPhase;
import dev.graft.transfer.TransferPlan.TuningPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a run works out before it trains: what the pictures are, their parts, the network, the phases.
 *
 * @param settings with everything decided that was left open
 * @param splits the sound pictures in their parts
 * @param begun when that began, for the time that the run takes
 */
record Planning(
        TransferSettings settings,
        FeatureExtraction extraction,
        FeatureExtractor extractor,
        Splits splits,
        TransferNetwork network,
        TransferPlan plan,
        Stopwatch begun) {
    static final int TRAIN = 0;
    static final int VALIDATION = 1;
    static final int TEST = 2;

    private static final int HEAD_STEPS = 1000;
    private static final int LEAST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 200;

    static Planning of(
            TransferSettings settings, Workers workers, Consumer<TransferEvent> listener, BooleanSupplier stop) {
        Stopwatch begun = Stopwatch.start();
        LabelledPictures folder =
                ImageFolder.read(settings.data().folder(), settings.data().validation() != null);
        PreviousModel.check(settings, folder.classes());
        String groupBy = settings.data().groupBy();
        // Refused here, before any picture is read.
        boolean alone = groupBy != null
                && PictureGroups.byName(folder, groupBy).groups().isEmpty();
        DataSplit.Given given = DataSplit.Given.of(folder, settings.data());
        FeatureExtractor extractor = FeatureExtractor.of(
                settings.base(), settings.head().pooling(), note -> listener.accept(new TransferEvent.Noted(note)));
        tryOut(settings, extractor, folder.classes().size());
        FeatureExtraction extraction =
                FeatureExtraction.of(extractor, given.pictures(), settings, workers, listener, stop);
        if (stop.getAsBoolean()) {
            throw new GraftException(stopped(settings));
        }
        if (!extraction.skipped().isEmpty()) {
            listener.accept(new TransferEvent.PicturesSkipped(List.copyOf(extraction.skipped())));
        }
        List<String> remarks = new ArrayList<>(folder.remarks());
        remarks.addAll(given.remarks());
        remarks.addAll(ReadablePictures.check(folder, given, extraction, settings.data()));
        boolean validated = folder.validation() != null || given.validation() != null;
        TransferPlan.Source source = new TransferPlan.Source(folder.ignored(), remarks, validated);
        DataSplit split = DataSplit.of(folder, given, extraction, settings, workers);
        PictureSet train = split.splits().train();
        Advice advice = new Advisor(extractor, extraction, split.splits(), settings).advise();
        TransferSettings chosen = SettingsResolver.of(settings, advice, extractor, train, extraction.holdsFeatures());
        TransferNetwork network = extractor.withHead(
                layer(chosen, extractor, train.size(), train.classes().size()), settings.seed());
        boolean tested = folder.test() != null || settings.data().test() != null;
        WithoutEffect idle = new WithoutEffect(settings, tested, alone);
        TransferPlan plan = plan(chosen, source, split, advice, extractor, network, idle);
        return new Planning(chosen, extraction, extractor, split.splits(), network, plan, begun);
    }

    /** What a run says that was asked to stop before there was anything to save. */
    static String stopped(TransferSettings settings) {
        return "stopped before training began; nothing was saved"
                + (settings.cache().enabled() ? ", the next run goes on from what is cached" : "");
    }

    /** The same without what comes after the head. */
    Planning headOnly() {
        return new Planning(settings, extraction, extractor, splits, network, plan.headOnly(), begun);
    }

    /** The pictures to train on, to validate on and, where there are some, to test on. */
    List<List<Picture>> parts() {
        return Stream.of(splits.train(), splits.validation(), splits.test())
                .flatMap(Stream::ofNullable)
                .map(PictureSet::pictures)
                .toList();
    }

    /** The head's layer. */
    Layer head() {
        return layer(settings, extractor, splits.train().size(), plan.classes().size());
    }

    private static Layer layer(TransferSettings settings, FeatureExtractor extractor, int pictures, int classes) {
        Head head = Objects.requireNonNull(settings.head().head());
        return head.layer(
                extractor.size(), classes, (int) Math.min(Integer.MAX_VALUE, (long) pictures * settings.headViews()));
    }

    /** What can be refused before any picture is read is. */
    private static void tryOut(TransferSettings settings, FeatureExtractor extractor, int classes) {
        SettingsResolver.check(settings, extractor.size(), classes);
        FineTuning tuning = settings.fineTuning();
        RateGroups groups = new RateGroups(tuning.rates().groups());
        boolean placed = tuning.epochs() != 0 && !tuning.unfreeze().equals(TransferSettings.AUTO);
        if (!placed && groups.groups().isEmpty()) {
            return;
        }
        Head head = settings.head().head();
        Layer layer = head == null ? Dense.of(classes) : head.layer(extractor.size(), classes, 1);
        TransferNetwork network = extractor.withHead(layer, settings.seed());
        groups.requireKnown(network.network());
        if (placed) {
            // Any rate will do to see whether the rest makes sense.
            FineTuning tried = tuning.chosen().rates().learningRate() == Rates.ADVISED
                    ? tuning.chosen().learningRate(1)
                    : tuning.chosen();
            groups.requireTrained(tuning(settings.fineTuning(tried), extractor, network));
        }
    }

    private static TransferPlan plan(
            TransferSettings settings,
            TransferPlan.Source source,
            DataSplit split,
            Advice advice,
            FeatureExtractor extractor,
            TransferNetwork network,
            WithoutEffect idle) {
        Network net = network.network();
        Splits splits = split.splits();
        Head head = Objects.requireNonNull(settings.head().head());
        HeadPhase first = new HeadPhase(
                head,
                head.isSolved() ? null : headPhase(settings, splits.train().size()),
                net.parameters(net.layer(TransferNetwork.HEAD).weights().keySet()),
                settings.head().first());
        List<Integer> counts =
                IntStream.of(splits.train().countPerClass()).boxed().toList();
        List<TuningPhase> phases = tuning(settings, extractor, network);
        return new TransferPlan(
                net.model().name(),
                network.geometry(),
                splits.train().classes(),
                counts,
                splits.train().size(),
                splits.validation().size(),
                splits.testPart().map(PictureSet::size).orElse(0),
                source,
                split.care(),
                advice,
                net.parameters().total(),
                first,
                phases,
                network.onnx(),
                idle.notes(settings, counts, phases, network));
    }

    private static List<TuningPhase> tuning(
            TransferSettings settings, FeatureExtractor extractor, TransferNetwork network) {
        FineTuning tuning = settings.fineTuning();
        if (tuning.epochs() == 0) {
            return List.of();
        }
        List<TuningPhase> phases = new ArrayList<>();
        List<Unfreezing> steps = Unfreezing.parse(tuning, network, extractor.lastStages());
        for (Unfreezing step : steps) {
            network.unfreeze(step.from(), tuning.batchNorm());
            String name = steps.size() == 1 ? "fine-tune" : "fine-tune " + step.from();
            Phase phase = Phase.of(name, step.epochs())
                    .stopAfter(step.patience())
                    .schedule(tuning.rates().schedule())
                    .stepping(tuning.stepping());
            phase = tuning.blend() ? phase.keepLast() : phase;
            phases.add(new TuningPhase(
                    phase,
                    step.from(),
                    step.learningRate(),
                    tuning.rates().assign(network, step.learningRate()),
                    network.network().parameters().trainable()));
            network.network().layer(TransferNetwork.BACKBONE).setTrainable(false);
        }
        return phases;
    }

    /** A head on cached features needs about a thousand steps; an epoch of them takes a blink. */
    private static Phase headPhase(TransferSettings settings, int examples) {
        int asked = settings.head().epochs();
        if (asked != TransferSettings.CHOOSE) {
            return Phase.of("head", asked);
        }
        int steps = (int) (((long) examples + settings.batchSize() - 1) / settings.batchSize());
        int epochs = Math.min(MOST_EPOCHS, Math.max(LEAST_EPOCHS, HEAD_STEPS / steps));
        return Phase.of("head", epochs).stopAfter(Math.max(LEAST_EPOCHS / 2, epochs / 4));
    }
}
