package dev.graft.transfer;

import dev.graft.Stopwatch;
import dev.graft.Workers;
import dev.graft.data.Augment;
import dev.graft.data.Picture;
import dev.graft.data.PictureReader;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.encoder.ImageEncoder;
import dev.graft.layers.Dense;
import dev.graft.model.Cut;
import dev.graft.model.Program;
import dev.graft.torch.Engine;
import dev.graft.torch.GradientScope;
import dev.graft.torch.Gradients;
import dev.graft.torch.RandomState;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOptimizer;
import dev.graft.train.LiveNetwork;
import dev.graft.train.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Tries a planned run for some seconds: what was planned is afterwards what it was, as are the random numbers to come, and
 * nothing is written to the cache.
 */
final class TrialSteps {
    /** So many pictures say how long one takes. */
    private static final int ENOUGH = 32;

    private static final int STEPS = 3;
    /** Any takes as long. */
    private static final double RATE = 1e-4;
    /** After that many seconds no further step is begun. */
    private static final double SECONDS = 2;

    private final Planning planning;
    private final Workers workers;
    private final TransferSettings settings;

    private TrialSteps(Planning planning, Workers workers) {
        this.planning = planning;
        this.workers = workers;
        TransferSettings planned = planning.settings();
        this.settings = planned.cache(new TransferSettings.Cache(
                planned.cache().folder(), false, planned.cache().capBytes()));
    }

    static Trial of(Planning planning, Workers workers) {
        return new TrialSteps(planning, workers).run();
    }

    private Trial run() {
        FeatureExtraction extraction = planning.extraction();
        TransferResult.CacheUse use = extraction.cacheUse();
        boolean told = use.hits() == 0 && use.misses() >= ENOUGH;
        Look look = told ? new Look(extraction.passSeconds() / use.misses(), extraction.decodeShare()) : look();
        return new Trial(
                look.seconds,
                look.decodeShare,
                bytes(extraction.program()),
                extraction.program().multiplyAdds(),
                planning.extractor().onnx() == null ? tuned(look) : null);
    }

    /** How long a picture takes in the first look. */
    private record Look(double seconds, double decodeShare) {}

    /** The first look again, as the one that was came from the cache. */
    private Look look() {
        int twoBatches = (int) Math.min(Integer.MAX_VALUE, 2L * settings.batchSize());
        List<Picture> pictures = spread(
                planning.extraction().pictures().stream()
                        .map(IndexedPicture::picture)
                        .toList(),
                2 * ENOUGH);
        PictureReader reader = PictureReader.of(planning.extractor().geometry());
        try (ImageEncoder prefix = ImageEncoder.of(
                planning.extraction().program(), planning.extractor().network().weights(), reader)) {
            FrozenPass pass = new FrozenPass(
                    prefix,
                    null,
                    workers,
                    Augment.standard().toString(),
                    quiet(),
                    pictures.size(),
                    path -> Optional.empty());
            pass.collect(spread(pictures, settings.threads()), (picture, values) -> {}, () -> false);
            Stopwatch start = Stopwatch.start();
            pass.collect(pictures, (picture, values) -> {}, () -> false);
            return new Look(start.seconds() / pictures.size(), prefix.decodeShare());
        }
    }

