package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.TensorTable;
import dev.graft.weights.WeightFile;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Finds the tensors in what a training script saved: those that {@link StateChoice} finds. Dicts inside give names with
 * dots, and so do the modules of a {@code torch.nn.Module} that was saved whole: of that parameters and buffers are taken, as
 * its own {@code state_dict()} would. Everything else becomes metadata: numbers and strings with their value, the rest with
 * what it is.
 */
final class StateDict {
    static final int DEEPEST = 16;

    private static final int DEEPEST_MODULE = 64;
    private static final int MOST_LETTERS = 16_000_000;
    private static final int MOST_ENTRIES = 2_000_000;

    private final Bytes bytes;
    private final ToLongFunction<TorchObjects.Storage> places;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Object> within = Collections.newSetFromMap(new IdentityHashMap<>());
    private long letters;
    private long entries;

    private StateDict(Bytes bytes, ToLongFunction<TorchObjects.Storage> places) {
        this.bytes = bytes;
        this.places = places;
    }

    /**
     * @param root what the file holds
     * @param places where in the file each storage lies
     */
    static WeightFile of(Bytes bytes, Object root, ToLongFunction<TorchObjects.Storage> places) {
        StateDict found = new StateDict(bytes, places);
        StateChoice choice = new StateChoice(bytes, found::remark);
        found.collect("", choice.of(root), 0);
        return new WeightFile(bytes.description(), found.tensors, found.metadata, choice.notes());
    }

    private void collect(String prefix, Object holder, int depth) {
        if (holder instanceof Opaque object && object.module() != null) {
            module(prefix, object, 0);
            return;
        }
        Map<?, ?> dict = StateChoice.dict(holder);
        if (depth == DEEPEST || !seen.add(dict)) {
            throw fault("its dicts contain one another or are nested more than " + DEEPEST
                    + " deep; save the state dict alone");
        }
        dict.forEach((key, value) -> {
            String name = name(prefix, key);
            if (StateChoice.isHolder(value)) {
                collect(name + ".", value, depth + 1);
            } else {
                value(name, value);
            }
        });
    }

    private void module(String prefix, Opaque module, int depth) {
        Map<?, ?> attributes = module.module();
        if (attributes == null) {
            value(prefix, module);
            return;
        }
        // The same module may stand in several places, as its own state_dict() has it too, but not in itself.
        if (depth == DEEPEST_MODULE || !within.add(module)) {
            throw fault("its modules contain one another or are nested more than " + DEEPEST_MODULE
                    + " deep; save the state dict: torch.save(model.state_dict(), file)");
        }
        part(attributes, "_parameters").forEach((key, value) -> weight(name(prefix, key), value));
        Set<Object> passing = passing(attributes);
        part(attributes, "_buffers").forEach((key, value) -> {
            if (!passing.contains(key)) {
                weight(name(prefix, key), value);
            }
        });
        part(attributes, "_modules").forEach((key, value) -> {
            String name = name(prefix, key);
            if (value instanceof Opaque inner) {
                module(inner.module() == null ? name : name + ".", inner, depth + 1);
            }
        });
        within.remove(module);
    }

    private static Map<?, ?> part(Map<?, ?> attributes, String name) {
        return attributes.get(name) instanceof Map<?, ?> part ? part : Map.of();
    }

    /** The names of buffers that a module does not save. */
    private Set<Object> passing(Map<?, ?> attributes) {
        Set<Object> names = new HashSet<>();
        if (attributes.get("_non_persistent_buffers_set") instanceof List<?> list) {
            for (Object name : list) {
                count();
                names.add(Pickle.key(name));
            }
        }
        return names;
    }

    /** A parameter or buffer; one that is None is not there. */
    private void weight(String name, Object value) {
        if (value != Pickle.None.NONE) {
            value(name, value);
        }
    }

    private void value(String name, Object value) {
        if (value instanceof TorchObjects.Tensor tensor) {
            add(name, TorchTensor.of(bytes, name, tensor, places.applyAsLong(tensor.storage())));
        } else {
            remark(name, value);
        }
    }

    private String name(String prefix, Object key) {
        String name = prefix + key;
        letters += name.length();
        if (letters > MOST_LETTERS) {
            throw fault("its tensors' names have more than " + MOST_LETTERS + " letters");
        }
        count();
        return name;
    }

    private void count() {
        entries++;
        if (entries > MOST_ENTRIES) {
            throw fault("its dicts and modules have more than " + MOST_ENTRIES + " entries; save the state dict alone");
        }
    }

    private void add(String name, StoredTensor tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw TensorTable.fault(bytes, name, "the name occurs twice; save the state dict alone");
        }
    }

    private void remark(String name, Object value) {
        boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
        metadata.put(name, plain ? value.toString() : StateChoice.kind(value) + WeightFile.LEFT_OUT);
    }

    private GraftException fault(String problem) {
        return bytes.fault("content", problem);
    }
}
