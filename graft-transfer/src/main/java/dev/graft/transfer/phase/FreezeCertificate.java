package dev.graft.transfer.phase;

import dev.graft.GraftException;
import dev.graft.Sha256;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The proof that what is frozen does not change: the SHA-256 of every frozen tensor, taken when a phase starts and
 * compared when it ends.
 *
 * @param hashes by the weight's full name, in hex digits
 */
public record FreezeCertificate(Map<String, String> hashes) {
    private static final int LISTED = 5;

    /** Hashes every weight that training must not change as the network is now. */
    public static FreezeCertificate of(Network network) {
        Map<String, String> hashes = new LinkedHashMap<>();
        network.frozenWeights().forEach(name -> hashes.put(name, hash(network.weight(name))));
        return new FreezeCertificate(hashes);
    }

    /** The same without a layer and what is in it, which is set otherwise than by training. */
    public FreezeCertificate without(String layer) {
        Map<String, String> others = new LinkedHashMap<>(hashes);
        others.keySet().removeIf(name -> name.startsWith(layer + "."));
        return new FreezeCertificate(others);
    }

    /** Hashes weights by their names. */
    public static FreezeCertificate of(Map<String, HostTensor> weights) {
        Map<String, String> hashes = new LinkedHashMap<>();
        weights.forEach((name, weight) -> hashes.put(name, hash(weight)));
        return new FreezeCertificate(hashes);
    }

    /**
     * Compares the network with this certificate.
     *
     * @throws GraftException if a frozen tensor has changed; names them
     */
    public void verify(Network network) {
        List<String> changed = hashes.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(hash(network.weight(entry.getKey()))))
                .map(Map.Entry::getKey)
                .toList();
        if (!changed.isEmpty()) {
            throw new GraftException("frozen weights changed in training, which must never happen: "
                    + String.join(", ", changed.subList(0, Math.min(LISTED, changed.size())))
                    + (changed.size() > LISTED ? " and " + (changed.size() - LISTED) + " more" : "")
                    + "; nothing was saved. Please report this with the command that you ran");
        }
    }

    /** One hash over all tensors and their names: what a bundle keeps. */
    public String digest() {
        MessageDigest digest = Sha256.digest();
        hashes.forEach((name, hash) -> digest.update((name + "=" + hash + "\n").getBytes(StandardCharsets.UTF_8)));
        return Sha256.hex(digest);
    }

    private static String hash(HostTensor tensor) {
        FloatBuffer values = tensor.values();
        ByteBuffer bytes = ByteBuffer.allocate(values.remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        MessageDigest digest = Sha256.digest();
        digest.update(tensor.shape().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
        return Sha256.hex(digest);
    }
}
