package dev.graft.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import dev.graft.Closing;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A loaded ONNX graph, run in ONNX Runtime. {@link #run} may be called from several threads at once: parallelism over
 * pictures beats parallelism inside one, so sessions are made with one thread where callers have many.
 *
 * <p>It may be closed while others run it: each run that has begun ends as ever, later ones throw an
 * {@link IllegalStateException}.
 */
public final class OnnxSession implements AutoCloseable {
    private final OrtSession session;
    private final List<Shape> outputs;
    private final Closing closing;

    private OnnxSession(OrtSession session, List<Shape> outputs) {
        this.session = session;
        this.outputs = outputs;
        this.closing = OnnxRuntime.closing("the session of ONNX Runtime", session);
    }

    /**
     * Loads a graph.
     *
     * @param threads how many threads one run may use
     * @throws dev.graft.GraftException if ONNX Runtime refuses the graph
     */
    public static OnnxSession open(OnnxGraph graph, int threads) {
        // First of all, since any class of the library loads its natives, from where this says.
        OnnxRuntime.environment();
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setDeterministicCompute(true);
            useGpu(options);
            return new OnnxSession(OnnxRuntime.session(graph.bytes(), options), graph.outputs());
        } catch (OrtException e) {
            throw OnnxRuntime.failure("the graph was refused", e);
        }
    }

    /** In the build of ONNX Runtime for CUDA, where the machine has it too; the CPU otherwise. */
    private static void useGpu(OrtSession.SessionOptions options) {
        if (OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            try {
                options.addCUDA();
            } catch (OrtException e) {
                // No usable GPU on this machine: the session runs on the CPU, as in the other build.
            }
        }
    }

    /**
     * Computes the outputs for one batch.
     *
     * @param inputs one tensor an input, with the batch as first size; direct buffers are not copied
     */
    public List<HostTensor> run(List<HostTensor> inputs) {
        int batch = inputs.get(0).shape().size(0);
        List<HostTensor> results = new ArrayList<>();
        for (Shape shape : outputs) {
            results.add(HostTensor.allocate(shape.withBatch(batch)));
        }
        run(inputs, results);
        return results;
    }

    /** The same into the caller's tensors, which must be in direct memory. */
    public void run(List<HostTensor> inputs, List<HostTensor> results) {
        if (!results.stream().allMatch(HostTensor::isNative)) {
            throw new IllegalArgumentException("a result that is not in direct memory would stay empty: allocate() it");
        }
        Map<String, OnnxTensor> in = new HashMap<>();
        Map<String, OnnxTensor> out = new LinkedHashMap<>();
        try (var use = closing.use()) {
            for (int i = 0; i < inputs.size(); i++) {
                in.put("input" + i, tensor(inputs.get(i)));
            }
            for (int i = 0; i < results.size(); i++) {
                out.put("output" + i, tensor(results.get(i)));
            }
            session.run(in, out).close();
        } catch (OrtException e) {
            throw OnnxRuntime.failure("a run failed", e);
        } finally {
            in.values().forEach(OnnxTensor::close);
            out.values().forEach(OnnxTensor::close);
        }
    }

    static OnnxTensor tensor(HostTensor host) throws OrtException {
        int[] sizes = host.shape().sizes();
        long[] wide = new long[sizes.length];
        for (int axis = 0; axis < sizes.length; axis++) {
            wide[axis] = sizes[axis];
        }
        // ONNX Runtime takes direct memory as it is, in whatever byte order.
        FloatBuffer values = host.isNative() ? host.values() : FloatBuffer.wrap(host.toArray());
        return OnnxTensor.createTensor(OnnxRuntime.environment(), values, wide);
    }

    @Override
    public void close() {
        closing.close();
    }
}
