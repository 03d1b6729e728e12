package dev.graft.weights;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Supplier;

/** The numbers of a tensor at a place of the file that has been checked to lie in it: whole, or in parts. */
public record FileNumbers(Bytes bytes, String name, Encoding encoding, long offset, Shape shape)
        implements Supplier<HostTensor> {
    private static final int CHUNK_BYTES = 1 << 16;

    @Override
    public HostTensor get() {
        return TensorTable.decode(bytes, name, encoding, offset, shape);
    }

    /** Whether they can be read from any of them on; else {@link #get} has them or says why not. */
    public boolean hasParts() {
        return encoding.isReadable() && encoding.blockElements() == 1;
    }

    public Parts parts() {
        return new Parts();
    }

    /** Copies numbers past the mapping, through memory that is used again. */
    public final class Parts implements AutoCloseable {
        private final Bytes.Reader reader = bytes.reader();
        private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

        /** Reads numbers from the given one on until the buffer is full. */
        public void fill(FloatBuffer floats, long from) {
            int numberBytes = Math.toIntExact(encoding.bytes(1));
            for (long place = offset + encoding.bytes(from); floats.hasRemaining(); place += chunk.limit()) {
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, (long) floats.remaining() * numberBytes));
                reader.fill(chunk, place);
                encoding.decode(chunk.flip(), floats);
            }
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
