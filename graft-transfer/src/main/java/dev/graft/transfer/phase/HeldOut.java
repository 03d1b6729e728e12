package dev.graft.transfer.phase;

import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.model.Program;
import dev.graft.onnx.OnnxGraph;
import dev.graft.onnx.OnnxSession;
import dev.graft.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a network says of pictures that it is not trained on, in ONNX Runtime: as its users will be told. */
public final class HeldOut {
    private HeldOut() {}

    /**
     * Runs a program over batches.
     *
     * @return logits, one row a picture
     */
    public static List<float[]> logits(Program program, Map<String, HostTensor> weights, Batches batches, int threads) {
        List<float[]> rows = new ArrayList<>();
        try (OnnxSession session = OnnxSession.open(OnnxGraph.of(program, weights), threads);
                Batches.Reader reader = batches.open(0)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                rows.addAll(session.run(batch.inputs()).get(0).rows());
            }
        }
        return rows;
    }
}
