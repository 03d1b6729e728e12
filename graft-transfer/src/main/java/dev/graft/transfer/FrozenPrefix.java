package dev.graft.transfer;

import dev.graft.GraftVersion;
import dev.graft.Sha256;
import dev.graft.data.PictureReader;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.onnx.OnnxGraph;
import dev.graft.onnx.OnnxSession;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The frozen part of a network, from the pixels of a picture to the values at the boundary, run in ONNX Runtime. Several
 * threads may compute at once, one picture each: that uses all cores without any waiting for each other, and the result
 * of a picture depends on nothing but the picture.
 */
final class FrozenPrefix implements AutoCloseable {
    private final OnnxSession session;
    private final PictureReader reader;
    private final List<Shape> outputs;
    private final String key;
    private final ThreadLocal<HostTensor> pixels;
    private final LongAdder decodeNanos = new LongAdder();
    private final LongAdder runNanos = new LongAdder();

    /**
     * Opens the prefix of a network's cut.
     *
     * @param reader how pictures become pixels
     */
    FrozenPrefix(Network network, Program prefix, PictureReader reader) {
        OnnxGraph graph = OnnxGraph.of(prefix, network.weights());
        this.session = OnnxSession.open(graph, 1);
        this.reader = reader;
        this.outputs = graph.outputs();
        this.key = key(graph, reader);
        Shape input = graph.inputs().get(0).withBatch(1);
        this.pixels = ThreadLocal.withInitial(() -> HostTensor.allocate(input));
    }

    /** Whatever decides what comes out for a picture: how this Graft reads it, its geometry, the graph, all weights. */
    private static String key(OnnxGraph graph, PictureReader reader) {
        MessageDigest digest = Sha256.digest();
        digest.update((GraftVersion.get() + "\n" + reader.geometry() + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(graph.bytes());
        return Sha256.hex(digest);
    }

    /** The same for two prefixes that give the same values. */
    String key() {
        return key;
    }

    /** The shapes at the boundary, with the batch open. */
    List<Shape> outputs() {
        return outputs;
    }

    /** The size in bytes of all boundary values of one picture. */
    int recordBytes() {
        long elements = outputs.stream().mapToLong(Shape::itemElements).sum();
        return Math.toIntExact(elements * Float.BYTES);
    }

    /** Tensors for the boundary values of one picture. */
    List<HostTensor> allocate() {
        return outputs.stream()
                .map(shape -> HostTensor.allocate(shape.withBatch(1)))
                .toList();
    }

    /**
     * Decodes a picture and computes its boundary values.
     *
     * @param file the bytes of the picture
     * @param results from {@link #allocate}
     */
    void compute(byte[] file, View view, List<HostTensor> results) throws UnreadablePictureException {
        long start = System.nanoTime();
        HostTensor input = pixels.get();
        reader.read(file, view, input.values());
        long decoded = System.nanoTime();
        session.run(List.of(input), results);
        decodeNanos.add(decoded - start);
        runNanos.add(System.nanoTime() - decoded);
    }

    /** Decodes a picture only, to see whether it can be. */
    void check(byte[] file) throws UnreadablePictureException {
        long start = System.nanoTime();
        reader.read(file, View.plain(), pixels.get().values());
        decodeNanos.add(System.nanoTime() - start);
    }

    /** Which share of the time went into decoding, the rest into the network. */
    double decodeShare() {
        double sum = decodeNanos.sum() + runNanos.sum();
        return sum == 0 ? 1 : decodeNanos.sum() / sum;
    }

    @Override
    public void close() {
        session.close();
    }
}
