package dev.graft.weights;

import dev.graft.GraftException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Finds the tensors in what a training script saved: the dict itself, or the one it holds as {@code state_dict} or
 * {@code model} beside the epoch and the optimizer. Dicts inside it give names with dots. Everything else becomes
 * metadata: numbers and strings with their value, the rest with what it is.
 */
final class StateDict {
    /** What scripts call the weights, the first of several. */
    private static final List<String> USUAL = List.of("state_dict", "model_state_dict", "model", "net", "weights");

    private static final int DEEPEST = 16;
    private static final int MOST_LETTERS = 16_000_000;

    private final Bytes bytes;
    private final ToLongFunction<TorchObjects.Storage> places;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private long letters;

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
        found.collect("", found.choose(root), 0);
        return new WeightFile(bytes.description(), found.tensors, found.metadata);
    }

    private Map<?, ?> choose(Object root) {
        Object value = root;
        for (int depth = 0; depth < DEEPEST; depth++) {
            if (!(value instanceof Map<?, ?> dict)) {
                throw fault("expected a dict of tensors, found " + kind(value)
                        + "; save the state dict: torch.save(model.state_dict(), file)");
            }
            if (dict.isEmpty() || dict.values().stream().anyMatch(TorchObjects.Tensor.class::isInstance)) {
                return dict;
            }
            String inner = innerDict(dict);
            dict.forEach((key, other) -> {
                if (!key.equals(inner)) {
                    remark(key.toString(), other);
                }
            });
            value = Objects.requireNonNull(dict.get(inner));
        }
        throw fault("its dicts are nested more than " + DEEPEST + " deep; save the state dict alone");
    }

    private String innerDict(Map<?, ?> dict) {
        List<String> dicts = dict.entrySet().stream()
                .filter(entry -> entry.getKey() instanceof String
                        && entry.getValue() instanceof Map<?, ?> inner
                        && !inner.isEmpty())
                .map(entry -> entry.getKey().toString())
                .toList();
        return USUAL.stream().filter(dicts::contains).findFirst().orElseGet(() -> {
            if (dicts.size() == 1) {
                return dicts.get(0);
            }
            throw fault("expected a dict of tensors, found none and " + dicts.size() + " dicts in it"
                    + (dicts.isEmpty()
                            ? ""
                            : ": "
                                    + String.join(
                                            ", ",
                                            dicts.stream()
                                                    .limit(5)
                                                    .map(Text::quote)
                                                    .toList()))
                    + "; save the state dict alone: torch.save(model.state_dict(), file)");
        });
    }

    private void collect(String prefix, Map<?, ?> dict, int depth) {
        if (depth == DEEPEST || !seen.add(dict)) {
            throw fault("its dicts contain one another or are nested more than " + DEEPEST
                    + " deep; save the state dict alone");
        }
        dict.forEach((key, value) -> {
            String name = prefix + key;
            letters += name.length();
            if (letters > MOST_LETTERS) {
                throw fault("its tensors' names have more than " + MOST_LETTERS + " letters");
            }
            if (value instanceof TorchObjects.Tensor tensor) {
                add(name, TorchTensor.of(bytes, name, tensor, places.applyAsLong(tensor.storage())));
            } else if (value instanceof Map<?, ?> inner) {
                collect(name + ".", inner, depth + 1);
            } else {
                remark(name, value);
            }
        });
    }

    private void add(String name, StoredTensor tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw TensorTable.fault(bytes, name, "the name occurs twice; save the state dict alone");
        }
    }

    private void remark(String name, Object value) {
        boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
        metadata.put(name, plain ? value.toString() : kind(value) + ", left out");
    }

    private static String kind(Object value) {
        if (value instanceof Map<?, ?> dict) {
            return "a dict of " + dict.size() + " entries";
        }
        if (value instanceof List<?> list) {
            return "a list of " + list.size() + " values";
        }
        if (value instanceof TorchObjects.Tensor tensor) {
            return "a tensor " + tensor.sizes();
        }
        return value == Pickle.None.NONE ? "None" : "a " + value.getClass().getSimpleName();
    }

    private GraftException fault(String problem) {
        return bytes.fault("content", problem);
    }
}
