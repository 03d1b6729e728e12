package dev.graft.transfer;

import dev.graft.DivergedException;
import dev.graft.GraftException;
import dev.graft.Preload;
import dev.graft.Stopwatch;
import dev.graft.Workers;
import dev.graft.data.PictureReader;
import dev.graft.data.Skipped;
import dev.graft.dataset.ClassWeights;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.Engine;
import dev.graft.torch.Torch;
import dev.graft.train.History;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Objective;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import dev.graft.transfer.TransferPlan.TuningPhase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of transfer learning: a folder of pictures in, a trained network out. First a look at all pictures, then the head
 * on the frozen backbone, then, if that is the plan, a part of the backbone gently with it.
 */
public final class TransferRun {
    private static final int TRAIN = Planning.TRAIN;
    private static final int VALIDATION = Planning.VALIDATION;
    private static final int TEST = Planning.TEST;
    private static final String HEAD = "head";

    private final Planning planning;
    private final TransferSettings settings;
    private final Workers workers;
    private final Consumer<TransferEvent> listener;
    private final BooleanSupplier stop;
    private final @Nullable ResumableRun interrupted;
    private final List<TransferResult.PhaseResult> phases = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final Timings timings = new Timings();
    private TransferResult.CacheUse cache;
    private TransferNetwork network;
    private @Nullable WeightInterpolation choice;
    /** How the last phase that was finished did; the network has its weights then. */
    private @Nullable PhaseOutcome outcome;

    private TransferResult.@Nullable Failure failure;
    private boolean listenerFailed;

    /** A run that is planned. */
    TransferRun(Planning planning, Workers workers, Consumer<TransferEvent> listener, BooleanSupplier stop) {
        this(planning, workers, listener, stop, null);
    }

    private TransferRun(
            Planning planning,
            Workers workers,
            Consumer<TransferEvent> listener,
            BooleanSupplier stop,
            @Nullable ResumableRun interrupted) {
        this.interrupted = interrupted;
        this.planning = planning;
        this.settings = planning.settings();
        this.workers = workers;
        this.listener = listener;
        this.stop = stop;
        this.network = planning.network();
        this.cache = planning.extraction().cacheUse();
        skipped.addAll(planning.extraction().skipped());
        timings.pass(planning.extraction().seconds(), planning.extraction().decodeShare());
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
        try (Workers workers = new Workers(settings.threads())) {
            return new TransferRun(Planning.of(settings, workers, listener, stop), workers, listener, stop).run();
        }
    }

    /**
     * Runs to the end and keeps what is needed to go on, should the process be killed; or goes on with a run that was,
     * and ends in the same weights, bit for bit on one machine.
     *
     * @throws GraftException if the pictures, the settings or the machine do not allow it, or settings or pictures are
     *     others than those of the run that was interrupted
     */
    public static TransferResult run(
            TransferSettings settings,
            ResumeSettings resuming,
            Consumer<TransferEvent> listener,
            BooleanSupplier stop) {
        ResumableRun.require(resuming);
        Preload.start(PictureReader::load, Torch::load);
        try (Workers workers = new Workers(settings.threads())) {
            Planning planning = Planning.of(settings, workers, listener, stop);
            ResumableRun interrupted = ResumableRun.of(resuming, planning);
            return new TransferRun(planning, workers, listener, stop, interrupted).run();
        }
    }

    TransferResult run() {
        TransferPlan plan = planning.plan();
        tell(new TransferEvent.Planned(plan, settings));
        if (plan.head().first()) {
            head();
        }
        Map<String, HostTensor> simple = new LinkedHashMap<>(network.network().weights());
        if (settings.fineTuning().batchNorm() == BatchNormPolicy.MOVING
                && !plan.tuning().isEmpty()) {
            network = planning.extractor().withHead(planning.head(), simple, true, settings.seed());
        }
        resume();
        for (int number = 0; number < plan.tuning().size() && failure == null; number++) {
            if (outcome != null && stop.getAsBoolean()) {
                break;
            }
            if (interrupted != null && interrupted.isBehind(number)) {
                continue;
            }
            tuneOrKeep(number, simple);
        }
        PhaseOutcome done = Objects.requireNonNull(outcome);
        return new TransferResult(
                network,
                plan,
                settings,
                planning.splits(),
                phases,
                choice,
                failure,
                done.validation(),
                done.test(),
                done.reliability(),
                skipped,
                cache,
                timings.total(planning.begun().seconds()));
    }