    private Trial.Tuned tuned(Look look) {
        String from = from(planning);
        TransferNetwork network = network(from);
        Cut cut = network.network().cut();
        boolean frozen = cut.hasFrozenWeights();
        int twoBatches = (int) Math.min(Integer.MAX_VALUE, 2L * settings.batchSize());
        List<Picture> pictures = spread(planning.splits().train().pictures(), twoBatches);
        List<TransferPlan.TuningPhase> phases = planning.plan().tuning();
        int epochs = phases.isEmpty()
                ? FineTuning.EPOCHS
                : phases.get(phases.size() - 1).phase().epochs();
        int views = settings.tuningViews(!frozen, epochs);
        var source =
                new PhaseData.Source(network, planning.extraction(), settings, views, workers, quiet(), () -> false);
        try (PhaseData data = PhaseData.open(source, List.of(pictures));
                Batches.Reader reader = data.batches(0).open(0)) {
            Batch batch = Objects.requireNonNull(reader.next());
            double prefix = look.seconds;
            if (frozen && pictures.size() == twoBatches) {
                // The first batch warms up.
                Stopwatch start = Stopwatch.start();
                batch = Objects.requireNonNull(reader.next());
                prefix = start.seconds() / batch.size();
            }
            Engine engine = Engine.best(TransferRun.threads(data, settings));
            Times times = steps(network, data.program(), batch, engine);
            return new Trial.Tuned(
                    from,
                    frozen ? prefix : 0,
                    times.step,
                    times.evaluation,
                    frozen ? bytes(cut.prefix()) : 0,
                    cut.suffix().multiplyAdds());
        }
    }

    /** A network like the one that is planned, with a linear head, which takes what any takes that trains. */
    private TransferNetwork network(String from) {
        FeatureExtractor extractor = planning.extractor();
        BatchNormPolicy batchNorm = settings.fineTuning().batchNorm();
        TransferNetwork network = extractor.withHead(
                Dense.of(planning.plan().classes().size()),
                extractor.weights(),
                batchNorm == BatchNormPolicy.MOVING,
                settings.seed());
        network.unfreeze(from, batchNorm);
        return network;
    }

    /** Where the last phase that trains the backbone begins, mostly the one with most to train; or where it would. */
    private static String from(Planning planning) {
        List<TransferPlan.TuningPhase> phases = planning.plan().tuning();
        return phases.isEmpty()
                ? planning.plan().advice().unfreeze()
                : phases.get(phases.size() - 1).from();
    }

    /** How long an example takes. */
    private record Times(double step, double evaluation) {}

    private Times steps(TransferNetwork network, Program program, Batch batch, Engine engine) {
        Loss loss = Loss.crossEntropy();
        try (var random = RandomState.keep();
                LiveNetwork live = LiveNetwork.open(network.network(), program, engine);
                TorchOptimizer optimizer = live.optimizer(Rates.standard().optimizer(network, RATE))) {
            Stopwatch begun = Stopwatch.start();
            List<Double> seconds = new ArrayList<>();
            while (seconds.size() <= STEPS && (seconds.isEmpty() || begun.seconds() < SECONDS)) {
                Stopwatch start = Stopwatch.start();
                try (var tape = GradientScope.open(engine)) {
                    Tensor logits = live.call(batch.inputs(), true).get(0);
                    tape.backward(loss.of(logits, live.tensor(batch.target()), null));
                    optimizer.step();
                }
                seconds.add(start.seconds());
            }
            // The first step also takes the memory.
            double[] settled = seconds.stream()
                    .skip(seconds.size() > 1 ? 1 : 0)
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            double step = settled[settled.length / 2];
            Stopwatch start = Stopwatch.start();
            try (var gradients = Gradients.off();
                    var scope = Scope.open()) {
                live.call(batch.inputs(), false).get(0).toHost();
            }
            return new Times(step / batch.size(), start.seconds() / batch.size());
        }
    }

    private static FrozenPass.Progress quiet() {
        return FrozenPass.Progress.told("trial", event -> {});
    }

    /** At most so many, evenly spread. */
    private static List<Picture> spread(List<Picture> pictures, int most) {
        int count = Math.min(most, pictures.size());
        return IntStream.range(0, count)
                .mapToObj(i -> pictures.get((int) ((long) i * pictures.size() / count)))
                .toList();
    }

    private static long bytes(Program program) {
        return Float.BYTES
                * program.outputs().stream()
                        .mapToLong(output -> program.shapeOf(output).itemElements())
                        .sum();
    }
}
