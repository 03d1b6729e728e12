package dev.graft.train;

import dev.graft.tensor.HostTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ResumeFolder} keeps: where a trainer is in its phase, and what whoever runs the phases must know beside it.
 *
 * @param state null between phases
 * @param facts texts of the caller: settings, a hash of the data, which phase
 * @param tensors numbers of the caller, by names of its own
 */
public record ResumePoint(@Nullable TrainerState state, Map<String, String> facts, Map<String, HostTensor> tensors) {
    public ResumePoint {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** Of a trainer alone. */
    public static ResumePoint of(TrainerState state) {
        return new ResumePoint(state, Map.of(), Map.of());
    }
}
