package dev.graft.bundle;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The {@code .graft} format: a zip whose entries are stored, not compressed, with a fixed date.
 *
 * <ul>
 *   <li>{@code graft.json}: format, labels, geometry, graph, frozen layers, test vector
 *   <li>{@code provenance.json}
 *   <li>{@code weights.safetensors}: float32 by full name
 * </ul>
 */
final class BundleFormat {
    static final int VERSION = 1;
    static final String MANIFEST = "graft.json";
    static final String PROVENANCE = "provenance.json";
    static final String WEIGHTS = "weights.safetensors";

    static final ObjectMapper JSON = new ObjectMapper();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(100).build());
    }

    private BundleFormat() {}
}
