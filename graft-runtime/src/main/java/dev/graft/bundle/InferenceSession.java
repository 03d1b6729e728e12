package dev.graft.bundle;

import dev.graft.data.InputGeometry;
import dev.graft.model.Network;
import dev.graft.model.Penultimate;
import dev.graft.model.Program;
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

    /** What the network says of a picture, and the features that its head takes; none where those were not asked for. */
    record Answer(float[] logits, float[] features) {}

    static InferenceSession open(Network network, int threads) {
        return open(network, network.program(), threads);
    }

    /** With features. */
    static InferenceSession withFeatures(Network network, int threads) {
        return open(network, Penultimate.of(network.program()).orElse(network.program()), threads);
    }

    private static InferenceSession open(Network network, Program program, int threads) {
        return new InferenceSession(OnnxSession.open(OnnxGraph.of(program, network.weights()), threads));
    }

    /** Of one picture, {@code [1, 3, S, S]} pixels. */
    Answer answer(HostTensor pixels) {
        List<HostTensor> outputs = session.run(List.of(pixels));
        return new Answer(
                outputs.get(0).toArray(), outputs.size() > 1 ? outputs.get(1).toArray() : new float[0]);
    }

    /** The logits of the picture that bundles are checked with. */
    List<Float> testLogits(InputGeometry geometry) {
        List<Float> list = new ArrayList<>();
        for (float logit : answer(TestPicture.of(geometry)).logits()) {
            list.add(logit);
        }
        return list;
    }

    @Override
    public void close() {
        session.close();
    }
}
