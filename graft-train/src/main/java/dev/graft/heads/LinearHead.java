package dev.graft.heads;

import dev.graft.layers.Dense;
import dev.graft.tensor.HostTensor;
import java.util.Map;

/**
 * A linear classifier: the weights of a {@link Dense} layer.
 *
 * @param weight {@code [classes, size]}
 * @param bias {@code [classes]}
 */
public record LinearHead(HostTensor weight, HostTensor bias) {
    /** The layer. */
    public Dense layer() {
        return Dense.of(bias.elements());
    }

    /** Its weights by their names in it. */
    public Map<String, HostTensor> weights() {
        return Map.of("weight", weight, "bias", bias);
    }
}
