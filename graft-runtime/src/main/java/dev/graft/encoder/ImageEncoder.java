package dev.graft.encoder;

import dev.graft.Closing;
import dev.graft.GraftException;
import dev.graft.GraftVersion;
import dev.graft.Sha256;
import dev.graft.data.InputGeometry;
import dev.graft.data.PictureFiles;
import dev.graft.data.PictureReader;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.onnx.OnnxGraph;
import dev.graft.onnx.OnnxSession;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * A network that does not train, with what it needs to take pictures: from the bytes of a file to the numbers that the
 * network gives, in ONNX Runtime. Each call takes one picture on the thread that asks, so any number of threads may share an
 * encoder, all cores are used without any waiting for another, and what comes out depends on nothing but the picture.
 *
 * <pre>{@code
 * try (var encoder = bundle.encoder()) {
 *     float[] features = encoder.encode(Path.of("rose.jpg"));
 * }
 * }</pre>
 *
 * <p>Each thread keeps the pixels of one picture, {@code 12 · size²} bytes. It may be closed by any thread: pictures in work
 * get their answer, later calls throw an {@link IllegalStateException}.
 */
public final class ImageEncoder implements AutoCloseable {
    private final OnnxSession session;
    private final PictureReader reader;
    private final List<Shape> outputs;
    private final String key;
    private final ThreadLocal<HostTensor> pixels;
    private final ThreadLocal<List<HostTensor>> results = ThreadLocal.withInitial(this::allocate);
    private final LongAdder decodeNanos = new LongAdder();
    private final LongAdder runNanos = new LongAdder();
    private final Closing closing;

    private ImageEncoder(OnnxGraph graph, PictureReader reader) {
        this.session = OnnxSession.open(graph, 1);
        this.closing = Closing.of("the encoder", session::close);
        this.reader = reader;
        this.outputs = graph.outputs();
        this.key = key(graph, reader);
        Shape input = graph.inputs().get(0).withBatch(1);
        this.pixels = ThreadLocal.withInitial(() -> HostTensor.allocate(input));
    }

    /**
     * Opens a network.
     *
     * @param network from pixels 0..255 {@code [N, 3, size, size]} on; its preprocessing is a layer of it
     * @throws GraftException if it cannot be run
     */
    public static ImageEncoder of(Network network, InputGeometry geometry) {
        return of(network.program(), network.weights(), PictureReader.of(geometry));
    }

    /**
     * Opens a part of a network, whose outputs may be several values on the way.
     *
     * @param reader how pictures become pixels, and what random views of them are
     * @throws GraftException if it cannot be run
     */
    public static ImageEncoder of(Program program, Map<String, HostTensor> weights, PictureReader reader) {
        return new ImageEncoder(OnnxGraph.of(program, weights), reader);
    }

    /** Whatever decides what comes out for a picture: how this Graft reads it, its geometry, the graph, all weights. */
    private static String key(OnnxGraph graph, PictureReader reader) {
        MessageDigest digest = Sha256.digest();
        digest.update((GraftVersion.get() + "\n" + reader.geometry() + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(graph.bytes());
        return Sha256.hex(digest);
    }

    /** The SHA-256, in hex digits, of whatever decides the numbers: the same for two encoders that give the same. */
    public String key() {
        return key;
    }

    /** The shapes of the outputs, with the batch open. */
    public List<Shape> outputs() {
        return outputs;
    }

    /** The size in bytes of all outputs for one picture. */
    public int outputBytes() {
        long elements = outputs.stream().mapToLong(Shape::itemElements).sum();
        return Math.toIntExact(elements * Float.BYTES);
    }

    /** Tensors for the outputs of one picture. */
    public List<HostTensor> allocate() {
        return outputs.stream()
                .map(shape -> HostTensor.allocate(shape.withBatch(1)))
                .toList();
    }

    /**
     * The first output for a picture.
     *
     * @param file its bytes, of any format that {@link PictureReader} takes
     * @throws UnreadablePictureException if it is no picture, damaged or too large; says why
     * @throws IllegalStateException if this is closed
     */
    public float[] encode(byte[] file) throws UnreadablePictureException {
        List<HostTensor> own = results.get();
        encode(file, View.plain(), own);
        return own.get(0).toArray();
    }

    /** The same for a file. */
    public float[] encode(Path file) throws UnreadablePictureException {
        closing.check();
        return encode(PictureFiles.read(file));
    }

    /**
     * The same for what a stream gives to its end; it is not closed.
     *
     * @throws IOException if it cannot be read
     */
    public float[] encode(InputStream file) throws UnreadablePictureException, IOException {
        closing.check();
        return encode(PictureFiles.read(file));
    }

    /**
     * All outputs for a view of a picture.
     *
     * @param into from {@link #allocate}
     */
    public void encode(byte[] file, View view, List<HostTensor> into) throws UnreadablePictureException {
        closing.check();
        long start = System.nanoTime();
        HostTensor input = pixels.get();
        reader.read(file, view, input.values());
        long decoded = System.nanoTime();
        try (var use = closing.use()) {
            session.run(List.of(input), into);
        }
        decodeNanos.add(decoded - start);
        runNanos.add(System.nanoTime() - decoded);
    }

    /** Decodes a picture only, to see whether it can be. */
    public void check(byte[] file) throws UnreadablePictureException {
        long start = System.nanoTime();
        reader.read(file, View.plain(), pixels.get().values());
        decodeNanos.add(System.nanoTime() - start);
    }

    /** How pictures become pixels. */
    public PictureReader reader() {
        return reader;
    }

    /** Which share of the time went into decoding so far, the rest into the network. */
    public double decodeShare() {
        double sum = decodeNanos.sum() + runNanos.sum();
        return sum == 0 ? 1 : decodeNanos.sum() / sum;
    }

    @Override
    public void close() {
        closing.close();
    }
}
