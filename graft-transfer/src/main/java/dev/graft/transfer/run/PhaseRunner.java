package dev.graft.transfer.run;

import dev.graft.GraftException;
import dev.graft.Stopwatch;
import dev.graft.data.Skipped;
import dev.graft.dataset.Batches;
import dev.graft.dataset.ClassWeights;
import dev.graft.model.Network;
import dev.graft.preprocessing.MixUp;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.Engine;
import dev.graft.train.CrossEntropy;
import dev.graft.train.History;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Objective;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.Balance;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.features.CacheUse;
import dev.graft.transfer.features.IndexedPicture;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.phase.FreezeCertificate;
import dev.graft.transfer.phase.HeldOut;
import dev.graft.transfer.phase.PhaseData;
import dev.graft.transfer.phase.PhaseOutcome;
import dev.graft.transfer.phase.PhaseResult;
import dev.graft.transfer.phase.SolvedHead;
import dev.graft.transfer.phase.WeightInterpolation;
import dev.graft.transfer.phase.WeightsChosen;
import dev.graft.transfer.plan.PlannedPhase;
import dev.graft.transfer.plan.PlannedPhase.HeadPhase;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.plan.PreparedRun;
import dev.graft.transfer.split.DataSplit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes through the phases of a run, one at a time: from a network to one with other weights. */
public final class PhaseRunner {
    private final PreparedRun run;
    private final ResolvedSettings settings;
    private final RunContext context;

    public PhaseRunner(PreparedRun run, RunContext context) {
        this.run = run;
        this.settings = run.settings();
        this.context = context;
    }

    /**
     * What a phase gave.
     *
     * @param network with the weights that are kept
     * @param choice how they were chosen among mixtures with others, or null where that was not asked
     * @param openSeconds how long its data took to be opened; of them {@code decodeShare} went into decoding
     * @param trainSeconds all after that
     */
    public record Done(
            TransferNetwork network,
            PhaseOutcome outcome,
            PhaseResult result,
            @Nullable WeightInterpolation choice,
            CacheUse cache,
            double openSeconds,
            double decodeShare,
            double trainSeconds) {}

    /** A phase on its data. */
    private interface Work {
        Done on(PhaseData data, FreezeCertificate certificate);
    }

    /**
     * The head's phase.
     *
     * @param before the network as it is; it stays so
     * @return empty where it was stopped before it began
     * @throws GraftException if training diverges, or a picture has changed
     */
    public Optional<Done> head(HeadPhase phase, TransferNetwork before) {
        TransferNetwork network = before.training(phase.trains());
        return open(phase, network, (data, certificate) -> {
            Stopwatch start = Stopwatch.start();
            History history = null;
            OptionalDouble regularisation = OptionalDouble.empty();
            Phase training = phase.training();
            if (training == null) {
                SolvedHead.Solved solved = SolvedHead.of(data, run);
                network.network().setWeights(solved.weights());
                regularisation = solved.regularisation();
            } else {
                history = fit(network, data, training, Optimizer.adam(phase.learningRate()), 0, trainer -> {});
            }
            certificate.verify(network.network());
            double took = start.seconds();
            Done done = measured(network, data, certificate, phase, history, null, start);
            if (history == null) {
                context.tell(new TransferEvent.HeadSolved(
                        phase.head(), regularisation, took, done.outcome().validation()));
            }
            return done;
        });
    }

    /**
     * A phase of fine-tuning.
     *
     * @param before the network as it is; it stays so
     * @param simple the weights that the result is mixed with as the validation pictures like it best; or null to keep the
     *     best epoch
     * @param prepared is given the trainer before it begins
     * @return empty where it was stopped before it began
     * @throws GraftException if training diverges, or a picture has changed
     */
    public Optional<Done> tune(
            TuningPhase phase,
            TransferNetwork before,
            @Nullable Map<String, HostTensor> simple,
            Consumer<Trainer> prepared) {
        TransferNetwork network = before.training(phase.trains());
        return open(phase, network, (data, certificate) -> {
            Stopwatch start = Stopwatch.start();
            double smoothing = settings.get(TuningSettings.LABEL_SMOOTHING);
            History history = fit(network, data, phase.phase(), phase.optimizer(), smoothing, prepared);
            // Before other weights take their place, which would cover up what happened to these.
            certificate.verify(network.network());
            WeightInterpolation choice = simple == null || !settings.get(TuningSettings.BLEND)
                    ? null
                    : choose(network.network(), data, simple, context, settings.get(RunSettings.THREADS));
            return measured(network, data, certificate, phase, history, choice, start);
        });
    }

