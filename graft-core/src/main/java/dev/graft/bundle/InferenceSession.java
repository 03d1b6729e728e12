package dev.graft.bundle;

import dev.graft.data.InputGeometry;
import dev.graft.model.Network;
import dev.graft.onnx.OnnxGraph;
import dev.graft.onnx.OnnxSession;
import dev.graft.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** A classifier's network in ONNX Runtime. */
final class InferenceSession implements AutoCloseable {
    private final OnnxSession session;

    private InferenceSession(OnnxSession session) {
        this.session = session;
    }

    static InferenceSession open(Network network, int threads) {
        return new InferenceSession(OnnxSession.open(OnnxGraph.of(network.program(), network.weights()), threads));
    }

    /** The logits of one picture, {@code [1, 3, S, S]} pixels. */
    float[] logits(HostTensor pixels) {
        return session.run(List.of(pixels)).get(0).toArray();
    }

    /** The logits of the picture that bundles are checked with. */
    List<Float> testLogits(InputGeometry geometry) {
        List<Float> list = new ArrayList<>();
        for (float logit : logits(TestPicture.of(geometry))) {
            list.add(logit);
        }
        return list;
    }

    @Override
    public void close() {
        session.close();
    }
}
