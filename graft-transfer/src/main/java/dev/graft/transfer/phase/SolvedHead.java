package dev.graft.transfer.phase;

import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.dataset.ClassWeights;
import dev.graft.heads.FeatureTable;
import dev.graft.heads.Head;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.Engine;
import dev.graft.transfer.config.Balance;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.plan.PreparedRun;
import dev.graft.transfer.split.DataSplit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Solves a head on the features of the training pictures. */
public final class SolvedHead {
    private SolvedHead() {}

    /**
     * The head's weights.
     *
     * @param weights by full name
     * @param regularisation that was found or given, where the head has one
     */
    public record Solved(Map<String, HostTensor> weights, OptionalDouble regularisation) {}

    /** Solves the head of a run. */
    public static Solved of(PhaseData data, PreparedRun run) {
        ResolvedSettings settings = run.settings();
        int classes = run.plan().classes().size();
        Head.Solution solution = of(settings.head(), data.batches(DataSplit.TRAIN), settings, classes);
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        solution.weights().forEach((name, weight) -> weights.put(TransferNetwork.HEAD + "." + name, weight));
        return new Solved(weights, solution.regularisation());
    }

    /**
     * The weights of the head. With several views of each picture the regularisation is found on one view of each, so that
     * no fold holds out what another has learnt; the head is then solved on all.
     *
     * @param batches features, of which each epoch has other views
     */
    private static Head.Solution of(Head head, Batches batches, ResolvedSettings settings, int classes) {
        long seed = settings.get(RunSettings.SEED);
        FeatureTable first = table(batches, 1, classes);
        ClassWeights weights = settings.get(DataSettings.BALANCE) == Balance.NONE
                ? new ClassWeights(Collections.nCopies(classes, 1.0))
                : ClassWeights.balanced(first.countPerClass());
        Engine engine = Engine.cpu(settings.get(RunSettings.THREADS));
        if (settings.headViews() == 1) {
            return head.solve(new Head.Task(first, weights, seed, engine)).orElseThrow();
        }
        FeatureTable all = table(batches, settings.headViews(), classes);
        Head fixed = head;
        if (head.isCrossValidated()) {
            Head.Solution chosen =
                    head.solve(new Head.Task(first, weights, seed, engine)).orElseThrow();
            fixed = head.regularised(chosen.regularisation().orElseThrow());
        }
        return fixed.solve(new Head.Task(all, weights, seed, engine)).orElseThrow();
    }

    private static FeatureTable table(Batches batches, int epochs, int classes) {
        List<float[]> rows = new ArrayList<>();
        int[] labels = new int[batches.size() * epochs];
        for (int epoch = 0; epoch < epochs; epoch++) {
            try (Batches.Reader reader = batches.open(epoch)) {
                for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                    for (int row = 0; row < batch.size(); row++) {
                        labels[rows.size() + row] = (int) batch.target().get(row);
                    }
                    rows.addAll(batch.inputs().get(0).rows());
                }
            }
        }
        return FeatureTable.of(rows, labels, classes);
    }
}
