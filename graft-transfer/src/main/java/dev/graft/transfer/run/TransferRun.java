package dev.graft.transfer.run;

import dev.graft.DivergedException;
import dev.graft.GraftException;
import dev.graft.Preload;
import dev.graft.data.PictureReader;
import dev.graft.data.Skipped;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.Torch;
import dev.graft.train.Trainer;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.features.CacheUse;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.phase.PhaseResult;
import dev.graft.transfer.phase.WeightInterpolation;
import dev.graft.transfer.plan.Planned;
import dev.graft.transfer.plan.PlannedPhase;
import dev.graft.transfer.plan.PlannedPhase.HeadPhase;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.plan.PreparedRun;
import dev.graft.transfer.plan.TransferPlan;
import dev.graft.transfer.resume.ResumableRun;
import dev.graft.transfer.resume.ResumeSettings;
import dev.graft.transfer.setting.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of transfer learning: a folder of pictures in, a trained network out. First a look at all pictures, then the head
 * on the frozen backbone, then, if that is the plan, a part of the backbone gently with it.
 */
public final class TransferRun {
    private final PreparedRun prepared;
    private final @Nullable ResumableRun resumable;
    private final RunContext context;
    private final PhaseRunner runner;
    private final List<PhaseResult> phases = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final Timings timings = new Timings();
    private CacheUse cache;
    private TransferNetwork network;
    private @Nullable WeightInterpolation choice;
    /** What the last phase that was finished gave. */
    private PhaseRunner.@Nullable Done last;

    private TransferResult.@Nullable Failure failure;
    private boolean listenerFailed;

    private TransferRun(PreparedRun prepared, @Nullable ResumableRun resumable, RunContext context) {
        this.prepared = prepared;
        this.resumable = resumable;
        this.context = context.telling(event -> tell(context, event));
        this.runner = new PhaseRunner(prepared, this.context);
        this.network = prepared.network();
        this.cache = prepared.extraction().cacheUse();
        skipped.addAll(prepared.extraction().skipped());
        timings.pass(prepared.extraction().seconds(), prepared.extraction().decodeShare());
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
        try (RunContext context = RunContext.open(settings.get(RunSettings.THREADS), listener, stop)) {
            return of(PreparedRun.of(settings, context), context);
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
        try (RunContext context = RunContext.open(settings.get(RunSettings.THREADS), listener, stop)) {
            PreparedRun prepared = PreparedRun.of(settings, context);
            return new TransferRun(prepared, ResumableRun.of(resuming, prepared), context).run();
        }
    }

    /** Goes through the phases of a run that is prepared. */
    public static TransferResult of(PreparedRun prepared, RunContext context) {
        return new TransferRun(prepared, null, context).run();
    }

    private TransferResult run() {
        TransferPlan plan = prepared.plan();
        context.tell(new Planned(plan, prepared.settings()));
        plan.head().ifPresent(this::head);
        Map<String, HostTensor> simple = new LinkedHashMap<>(network.network().weights());
        List<TuningPhase> tuning = plan.tuning();
        if (!tuning.isEmpty()) {
            network = prepared.tunable(network);
        }
        resume();
        for (int number = 0; number < tuning.size() && failure == null; number++) {
            if (last != null && context.isStopped()) {
                break;
            }
            if (resumable == null || !resumable.isPast(number)) {
                boolean mixed = number == tuning.size() - 1 && plan.head().isPresent();
                tuneOrKeep(number, tuning.get(number), mixed ? simple : null);
            }
        }
        return result(plan);
    }

    private TransferResult result(TransferPlan plan) {
        if (last == null) {
            throw new GraftException(PreparedRun.stopped(prepared.settings().asked()));
        }
        return new TransferResult(
                network,
                plan,
                prepared.settings(),
                prepared.split().splits(),
                phases,
                choice,
                failure,
                last.outcome().validation(),
                last.outcome().test(),
                last.outcome().reliability(),
                skipped,
                cache,
                timings.total(prepared.begun().seconds()));
    }

    /** Takes over what an interrupted run had done. */
    private void resume() {
        if (resumable != null) {
            network = network.withWeights(resumable.weights());
            phases.addAll(resumable.done());
        }
    }

    private void head(HeadPhase phase) {
        try {
            finish(runner.head(phase, network));
        } catch (DivergedException e) {
            throw diverged(phase, e, HeadSettings.LEARNING_RATE);
        }
        if (last == null) {
            throw new GraftException(PreparedRun.stopped(prepared.settings().asked()));
        }
        timings.head(last.trainSeconds(), prepared.begun().seconds());
    }

    private static GraftException diverged(PlannedPhase phase, DivergedException e, Setting<Double> rate) {
        return new GraftException(
                phase.name() + " diverged: " + e.reason() + " at a learning rate of " + phase.learningRate()
                        + ", so there is nothing to save; lower " + rate.named(),
                e);
    }

    /** A phase; whatever ends it, the weights of the one before it are kept if there is one. */
    private void tuneOrKeep(int number, TuningPhase phase, @Nullable Map<String, HostTensor> simple) {
        try {
            Optional<PhaseRunner.Done> done = runner.tune(phase, network, simple, trainer -> keep(trainer, number));
            finish(done);
            done.ifPresent(one -> timings.fineTune(one.trainSeconds()));
        } catch (RuntimeException | VirtualMachineError e) {
            if (last == null && e instanceof DivergedException diverged) {
                throw diverged(phase, diverged, TuningSettings.LEARNING_RATE);
            }
            if (last == null || listenerFailed) {
                throw e;
            }
            failure = new TransferResult.Failure(phase.name(), phase.learningRate(), e);
        }
    }

    private void keep(Trainer trainer, int number) {
        if (resumable != null) {
            int before = prepared.plan().head().isPresent() ? 1 : 0;
            trainer.keep(resumable.keeper(
                    number,
                    List.copyOf(phases.subList(before, phases.size())),
                    network.network().weights(),
                    note -> context.tell(new TransferEvent.Noted(note))));
            resumable.state(number).ifPresent(trainer::resume);
        }
    }

    private void finish(Optional<PhaseRunner.Done> finished) {
        finished.ifPresent(done -> {
            network = done.network();
            phases.add(done.result());
            choice = done.choice();
            cache = cache.plus(done.cache());
            timings.pass(done.openSeconds(), done.decodeShare());
            last = done;
        });
    }

    /** What the listener throws is its own affair and ends the run. */
    private void tell(RunContext given, TransferEvent event) {
        try {
            given.tell(event);
        } catch (RuntimeException | Error e) {
            listenerFailed = true;
            throw e;
        }
    }
}
