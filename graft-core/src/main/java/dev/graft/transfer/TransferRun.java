package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.Preload;
import dev.graft.Workers;
import dev.graft.data.Picture;
import dev.graft.data.PictureReader;
import dev.graft.data.PictureSet;
import dev.graft.data.Skipped;
import dev.graft.data.Splits;
import dev.graft.dataset.ClassWeights;
import dev.graft.model.Program;
import dev.graft.report.Calibration;
import dev.graft.report.Evaluation;
import dev.graft.report.Familiarity;
import dev.graft.tensor.Torch;
import dev.graft.train.History;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Objective;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of transfer learning: a folder of pictures in, a trained network out. First the head on the frozen backbone,
 * then, if asked for, the last stages gently with it.
 */
public final class TransferRun {
    private static final int TRAIN = 0;
    private static final int VALIDATION = 1;
    private static final int TEST = 2;

    private final TransferSettings settings;
    private final Consumer<TransferEvent> listener;
    private final BooleanSupplier stop;
    private final Planning planning;
    private final List<History> histories = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final Map<String, String> frozen = new LinkedHashMap<>();
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private TransferResult.CacheUse cache = new TransferResult.CacheUse(0, 0, 0);

    /** A run over parts of pictures and a network that are given. */
    TransferRun(TransferSettings settings, Planning planning, Consumer<TransferEvent> listener, BooleanSupplier stop) {
        this.settings = settings;
        this.planning = planning;
        this.listener = listener;
        this.stop = stop;
    }

    /**
     * Runs to the end.
     *
     * @param listener is told what happens, one event at a time
     * @param stop is asked now and then whether to end early, with the best weights so far
     * @throws GraftException if the pictures, the settings or the machine do not allow it
     */
    public static TransferResult run(
            TransferSettings settings, Consumer<TransferEvent> listener, BooleanSupplier stop) {
        Preload.start(PictureReader::load, Torch::load);
        return new TransferRun(settings, Planning.of(settings), listener, stop).run();
    }

    TransferResult run() {
        TransferPlan plan = planning.plan();
        listener.accept(new TransferEvent.Planned(plan));
        try (Workers workers = new Workers(settings.threads())) {
            Outcome outcome = phase(plan.head(), Optimizer.adam(settings.head().learningRate()), parts(), workers)
                    .orElseThrow(() -> new GraftException("stopped before training began; nothing was saved"
                            + (settings.cache().enabled() ? ", the next run goes on from what is cached" : "")));
            Phase fineTuning = plan.fineTuning();
            if (fineTuning != null && !stop.getAsBoolean()) {
                planning.network().unfreeze(plan.unfreeze());
                var optimizer = Optimizer.adamW(settings.fineTuning().learningRate());
                outcome = phase(fineTuning, optimizer, outcome.pictures(), workers)
                        .orElse(outcome);
            }
            return new TransferResult(
                    planning.network(),
                    plan,
                    histories,
                    outcome.validation(),
                    outcome.test(),
                    outcome.reliability(),
                    skipped,
                    cache,
                    timing(),
                    frozen);
        }
    }

    private List<List<Picture>> parts() {
        Splits splits = planning.splits();
        return Stream.of(splits.train(), splits.validation(), splits.test())
                .flatMap(Stream::ofNullable)
                .map(PictureSet::pictures)
                .toList();
    }

    /** What a phase leaves behind: the sound pictures, and how its best weights do. */
    private record Outcome(
            List<List<Picture>> pictures,
            Evaluation validation,
            @Nullable Evaluation test,
            Reliability reliability) {}

    /** Empty when asked to stop before training in this phase began. */
    private Optional<Outcome> phase(Phase phase, Optimizer optimizer, List<List<Picture>> parts, Workers workers) {
        var network = planning.network().network();
        FreezeCertificate certificate = FreezeCertificate.of(network);
        try (PhaseData data = openData(phase, parts, workers)) {
            if (stop.getAsBoolean()) {
                return Optional.empty();
            }
            account(data);
            long start = System.nanoTime();
            Torch.setThreads(threads(data.program(), settings));
            try (Trainer trainer = Trainer.compile(
                    network, data.program(), optimizer, Objective.of(Loss.crossEntropy(), Metric.accuracy()))) {
                trainer.listen(event -> listener.accept(new TransferEvent.Training(event)))
                        .stopWhen(stop)
                        .seed(settings.seed());
                if (settings.data().balance() == Balance.WEIGHTS) {
                    trainer.classWeights(ClassWeights.balanced(counts(data)));
                }
                histories.add(trainer.fit(data.batches(TRAIN), data.batches(VALIDATION), phase));
                certificate.verify(network);
                frozen.put(phase.name(), certificate.digest());
                List<float[]> logits = trainer.predict(data.batches(VALIDATION)).rows();
                Evaluation validation = Evaluation.of(planning.plan().classes(), logits, labels(data, VALIDATION));
                Calibration calibration = Calibration.of(logits, labels(data, VALIDATION));
                Familiarity familiarity = Reliability.familiarity(
                        network, data.program(), data.batches(TRAIN), data.batches(VALIDATION), settings.threads());
                Evaluation test = parts.size() > TEST ? evaluate(trainer, data, TEST) : null;
                Reliability reliability = new Reliability(calibration, familiarity);
                seconds.merge(phase.name(), since(start), Double::sum);
                return Optional.of(new Outcome(data.allPictures(), validation, test, reliability));
            }
        }
    }

    /** A head's steps are too short to share out: with two threads they take longer, up to tenfold on a busy machine. */
    static int threads(Program program, TransferSettings settings) {
        boolean features = program.inputs().stream().allMatch(shape -> shape.rank() == 2);
        return features ? 1 : settings.threads();
    }

    private PhaseData openData(Phase phase, List<List<Picture>> parts, Workers workers) {
        long start = System.nanoTime();
        var source = new PhaseData.Source(
                planning.network(), settings, workers, FrozenPass.Progress.told(phase.name(), listener), stop);
        PhaseData data = PhaseData.open(source, parts);
        double wall = since(start);
        seconds.merge("decode", wall * data.decodeShare(), Double::sum);
        seconds.merge("prefix", wall * (1 - data.decodeShare()), Double::sum);
        return data;
    }

    private void account(PhaseData data) {
        cache = cache.plus(data.hits(), data.computed(), data.cacheBytes());
        skipped.addAll(data.skipped());
        if (!data.skipped().isEmpty()) {
            listener.accept(new TransferEvent.PicturesSkipped(List.copyOf(data.skipped())));
        }
        ReadablePictures.check(data.skipped(), data.allPictures(), planning.splits(), settings.data());
    }

    private Evaluation evaluate(Trainer trainer, PhaseData data, int part) {
        return Evaluation.of(
                planning.plan().classes(), trainer.predict(data.batches(part)).rows(), labels(data, part));
    }

    private int[] counts(PhaseData data) {
        int[] counts = new int[planning.plan().classes().size()];
        data.allPictures().get(TRAIN).forEach(picture -> counts[picture.label()]++);
        return counts;
    }

    private static int[] labels(PhaseData data, int part) {
        return data.allPictures().get(part).stream().mapToInt(Picture::label).toArray();
    }

    private TransferResult.Timing timing() {
        return new TransferResult.Timing(
                seconds.getOrDefault("decode", 0.0),
                seconds.getOrDefault("prefix", 0.0),
                seconds.getOrDefault("head", 0.0),
                seconds.getOrDefault("fine-tune", 0.0),
                since(planning.begun()));
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
