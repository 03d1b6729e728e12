package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.formats.FlatTable.Span;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Bytes;
import dev.graft.weights.Encoding;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.TensorTable;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A constant tensor of a TensorFlow Lite file, checked.
 *
 * @param quantization what whole numbers stand for, or null
 */
record TfLiteTensor(
        Bytes bytes,
        String name,
        Type type,
        Shape shape,
        Span data,
        @Nullable TensorScale quantization) {
    private static final int KERNEL_AXES = 4;

    /** In the order of the schema. */
    private enum Type {
        FLOAT32(Encoding.F32),
        FLOAT16(Encoding.F16),
        INT32(Encoding.I32),
        UINT8(Encoding.U8),
        INT64(Encoding.I64),
        STRING(null),
        BOOL(Encoding.BOOL),
        INT16(Encoding.I16),
        COMPLEX64(null),
        INT8(Encoding.I8),
        FLOAT64(Encoding.F64),
        COMPLEX128(null),
        UINT64(Encoding.U64),
        RESOURCE(null),
        VARIANT(null),
        UINT32(Encoding.U32),
        UINT16(Encoding.U16),
        INT4(null),
        BFLOAT16(Encoding.BF16);

        private final @Nullable Encoding encoding;

        Type(@Nullable Encoding encoding) {
            this.encoding = encoding;
        }
    }

    static TfLiteTensor of(Bytes bytes, FlatTable tensor, Span data) {
        String name = tensor.string(3, "a tensor's name");
        int number = tensor.i8(1, "a tensor's type");
        if (number < 0 || number >= Type.values().length) {
            throw TensorTable.fault(bytes, name, "the unknown type " + number + "; convert the file to safetensors");
        }
        if (tensor.has(6)) {
            throw TensorTable.fault(
                    bytes, name, "expected all its numbers, found a sparse tensor; save it as a dense one");
        }
        Type type = Type.values()[number];
        Shape shape = TensorTable.shape(bytes, name, sizes(tensor));
        if (type.encoding != null && type.encoding.bytes(shape.elements()) != data.count()) {
            throw TensorTable.fault(
                    bytes,
                    name,
                    type + " " + shape + " takes " + type.encoding.bytes(shape.elements()) + " bytes, found "
                            + data.count() + "; the file is damaged, fetch it again");
        }
        return new TfLiteTensor(bytes, name, type, shape, data, quantization(bytes, name, tensor, shape));
    }

    private static long[] sizes(FlatTable tensor) {
        ByteBuffer vector = tensor.vector(0, Integer.BYTES, "a tensor's shape");
        long[] sizes = new long[vector.remaining() / Integer.BYTES];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = vector.getInt();
        }
        return sizes;
    }

    private static @Nullable TensorScale quantization(Bytes bytes, String name, FlatTable tensor, Shape shape) {
        FlatTable stored = tensor.table(4, "a tensor's quantisation");
        ByteBuffer scales = stored == null ? ByteBuffer.allocate(0) : stored.vector(2, Float.BYTES, "the scales");
        if (stored == null || !scales.hasRemaining()) {
            return null;
        }
        ByteBuffer zeros = stored.vector(3, Long.BYTES, "the zero points");
        int axis = stored.i32(6, "the quantised axis");
        float[] scale = new float[scales.remaining() / Float.BYTES];
        long[] zero = new long[scale.length];
        boolean fits = zeros.remaining() == 0 || zeros.remaining() == zero.length * Long.BYTES;
        if (!fits || scale.length > 1 && (axis < 0 || axis >= shape.rank() || shape.size(axis) != scale.length)) {
            throw TensorTable.fault(
                    bytes,
                    name,
                    scale.length + " scales and " + zeros.remaining() / Long.BYTES + " zero points along axis " + axis
                            + " do not fit " + shape + "; the file is damaged, fetch it again");
        }
        for (int i = 0; i < scale.length; i++) {
            scale[i] = scales.getFloat();
            zero[i] = zeros.hasRemaining() ? zeros.getLong() : 0;
            if (!(scale[i] >= 0 && scale[i] < Float.POSITIVE_INFINITY)) {
                throw TensorTable.fault(bytes, name, "expected a scale of at least 0, got " + scale[i]);
            }
        }
        return new TensorScale(scale, zero, axis);
    }

    /** @param kernel how a kernel is laid out, or null for other tensors */
    StoredTensor stored(TfLiteKernels.@Nullable Layout kernel) {
        StoredTensor stored = new StoredTensor(shape, type.name(), this::numbers);
        if (kernel == null) {
            return stored;
        }
        if (shape.rank() != KERNEL_AXES) {
            throw fault("expected the " + KERNEL_AXES + " axes of a "
                    + kernel.name().toLowerCase(Locale.ROOT) + " convolution's kernel, got " + shape
                    + "; fetch the file again");
        }
        return kernel.torch(stored);
    }

    private HostTensor numbers() {
        Encoding encoding = type.encoding;
        if (encoding == null || !encoding.isReadable() && (quantization == null || !TensorScale.takes(encoding))) {
            throw fault("expected floating-point numbers, or whole ones with a scale, got " + type
                    + "; drop this tensor by name if the model does not need it");
        }
        ByteBuffer content = bytes.slice(data.begin(), data.count());
        return encoding.isReadable() || quantization == null
                ? encoding.decode(content, shape)
                : quantization.dequantize(content, encoding, shape);
    }

    GraftException fault(String problem) {
        return TensorTable.fault(bytes, name, problem);
    }
}
