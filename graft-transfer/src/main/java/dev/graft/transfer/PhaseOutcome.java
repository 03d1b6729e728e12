package dev.graft.transfer;

import dev.graft.model.Network;
import dev.graft.report.Calibration;
import dev.graft.report.Evaluation;
import dev.graft.report.Familiarity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the weights that a phase leaves behind do on pictures that they were not learnt from.
 *
 * @param test null where there are no test pictures
 */
record PhaseOutcome(Evaluation validation, @Nullable Evaluation test, Reliability reliability) {
    static PhaseOutcome of(Network network, PhaseData data, List<String> classes, int threads) {
        List<float[]> logits = logits(network, data, Planning.VALIDATION, threads);
        int[] labels = data.labels(Planning.VALIDATION);
        Familiarity familiarity = Reliability.familiarity(
                network, data.program(), data.batches(Planning.TRAIN), data.batches(Planning.VALIDATION), threads);
        Evaluation test = data.parts() > Planning.TEST
                ? Evaluation.of(classes, logits(network, data, Planning.TEST, threads), data.labels(Planning.TEST))
                : null;
        return new PhaseOutcome(
                Evaluation.of(classes, logits, labels),
                test,
                new Reliability(Calibration.of(logits, labels), familiarity));
    }

    private static List<float[]> logits(Network network, PhaseData data, int part, int threads) {
        return HeldOut.logits(data.program(), network.weights(), data.batches(part), threads);
    }
}
