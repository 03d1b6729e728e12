package dev.graft.train;

import dev.graft.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Puts named tensors into a digest: name, shape and every bit. */
final class TensorHash {
    private static final int CHUNK_BYTES = 1 << 16;

    private TensorHash() {}

    static void update(MessageDigest digest, String name, HostTensor tensor) {
        digest.update((name + "\n" + tensor.shape() + "\n").getBytes(StandardCharsets.UTF_8));
        byte[] chunk = new byte[CHUNK_BYTES];
        FloatBuffer floats =
                ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        FloatBuffer values = tensor.values();
        while (values.hasRemaining()) {
            int count = Math.min(values.remaining(), floats.capacity());
            floats.clear().put(values.slice(values.position(), count));
            values.position(values.position() + count);
            digest.update(chunk, 0, count * Float.BYTES);
        }
    }
}
