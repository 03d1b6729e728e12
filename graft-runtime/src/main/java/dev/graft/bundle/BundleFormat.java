package dev.graft.bundle;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;

/**
 * The {@code .graft} format: a zip whose entries are stored, not compressed, with a fixed date.
 *
 * <ul>
 *   <li>{@code graft.json}: format, labels, geometry, graph, frozen layers, test vector, temperature, and the threshold
 *       below which pictures are unknown
 *   <li>{@code in_distribution.safetensors}: {@code examples}, the features that pictures are compared with, where there is a
 *       threshold
 *   <li>{@code provenance.json}
 *   <li>{@code weights.safetensors}: float32 by full name
 * </ul>
 */
final class BundleFormat {
    static final int VERSION = 2;
    static final String MANIFEST = "graft.json";
    static final String PROVENANCE = "provenance.json";
    static final String IN_DISTRIBUTION = "in_distribution.safetensors";
    static final String EXAMPLES = "examples";
    static final String WEIGHTS = "weights.safetensors";

    private static final long MOST_TOKENS = 2_000_000;

    static final Set<String> ENTRIES = Set.of(MANIFEST, PROVENANCE, IN_DISTRIBUTION, WEIGHTS);

    static final ObjectMapper JSON = new ObjectMapper();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        // A tree takes a hundred bytes and more for each token: "[],[],[]" would fill any memory.
                        StreamReadConstraints.builder()
                                .maxNestingDepth(100)
                                .maxTokenCount(MOST_TOKENS)
                                .build());
    }

    private BundleFormat() {}
}
