package dev.graft.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Float numbers with a shape, in memory of the JVM: what weights are kept in, what files give and what the engines
 * take. Row-major; needs no native library. The buffer may be a view of a mapped file and is then read-only.
 *
 * @param shape the sizes, all fixed
 * @param values the elements, position 0 to limit
 */
public record HostTensor(Shape shape, FloatBuffer values) {
    public HostTensor {
        if (shape.elements() != values.remaining()) {
            throw new IllegalArgumentException(
                    "shape " + shape + " holds " + shape.elements() + " numbers, got " + values.remaining());
        }
        values = values.slice();
    }

    public static HostTensor of(Shape shape, float... values) {
        return new HostTensor(shape, FloatBuffer.wrap(values));
    }

    /** Zeros in direct memory, which libtorch and ONNX Runtime read without a copy. */
    public static HostTensor allocate(Shape shape) {
        int bytes = Math.toIntExact(Math.multiplyExact(shape.elements(), Float.BYTES));
        return new HostTensor(
                shape,
                ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer());
    }

    /** A fresh view with its own position. */
    @Override
    public FloatBuffer values() {
        return values.duplicate();
    }

    /** Whether native code can use the memory as it is: direct, and in the byte order of this machine. */
    public boolean isNative() {
        return values.isDirect() && values.order() == ByteOrder.nativeOrder();
    }

    public int elements() {
        return values.limit();
    }

    public float get(int index) {
        return values.get(index);
    }

    /** Writes one element; for whoever made the tensor, before it is shared. */
    public void put(int index, float value) {
        values.put(index, value);
    }

    public float[] toArray() {
        float[] copy = new float[values.limit()];
        values().get(copy);
        return copy;
    }

    /** Copies of the rows of {@code [N, ...]}, one an example. */
    public List<float[]> rows() {
        int length = Math.toIntExact(shape.itemElements());
        List<float[]> rows = new ArrayList<>();
        for (int row = 0; row < shape.size(0); row++) {
            float[] copy = new float[length];
            values.get(row * length, copy);
            rows.add(copy);
        }
        return rows;
    }

    /** Whether no element is NaN or infinite. */
    public boolean isFinite() {
        for (int i = 0; i < values.limit(); i++) {
            if (!Float.isFinite(values.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether both hold the same bits in the same shape. */
    public boolean sameBits(HostTensor other) {
        if (!shape.equals(other.shape)) {
            return false;
        }
        for (int i = 0; i < values.limit(); i++) {
            if (Float.floatToRawIntBits(values.get(i)) != Float.floatToRawIntBits(other.values.get(i))) {
                return false;
            }
        }
        return true;
    }
}
