package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/** A weight in int8, symmetric, with a scale for each slice of its first axis. */
record QuantizedWeight(List<Long> sizes, byte[] steps, float[] scales) {
    private static final float LEAST_SCALE = 1e-20f;

    /**
     * Rounds to the nearest.
     *
     * @param weight whose sizes it has
     * @param numbers row-major
     * @param most the largest step, 127 or less
     * @param leastScale below which no scale may be
     */
    static QuantizedWeight of(TensorProto weight, float[] numbers, int most, float leastScale) {
        int channels = Math.toIntExact(weight.getDims(0));
        int size = numbers.length / channels;
        byte[] steps = new byte[numbers.length];
        float[] scales = new float[channels];
        for (int channel = 0; channel < channels; channel++) {
            float largest = 0;
            for (int i = channel * size; i < (channel + 1) * size; i++) {
                largest = Math.max(largest, Math.abs(numbers[i]));
            }
            scales[channel] = Math.max(LEAST_SCALE, Math.max(leastScale, largest / most));
            for (int i = channel * size; i < (channel + 1) * size; i++) {
                steps[i] = (byte) Math.round(numbers[i] / scales[channel]);
            }
        }
        return new QuantizedWeight(weight.getDimsList(), steps, scales);
    }

    TensorProto numbers(String name) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT8_VALUE)
                .addAllDims(sizes)
                .setRawData(ByteString.copyFrom(steps))
                .build();
    }

    static float[] floats(TensorProto tensor) {
        ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer numbers = bytes.asFloatBuffer();
        float[] array = new float[numbers.remaining()];
        numbers.get(array);
        return array;
    }
}
