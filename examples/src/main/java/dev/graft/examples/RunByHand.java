package dev.graft.examples;

import dev.graft.Stopwatch;
import dev.graft.tensor.HostTensor;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.features.FeatureExtraction;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.phase.PhaseResult;
import dev.graft.transfer.plan.Advice;
import dev.graft.transfer.plan.Advisor;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.plan.Planner;
import dev.graft.transfer.plan.PreparedRun;
import dev.graft.transfer.plan.SettingsResolver;
import dev.graft.transfer.plan.TransferPlan;
import dev.graft.transfer.run.PhaseRunner;
import dev.graft.transfer.run.TransferResult;
import dev.graft.transfer.split.DataSplit;
import dev.graft.transfer.split.GivenPictures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code graft train} does, step by step, for whoever wants to put one of their own in between: the bundle is the same
 * to the byte. Without what a run that users wait for needs beside that: it does not resume, nor keep the weights of a phase
 * before one that fails.
 */
public final class RunByHand {
    private RunByHand() {}

    static TransferResult run(TransferSettings asked, RunContext context) {
        Stopwatch begun = Stopwatch.start();
        // What the pictures are: each goes once through the frozen backbone, before they are split.
        GivenPictures given = GivenPictures.read(asked);
        FeatureExtractor extractor = FeatureExtractor.of(asked, note -> {});
        FeatureExtraction features = FeatureExtraction.of(extractor, given.pictures(), asked, context);
        DataSplit split = DataSplit.of(given, features, asked, context);
        // What is to be done with them.
        Advice advice = new Advisor(extractor, features, split.splits(), asked).advise();
        ResolvedSettings settings = SettingsResolver.of(asked, advice, extractor, split, features.holdsFeatures());
        Planner planner = new Planner(settings, extractor, split, advice);
        TransferPlan plan = planner.plan(given, given.remarks());
        PreparedRun run = new PreparedRun(settings, features, extractor, split, planner.network(), plan, begun);
        // The phases: each takes a network and gives one with other weights.
        PhaseRunner runner = new PhaseRunner(run, context);
        PhaseRunner.Done done =
                runner.head(plan.head().orElseThrow(), run.network()).orElseThrow();
        List<PhaseResult> results = new ArrayList<>(List.of(done.result()));
        Map<String, HostTensor> simple = Map.copyOf(done.network().network().weights());
        TransferNetwork network = run.tunable(done.network());
        for (TuningPhase phase : plan.tuning()) {
            boolean last = results.size() == plan.tuning().size();
            done = runner.tune(phase, network, last ? simple : null, trainer -> {})
                    .orElseThrow();
            results.add(done.result());
            network = done.network();
        }
        return new TransferResult(
                network,
                plan,
                settings,
                split.splits(),
                results,
                done.choice(),
                null,
                done.outcome().validation(),
                done.outcome().test(),
                done.outcome().reliability(),
                features.skipped(),
                features.cacheUse(),
                new TransferResult.Timing(0, 0, 0, 0, 0, begun.seconds()));
    }
}
