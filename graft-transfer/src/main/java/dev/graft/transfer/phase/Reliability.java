package dev.graft.transfer.phase;

import dev.graft.bundle.Confidence;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.model.Network;
import dev.graft.model.Penultimate;
import dev.graft.model.Program;
import dev.graft.onnx.OnnxGraph;
import dev.graft.onnx.OnnxSession;
import dev.graft.report.Calibration;
import dev.graft.report.InDistribution;
import dev.graft.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How sure a trained network may be, by its validation pictures.
 *
 * @param calibration the temperature, and what it does
 * @param inDistribution what tells unknown pictures, or null where there are too few pictures to say
 */
public record Reliability(Calibration calibration, @Nullable InDistribution inDistribution) {
    /**
     * Looks at the features of training and validation pictures.
     *
     * @param program what is trained, on the batches
     */
    static @Nullable InDistribution inDistribution(
            Network network, Program program, Batches training, Batches validation, int threads) {
        Optional<Program> features = Penultimate.of(program);
        if (features.isEmpty() || validation.size() < InDistribution.LEAST_VALIDATION) {
            return null;
        }
        OnnxGraph graph = OnnxGraph.of(features.get(), network.weights());
        try (OnnxSession session = OnnxSession.open(graph, threads)) {
            // The first batches of a shuffled epoch are a fair choice.
            return InDistribution.of(
                            features(session, training, InDistribution.EXAMPLES),
                            features(session, validation, Integer.MAX_VALUE))
                    .orElse(null);
        }
    }

    private static List<float[]> features(OnnxSession session, Batches batches, int most) {
        List<float[]> rows = new ArrayList<>();
        try (Batches.Reader reader = batches.open(0)) {
            for (Batch batch = reader.next(); batch != null && rows.size() < most; batch = reader.next()) {
                HostTensor features = session.run(batch.inputs()).get(1);
                float[] values = features.toArray();
                int width = features.shape().size(1);
                for (int row = 0; row < batch.size(); row++) {
                    rows.add(Arrays.copyOfRange(values, row * width, (row + 1) * width));
                }
            }
        }
        return rows;
    }

    /** As a bundle keeps it. */
    public Confidence confidence() {
        return new Confidence(calibration.temperature(), inDistribution);
    }
}
