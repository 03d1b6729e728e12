package dev.graft.formats;

import dev.graft.weights.UntrustedText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a pickle that only Python could make: what made it is kept as a name, what was put into it as data, and
 * nothing of it runs. Compared by identity, so it may be a key and may contain itself.
 */
final class Opaque {
    private static final String STATE = "_parameters";

    private final String maker;
    private final boolean tensor;
    private final Map<Object, Object> entries = new LinkedHashMap<>();
    private @Nullable Map<?, ?> attributes;

    private Opaque(String maker, boolean tensor) {
        this.maker = maker;
        this.tensor = tensor;
    }

    /** Some value, or a callable itself. */
    static Opaque of(String maker) {
        return new Opaque(maker, false);
    }

    /** A tensor whose numbers cannot be had. */
    static Opaque tensor(String maker) {
        return new Opaque(maker, true);
    }

    /** The callable or the kind of value: {@code numpy.core.multiarray.scalar}. */
    String maker() {
        return maker;
    }

    boolean isTensor() {
        return tensor;
    }

    /** What it has as a dict, where its class is one of some kind. */
    Map<Object, Object> entries() {
        return entries;
    }

    /** Takes the attributes from the state of an object: a dict, or one after {@code None} or before the slots. */
    void state(Object state) {
        if (state instanceof Map<?, ?> dict) {
            attributes = dict;
        } else if (state instanceof List<?> pair && !pair.isEmpty() && pair.get(0) instanceof Map<?, ?> dict) {
            attributes = dict;
        }
    }

    /** The attributes of a torch.nn.Module that was saved whole, or null if it is none. */
    @Nullable Map<?, ?> module() {
        return attributes != null && attributes.get(STATE) instanceof Map ? attributes : null;
    }

    /** As messages have it. */
    @Override
    public String toString() {
        return "<" + UntrustedText.printable(maker) + ">";
    }
}