    /** Takes over what an interrupted run had behind it. */
    private void resume() {
        if (interrupted != null) {
            network.network().setWeights(interrupted.weights());
            phases.addAll(interrupted.done());
        }
    }

    private void head() {
        FreezeCertificate certificate = FreezeCertificate.of(network.network());
        if (planning.plan().head().head().isSolved()) {
            certificate = certificate.without(TransferNetwork.HEAD);
        }
        try (PhaseData data = openData(HEAD, settings.headViews())) {
            if (stop.getAsBoolean()) {
                throw new GraftException(Planning.stopped(settings));
            }
            Stopwatch start = Stopwatch.start();
            Phase phase = planning.plan().head().phase();
            History history = null;
            OptionalDouble regularisation = OptionalDouble.empty();
            if (phase == null) {
                regularisation = SolvedHead.into(network.network(), data, planning);
            } else {
                history = fit(data, phase, Optimizer.adam(settings.head().learningRate()), 0, trainer -> {});
            }
            certificate.verify(network.network());
            double took = start.seconds();
            PhaseOutcome solved = finish(data, certificate, HEAD, history);
            if (history == null) {
                tell(new TransferEvent.HeadSolved(
                        planning.plan().head().head(), regularisation, took, solved.validation()));
            }
            timings.head(start.seconds(), planning.begun().seconds());
        } catch (DivergedException e) {
            throw diverged(HEAD, e, settings.head().learningRate(), "--lr");
        }
    }

    private static GraftException diverged(String phase, DivergedException e, double rate, String option) {
        return new GraftException(
                phase + " diverged: " + e.reason() + " at a learning rate of " + rate
                        + ", so there is nothing to save; lower " + option,
                e);
    }

    /** A phase; whatever ends it, the weights of the one before it are kept if there is one. */
    private void tuneOrKeep(int number, Map<String, HostTensor> simple) {
        TransferPlan plan = planning.plan();
        boolean last = number == plan.tuning().size() - 1;
        int finished = phases.size();
        Map<String, HostTensor> before = new LinkedHashMap<>(network.network().weights());
        try {
            tune(number, last && plan.head().first() ? simple : null);
        } catch (RuntimeException | VirtualMachineError e) {
            TuningPhase tuning = plan.tuning().get(number);
            if (outcome == null && e instanceof DivergedException diverged) {
                throw diverged(tuning.phase().name(), diverged, tuning.learningRate(), "--fine-tune-lr");
            }
            if (outcome == null || listenerFailed) {
                throw e;
            }
            if (phases.size() == finished) {
                network.network().setWeights(before);
                choice = null;
            }
            failure = new TransferResult.Failure(tuning.phase().name(), tuning.learningRate(), e);
        }
    }

    /**
     * One phase of fine-tuning.
     *
     * @param number of the phase, from 0
     * @param simple the weights that the result is compared with, or null to keep the best epoch
     */
    private void tune(int number, @Nullable Map<String, HostTensor> simple) {
        TuningPhase tuning = planning.plan().tuning().get(number);
        network.network().layer(TransferNetwork.BACKBONE).setTrainable(false);
        network.unfreeze(tuning.from(), settings.fineTuning().batchNorm());
        String name = tuning.phase().name();
        FreezeCertificate certificate = FreezeCertificate.of(network.network());
        try (PhaseData data = openData(
                name,
                settings.tuningViews(
                        !network.network().cut().hasFrozenWeights(),
                        tuning.phase().epochs()))) {
            if (stop.getAsBoolean()) {
                if (outcome != null) {
                    return;
                }
                throw new GraftException(Planning.stopped(settings));
            }
            Stopwatch start = Stopwatch.start();
            Optimizer optimizer = settings.fineTuning().rates().optimizer(network, tuning.learningRate());
            History history = fit(
                    data,
                    tuning.phase(),
                    optimizer,
                    settings.fineTuning().labelSmoothing(),
                    trainer -> keep(trainer, number));
            // Before other weights take their place, which would cover up what happened to these.
            certificate.verify(network.network());
            if (simple != null && settings.fineTuning().blend()) {
                choose(data, simple);
            }
            finish(data, certificate, name, history);
            timings.fineTune(start.seconds());
        }
    }

