package dev.graft.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.graft.Closing;
import dev.graft.tensor.HostTensor;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Quiet runs of a model that nobody has run before, to see what it gives. */
final class OnnxProbe implements AutoCloseable {
    private static final Set<String> REAL = Set.of("FLOAT", "FLOAT16");

    /**
     * What came out.
     *
     * @param type ONNX Runtime's name of the number format, such as {@code FLOAT}
     * @param sizes of the tensor
     * @param numbers if they are floats, else none
     */
    record Value(String type, long[] sizes, float[] numbers) {
        boolean isReal() {
            return REAL.contains(type);
        }

        String shape() {
            return LongStream.of(sizes).mapToObj(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
        }

        /** The features that are to be made of it: the means over height and width, or over tokens. */
        float[] pooled() {
            boolean channelsLast = sizes.length == 3 || (sizes.length == 4 && ForeignCut.isChannelsLast(sizes));
            int units = (int) sizes[channelsLast ? sizes.length - 1 : 1];
            int places = numbers.length / units;
            double[] sums = new double[units];
            for (int i = 0; i < numbers.length; i++) {
                sums[channelsLast ? i % units : i / places] += numbers[i];
            }
            float[] means = new float[units];
            for (int unit = 0; unit < units; unit++) {
                means[unit] = (float) (sums[unit] / places);
            }
            return means;
        }
    }

    private final OrtSession session;
    private final Closing closing;

    private OnnxProbe(OrtSession session) {
        this.session = session;
        this.closing = OnnxRuntime.closing("the trial of the network", session);
    }

    /**
     * Loads a model of one input.
     *
     * @throws OrtException if ONNX Runtime refuses it
     */
    static OnnxProbe open(byte[] model) throws OrtException {
        OnnxRuntime.environment();
        try (var options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setDeterministicCompute(true);
            return new OnnxProbe(OnnxRuntime.session(model, options));
        }
    }

    /**
     * Its first output.
     *
     * @throws OrtException if the run fails
     */
    Value run(HostTensor input) throws OrtException {
        try (var use = closing.use();
                var options = new OrtSession.RunOptions();
                OnnxTensor tensor = OnnxSession.tensor(input)) {
            options.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            String name = session.getInputNames().iterator().next();
            try (OrtSession.Result result = session.run(Map.of(name, tensor), options)) {
                return value(result.get(0));
            }
        }
    }

    private static Value value(OnnxValue value) {
        if (!(value instanceof OnnxTensor tensor)) {
            return new Value(value.getType().name(), new long[0], new float[0]);
        }
        TensorInfo info = tensor.getInfo();
        String type = info.onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "");
        FloatBuffer values = REAL.contains(type) ? tensor.getFloatBuffer() : FloatBuffer.allocate(0);
        float[] numbers = new float[values.remaining()];
        values.get(numbers);
        return new Value(type, info.getShape().clone(), numbers);
    }

    @Override
    public void close() {
        closing.close();
    }
}