    private Optional<Done> open(PlannedPhase phase, TransferNetwork network, Work work) {
        FreezeCertificate certificate = FreezeCertificate.of(network.network());
        if (phase instanceof HeadPhase head && head.head().isSolved()) {
            certificate = certificate.without(TransferNetwork.HEAD);
        }
        Stopwatch start = Stopwatch.start();
        context.tell(new TransferEvent.PhaseBegun(phase.name()));
        try (PhaseData data = PhaseData.open(PhaseData.Source.of(phase, network, run, context), run.parts())) {
            double opened = start.seconds();
            List<Skipped> changed = data.skipped();
            if (!changed.isEmpty()) {
                throw IndexedPicture.changed(changed.get(0), null);
            }
            if (context.isStopped()) {
                return Optional.empty();
            }
            Done done = work.on(data, certificate);
            return Optional.of(new Done(
                    done.network,
                    done.outcome,
                    done.result,
                    done.choice,
                    data.cacheUse(),
                    opened,
                    data.decodeShare(),
                    done.trainSeconds));
        }
    }

    private static WeightInterpolation choose(
            Network network, PhaseData data, Map<String, HostTensor> simple, RunContext context, int threads) {
        Map<String, HostTensor> tuned = new LinkedHashMap<>(network.weights());
        WeightInterpolation made = WeightInterpolation.of(
                simple,
                tuned,
                weights -> HeldOut.logits(data.program(), weights, data.batches(DataSplit.VALIDATION), threads),
                data.labels(DataSplit.VALIDATION));
        network.setWeights(made.weights(simple, tuned));
        context.tell(new WeightsChosen(made));
        return made;
    }

    private History fit(
            TransferNetwork network,
            PhaseData data,
            Phase phase,
            Optimizer optimizer,
            double smoothing,
            Consumer<Trainer> prepared) {
        double alpha = settings.get(RunSettings.MIX_UP);
        CrossEntropy loss = alpha > 0 ? Loss.oneHotCrossEntropy() : Loss.crossEntropy();
        try (Trainer trainer = Trainer.on(Engine.best(data.threads()))
                .compile(
                        network.network(),
                        data.program(),
                        optimizer,
                        Objective.of(loss.labelSmoothing(smoothing), Metric.accuracy()))) {
            trainer.listen(event -> context.tell(new TransferEvent.Training(event)))
                    .stopWhen(context.stop())
                    .seed(settings.get(RunSettings.SEED));
            if (settings.get(DataSettings.BALANCE) == Balance.WEIGHTS) {
                trainer.classWeights(ClassWeights.balanced(
                        run.plan().counts().stream().mapToInt(Integer::intValue).toArray()));
            }
            prepared.accept(trainer);
            Batches training = data.batches(DataSplit.TRAIN);
            Batches validation = data.batches(DataSplit.VALIDATION);
            if (alpha == 0) {
                return trainer.fit(training, validation, phase);
            }
            int classes = run.plan().classes().size();
            Batches mixed = training.oneHot(classes).mix(MixUp.of(alpha), settings.get(RunSettings.SEED));
            return trainer.fit(mixed, validation.oneHot(classes), phase);
        }
    }

    private Done measured(
            TransferNetwork network,
            PhaseData data,
            FreezeCertificate certificate,
            PlannedPhase phase,
            @Nullable History history,
            @Nullable WeightInterpolation choice,
            Stopwatch start) {
        PhaseOutcome outcome =
                PhaseOutcome.of(network.network(), data, run.plan().classes(), settings.get(RunSettings.THREADS));
        PhaseResult result = new PhaseResult(phase.name(), history, outcome.validation(), certificate.digest());
        return new Done(network, outcome, result, choice, data.cacheUse(), 0, 0, start.seconds());
    }
}
