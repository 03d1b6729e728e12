package dev.graft.formats;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Encoding;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * What whole numbers stand for: {@code scale · (number - zero)}, with a scale and a zero for the whole tensor or for each
 * place along an axis.
 */
record TensorScale(float[] scale, long[] zero, int axis) {
    static boolean takes(Encoding encoding) {
        return switch (encoding) {
            case U8, I8, I16, I32, I64 -> true;
            default -> false;
        };
    }

    /** The floats that the numbers stand for, in the order of the file. Computed in double and rounded once. */
    HostTensor dequantize(ByteBuffer data, Encoding encoding, Shape shape) {
        HostTensor tensor = HostTensor.allocate(shape);
        FloatBuffer out = tensor.values();
        long inner = shape.elements();
        if (scale.length > 1) {
            inner = 1;
            for (int after = axis + 1; after < shape.rank(); after++) {
                inner *= shape.size(after);
            }
        }
        for (int channel = 0; out.hasRemaining(); channel = (channel + 1) % scale.length) {
            double factor = scale[channel];
            long offset = zero[channel];
            for (long i = 0; i < inner; i++) {
                out.put((float) (factor * (next(data, encoding) - offset)));
            }
        }
        return tensor;
    }

    private static long next(ByteBuffer data, Encoding encoding) {
        return switch (encoding) {
            case U8 -> data.get() & 0xff;
            case I8 -> data.get();
            case I16 -> data.getShort();
            case I32 -> data.getInt();
            case I64 -> data.getLong();
            default -> throw new IllegalStateException(encoding + " is not a type of quantised numbers");
        };
    }
}
