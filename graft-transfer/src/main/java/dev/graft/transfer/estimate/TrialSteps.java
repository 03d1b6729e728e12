package dev.graft.transfer.estimate;

import dev.graft.Stopwatch;
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
import dev.graft.transfer.RunContext;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.features.CacheUse;
import dev.graft.transfer.features.FeatureExtraction;
import dev.graft.transfer.features.FrozenPass;
import dev.graft.transfer.features.IndexedPicture;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.phase.PhaseData;
import dev.graft.transfer.plan.Advisor;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.plan.PreparedRun;
import dev.graft.transfer.plan.TuningPhases;
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

    private static final String NAME = "trial";
    private static final int STEPS = 3;
    /** Any takes as long. */
    private static final double RATE = 1e-4;
    /** After that many seconds no further step is begun. */
    private static final double SECONDS = 2;

    private final PreparedRun prepared;
    private final RunContext context;
    private final ResolvedSettings settings;

    private TrialSteps(PreparedRun prepared, RunContext context) {
        this.prepared = prepared;
        this.context = context.quiet();
        this.settings = prepared.settings().uncached();
    }

    static Trial of(PreparedRun prepared, RunContext context) {
        return new TrialSteps(prepared, context).run();
    }

    private Trial run() {
        FeatureExtraction extraction = prepared.extraction();
        CacheUse use = extraction.cacheUse();
        boolean told = use.hits() == 0 && use.misses() >= ENOUGH;
        Look look = told ? new Look(extraction.passSeconds() / use.misses(), extraction.decodeShare()) : look();
        return new Trial(
                look.seconds,
                look.decodeShare,
                bytes(extraction.program()),
                extraction.program().multiplyAdds(),
                prepared.extractor().onnx() == null ? tuned(look) : null);
    }

    /** How long a picture takes in the first look. */
    private record Look(double seconds, double decodeShare) {}

    /** The first look again, as the one that was came from the cache. */
    private Look look() {
        int twoBatches = (int) Math.min(Integer.MAX_VALUE, 2L * settings.get(RunSettings.BATCH));
        List<Picture> pictures = spread(
                prepared.extraction().pictures().stream()
                        .map(IndexedPicture::picture)
                        .toList(),
                2 * ENOUGH);
        PictureReader reader = PictureReader.of(prepared.extractor().geometry());
        try (ImageEncoder prefix = ImageEncoder.of(
                prepared.extraction().program(), prepared.extractor().network().weights(), reader)) {
            FrozenPass pass = new FrozenPass(
                    prefix,
                    null,
                    context.workers(),
                    settings.get(RunSettings.AUGMENT).key(),
                    quiet(),
                    pictures.size(),
                    path -> Optional.empty());
            pass.collect(spread(pictures, settings.get(RunSettings.THREADS)), (picture, values) -> {}, () -> false);
            Stopwatch start = Stopwatch.start();
            pass.collect(pictures, (picture, values) -> {}, () -> false);
            return new Look(start.seconds() / pictures.size(), prefix.decodeShare());
        }
    }

    private Trial.Tuned tuned(Look look) {
        Place from = from(prepared);
        TransferNetwork network = network(from);
        Cut cut = network.network().cut();
        boolean frozen = cut.hasFrozenWeights();
        int twoBatches = (int) Math.min(Integer.MAX_VALUE, 2L * settings.get(RunSettings.BATCH));
        List<Picture> pictures = spread(prepared.split().splits().train().pictures(), twoBatches);
        List<TuningPhase> phases = prepared.plan().tuning();
        int epochs = phases.isEmpty()
                ? Advisor.EPOCHS
                : phases.get(phases.size() - 1).phase().epochs();
        int views = settings.tuningViews(!frozen, epochs);
        var source =
                new PhaseData.Source(NAME, network, prepared.extraction(), prepared.split(), settings, views, context);
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
            Engine engine = Engine.best(data.threads());
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
    private TransferNetwork network(Place from) {
        FeatureExtractor extractor = prepared.extractor();
        BatchNormPolicy batchNorm = settings.get(TuningSettings.BATCH_NORM);
        TransferNetwork network = extractor.withHead(
                Dense.of(prepared.plan().classes().size()),
                extractor.weights(),
                batchNorm == BatchNormPolicy.MOVING,
                settings.get(RunSettings.SEED));
        return network.training(network.unfrozen(from, batchNorm));
    }

    /** Where the last phase that trains the backbone begins, mostly the one with most to train; or where it would. */
    private static Place from(PreparedRun prepared) {
        List<TuningPhase> phases = prepared.plan().tuning();
        return phases.isEmpty()
                ? prepared.plan().advice().unfreeze()
                : phases.get(phases.size() - 1).from();
    }

    /** How long an example takes. */
    private record Times(double step, double evaluation) {}

    private Times steps(TransferNetwork network, Program program, Batch batch, Engine engine) {
        Loss loss = Loss.crossEntropy();
        try (var random = RandomState.keep();
                LiveNetwork live = LiveNetwork.open(network.network(), program, engine);
                TorchOptimizer optimizer = live.optimizer(TuningPhases.optimizer(settings, network, RATE))) {
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
        return FrozenPass.Progress.told(NAME, event -> {});
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
