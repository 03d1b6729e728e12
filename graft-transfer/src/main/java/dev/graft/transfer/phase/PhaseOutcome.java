package dev.graft.transfer.phase;

import dev.graft.model.Network;
import dev.graft.report.Calibration;
import dev.graft.report.Evaluation;
import dev.graft.report.InDistribution;
import dev.graft.transfer.split.DataSplit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the weights that a phase leaves behind do on pictures that they were not learnt from.
 *
 * @param test null where there are no test pictures
 */
public record PhaseOutcome(Evaluation validation, @Nullable Evaluation test, Reliability reliability) {
    /** Measures them. */
    public static PhaseOutcome of(Network network, PhaseData data, List<String> classes, int threads) {
        List<float[]> logits = logits(network, data, DataSplit.VALIDATION, threads);
        int[] labels = data.labels(DataSplit.VALIDATION);
        InDistribution inDistribution = Reliability.inDistribution(
                network, data.program(), data.batches(DataSplit.TRAIN), data.batches(DataSplit.VALIDATION), threads);
        Evaluation test = data.parts() > DataSplit.TEST
                ? Evaluation.of(classes, logits(network, data, DataSplit.TEST, threads), data.labels(DataSplit.TEST))
                : null;
        return new PhaseOutcome(
                Evaluation.of(classes, logits, labels),
                test,
                new Reliability(Calibration.of(logits, labels), inDistribution));
    }

    private static List<float[]> logits(Network network, PhaseData data, int part, int threads) {
        return HeldOut.logits(data.program(), network.weights(), data.batches(part), threads);
    }
}
