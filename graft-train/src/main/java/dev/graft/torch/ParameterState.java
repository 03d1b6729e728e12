package dev.graft.torch;

import dev.graft.tensor.HostTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an optimizer remembers of one parameter between steps.
 *
 * @param steps how many it made with it; 0 for algorithms that do not count
 * @param means by libtorch's names, each in the parameter's shape: {@code exp_avg} and {@code exp_avg_sq} of Adam, {@code
 *     momentum_buffer} of gradient descent, {@code square_avg} of RMSprop; none before the first gradient
 */
public record ParameterState(long steps, Map<String, HostTensor> means) {
    public ParameterState {
        if (steps < 0) {
            throw new IllegalArgumentException("an optimizer makes 0 steps or more, got " + steps);
        }
        means = Collections.unmodifiableMap(new LinkedHashMap<>(means));
    }

    /** Whether no step was made with the parameter. */
    public boolean isNone() {
        return means.isEmpty();
    }
}
