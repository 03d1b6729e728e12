package dev.graft.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.graft.tensor.HostTensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** One quiet run of a model that nobody has run before, to see what it gives. */
final class OnnxProbe {
    /**
     * What came out.
     *
     * @param type ONNX Runtime's name of the number format, such as {@code FLOAT}
     * @param sizes of the tensor
     * @param numbers if they are floats, else none
     */
    record Value(String type, long[] sizes, float[] numbers) {
        String shape() {
            return LongStream.of(sizes).mapToObj(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
        }

        /** The largest difference, as a share of the largest magnitude here; NaN if any number is none. */
        double difference(float[] others) {
            if (others.length != numbers.length) {
                return Double.NaN;
            }
            double scale = 1e-6;
            double difference = 0;
            for (int i = 0; i < numbers.length; i++) {
                scale = Math.max(scale, Math.abs(numbers[i]));
                difference = Math.max(difference, Math.abs((double) others[i] - numbers[i]));
            }
            return difference / scale;
        }
    }

    private OnnxProbe() {}

    /**
     * The first output of a model with one input.
     *
     * @throws OrtException if ONNX Runtime refuses the model or the run
     */
    static Value run(byte[] model, HostTensor input) throws OrtException {
        OrtEnvironment environment = OnnxRuntime.environment();
        try (var options = new OrtSession.SessionOptions();
                var runOptions = new OrtSession.RunOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setDeterministicCompute(true);
            runOptions.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            try (OrtSession session = environment.createSession(model, options);
                    OnnxTensor tensor = OnnxSession.tensor(input)) {
                String name = session.getInputNames().iterator().next();
                try (OrtSession.Result result = session.run(Map.of(name, tensor), runOptions)) {
                    return value(result.get(0));
                }
            }
        }
    }

    private static Value value(OnnxValue value) {
        if (!(value instanceof OnnxTensor tensor)) {
            return new Value(value.getType().name(), new long[0], new float[0]);
        }
        TensorInfo info = tensor.getInfo();
        boolean floats = info.onnxType == TensorInfo.OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
        FloatBuffer values = floats ? tensor.getFloatBuffer() : FloatBuffer.allocate(0);
        float[] numbers = new float[values.remaining()];
        values.get(numbers);
        String type = info.onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "");
        return new Value(type, Arrays.copyOf(info.getShape(), info.getShape().length), numbers);
    }
}