    private void choose(PhaseData data, Map<String, HostTensor> simple) {
        Network net = network.network();
        Map<String, HostTensor> tuned = new LinkedHashMap<>(net.weights());
        WeightInterpolation made = WeightInterpolation.of(
                simple,
                tuned,
                weights -> HeldOut.logits(data.program(), weights, data.batches(VALIDATION), settings.threads()),
                data.labels(VALIDATION));
        net.setWeights(made.weights(simple, tuned));
        choice = made;
        tell(new TransferEvent.Chosen(made));
    }

    private void keep(Trainer trainer, int number) {
        if (interrupted != null) {
            int before = planning.plan().head().first() ? 1 : 0;
            trainer.keep(interrupted.keeper(
                    number,
                    List.copyOf(phases.subList(before, phases.size())),
                    network.network().weights(),
                    note -> tell(new TransferEvent.Noted(note))));
            interrupted.state(number).ifPresent(trainer::resume);
        }
    }

    private History fit(
            PhaseData data, Phase phase, Optimizer optimizer, double smoothing, Consumer<Trainer> prepared) {
        Engine engine = Engine.best(threads(data, settings));
        try (Trainer trainer = Trainer.on(engine)
                .compile(
                        network.network(),
                        data.program(),
                        optimizer,
                        Objective.of(Loss.crossEntropy().labelSmoothing(smoothing), Metric.accuracy()))) {
            trainer.listen(event -> tell(new TransferEvent.Training(event)))
                    .stopWhen(stop)
                    .seed(settings.seed());
            if (settings.data().balance() == Balance.WEIGHTS) {
                trainer.classWeights(ClassWeights.balanced(planning.plan().counts().stream()
                        .mapToInt(Integer::intValue)
                        .toArray()));
            }
            prepared.accept(trainer);
            return trainer.fit(data.batches(TRAIN), data.batches(VALIDATION), phase);
        }
    }

    private PhaseOutcome finish(PhaseData data, FreezeCertificate certificate, String name, @Nullable History history) {
        PhaseOutcome finished =
                PhaseOutcome.of(network.network(), data, planning.plan().classes(), settings.threads());
        phases.add(new TransferResult.PhaseResult(name, history, finished.validation(), certificate.digest()));
        outcome = finished;
        return finished;
    }

    /** What the listener throws is its own affair and ends the run. */
    private void tell(TransferEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException | Error e) {
            listenerFailed = true;
            throw e;
        }
    }

    /** A head's steps are too short to share out: with two threads they take longer, up to tenfold on a busy machine. */
    static int threads(PhaseData data, TransferSettings settings) {
        return data.onVectors() ? 1 : settings.threads();
    }

    private PhaseData openData(String phase, int views) {
        Stopwatch start = Stopwatch.start();
        tell(new TransferEvent.PhaseBegun(phase));
        var source = new PhaseData.Source(
                network,
                planning.extraction(),
                settings,
                views,
                workers,
                FrozenPass.Progress.told(phase, this::tell),
                stop);
        PhaseData data = PhaseData.open(source, planning.parts());
        timings.pass(start.seconds(), data.decodeShare());
        cache = cache.plus(data.cacheUse());
        if (!data.skipped().isEmpty()) {
            data.close();
            throw IndexedPicture.changed(data.skipped().get(0), null);
        }
        return data;
    }
}
