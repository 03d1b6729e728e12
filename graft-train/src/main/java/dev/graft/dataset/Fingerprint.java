package dev.graft.dataset;

import dev.graft.GraftVersion;
import dev.graft.Sha256;
import dev.graft.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A hash of all that examples depend on; a cache file with another one is stale. */
final class Fingerprint {
    private static final int CHUNK = 1 << 14;

    private final MessageDigest digest = Sha256.digest();

    Fingerprint() {
        add(GraftVersion.get());
    }

    void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        digest.update(bytes);
    }

    void add(long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    }

    void add(HostTensor tensor) {
        add(tensor.shape().toString());
        FloatBuffer values = tensor.values();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES);
        while (values.hasRemaining()) {
            int count = Math.min(CHUNK, values.remaining());
            chunk.clear().asFloatBuffer().put(values.slice(values.position(), count));
            digest.update(chunk.limit(count * Float.BYTES));
            values.position(values.position() + count);
        }
    }

    byte[] bytes() {
        return digest.digest();
    }
}
