package dev.graft.weights;

import dev.graft.tensor.HalfFloat;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * How numbers are kept in a file: little-endian blocks of equal size. Those of {@link #isReadable} become floats; the
 * others have a size only, so that the file around them can be checked.
 */
public enum Encoding {
    F32(4),
    F16(2),
    BF16(2),
    F64(8),
    /** Blocks of 32 signed bytes after a half-precision scale. */
    Q8_0(34, 32),
    BOOL(1),
    U8(1),
    I8(1),
    U16(2),
    I16(2),
    U32(4),
    I32(4),
    U64(8),
    I64(8);

    private final int blockBytes;
    private final int blockElements;

    Encoding(int blockBytes) {
        this(blockBytes, 1);
    }

    Encoding(int blockBytes, int blockElements) {
        this.blockBytes = blockBytes;
        this.blockElements = blockElements;
    }

    public int blockElements() {
        return blockElements;
    }

    public long bytes(long elements) {
        return elements / blockElements * blockBytes;
    }

    public boolean isReadable() {
        return switch (this) {
            case F32, F16, BF16, F64, Q8_0 -> true;
            default -> false;
        };
    }

    /**
     * The numbers of {@code data} in direct memory: a view where they are direct, aligned floats in the machine's byte
     * order already, else a converted copy. F64 is rounded to the nearest float.
     */
    public HostTensor decode(ByteBuffer data, Shape shape) {
        if (this == F32 && isNative(data)) {
            return new HostTensor(shape, data.asFloatBuffer());
        }
        HostTensor tensor = HostTensor.allocate(shape);
        decode(data, tensor.values());
        return tensor;
    }

    /** Converts all of {@code data} into as many floats from the position of {@code out} on, which moves after them. */
    public void decode(ByteBuffer data, FloatBuffer out) {
        switch (this) {
            case F32 -> out.put(data.asFloatBuffer());
            case F16 -> {
                for (ShortBuffer in = data.asShortBuffer(); in.hasRemaining(); ) {
                    out.put(HalfFloat.toFloat(in.get()));
                }
            }
            case BF16 -> {
                for (ShortBuffer in = data.asShortBuffer(); in.hasRemaining(); ) {
                    out.put(Float.intBitsToFloat(in.get() << 16));
                }
            }
            case F64 -> {
                while (data.hasRemaining()) {
                    out.put((float) data.getDouble());
                }
            }
            case Q8_0 -> {
                while (data.hasRemaining()) {
                    float scale = HalfFloat.toFloat(data.getShort());
                    for (int i = 0; i < blockElements; i++) {
                        out.put(scale * data.get());
                    }
                }
            }
            default -> throw new IllegalStateException(this + " is not readable as floats");
        }
    }

    /** Whether floats lie where no view of them is possible, but would be of a copy. */
    boolean isUnaligned(ByteBuffer data) {
        return this == F32 && data.isDirect() && data.alignmentOffset(0, Float.BYTES) != 0;
    }

    private static boolean isNative(ByteBuffer data) {
        return data.isDirect() && data.order() == ByteOrder.nativeOrder() && data.alignmentOffset(0, Float.BYTES) == 0;
    }
}
