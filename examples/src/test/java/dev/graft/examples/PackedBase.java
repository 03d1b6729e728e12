package dev.graft.examples;

import dev.graft.model.Network;
import dev.graft.model.Part;
import dev.graft.tensor.HostTensor;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What became of the weights that are packed with Graft, in a network that has them as its layer {@code base}. */
final class PackedBase {
    private PackedBase() {}

    /** For each weight of the base, by full name, how far the one of its numbers that moved most did. */
    static Map<String, Float> moves(Network network) {
        Pretrained packed = Zoo.pretrained(Zoo.DEFAULT);
        Map<String, HostTensor> before = packed.load(packed.backbone(64).model(), null);
        Part base = network.layer("base");
        return base.weights().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> farthest(
                                Objects.requireNonNull(before.get(entry.getKey().substring("base.".length()))),
                                entry.getValue())));
    }

    /** The full names of the weights of the base that are not what they were. */
    static Set<String> moved(Network network) {
        return moves(network).entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static float farthest(HostTensor before, HostTensor after) {
        float most = 0;
        for (int i = 0; i < before.elements(); i++) {
            most = Math.max(most, Math.abs(after.get(i) - before.get(i)));
        }
        return most;
    }
}
