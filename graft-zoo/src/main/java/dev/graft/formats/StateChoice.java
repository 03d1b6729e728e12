package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.UntrustedText;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides where in what a training script saved the weights are. Of the dicts and modules with tensors in it the first of
 * {@link #USUAL} is taken, whatever lies beside it; else the dict itself, if it has tensors of its own; else the only dict
 * with tensors that is no optimizer's. Several are refused.
 */
final class StateChoice {
    /** What scripts call the weights; of several the first, so that means over the training come after the weights. */
    static final List<String> USUAL = List.of(
            "state_dict",
            "model_state_dict",
            "model",
            "net",
            "network",
            "weights",
            "params",
            "module",
            "model_ema",
            "ema",
            "ema_state_dict",
            "state_dict_ema",
            "model_ema_state_dict",
            "params_ema",
            "teacher",
            "student",
            "backbone",
            "encoder");

    private static final Pattern NO_WEIGHTS = Pattern.compile(".*(optim|sched|scaler).*");
    private static final String REMEDY = "; save the state dict alone: torch.save(model.state_dict(), file)";
    private static final int LISTED = 8;

    private final Bytes bytes;
    private final BiConsumer<String, Object> left;
    private final List<String> notes = new ArrayList<>();
    private final Map<Object, Boolean> fertile = new IdentityHashMap<>();

    /**
     * @param left is told of what is left out
     */
    StateChoice(Bytes bytes, BiConsumer<String, Object> left) {
        this.bytes = bytes;
        this.left = left;
    }

    /** What a user should know of the choice. */
    List<String> notes() {
        return notes;
    }

    /** The dict or the module that has the weights. */
    Object of(Object root) {
        Object value = root;
        for (int depth = 0; depth < StateDict.DEEPEST; depth++) {
            if (value instanceof Opaque object && object.module() != null) {
                notes.add("is a whole " + UntrustedText.printable(object.maker())
                        + "; its parameters and buffers are read, and nothing of it runs");
                return value;
            }
            Map<?, ?> dict = isHolder(value) ? dict(value) : Map.of();
            if (!isHolder(value)) {
                throw fault("expected a dict of tensors, found " + kind(value) + remedy(value));
            }
            if (dict.containsKey("param_groups") && dict.containsKey("state")) {
                throw fault("the state of an optimizer, which has no weights of a network" + REMEDY);
            }
            String inner = inner(dict);
            if (inner == null) {
                return value;
            }
            dict.forEach((key, other) -> {
                if (!key.equals(inner)) {
                    left.accept(key.toString(), other);
                }
            });
            value = Objects.requireNonNull(dict.get(inner));
        }
        throw fault("its dicts are nested more than " + StateDict.DEEPEST + " deep; save the state dict alone");
    }

    /** The name of the entry that has the weights, or null if the dict itself has them. */
    private @Nullable String inner(Map<?, ?> dict) {
        List<String> holders = dict.entrySet().stream()
                .filter(entry -> entry.getKey() instanceof String && hasTensors(entry.getValue(), 0))
                .map(entry -> entry.getKey().toString())
                .filter(name -> !NO_WEIGHTS.matcher(name).matches())
                .toList();
        String usual = USUAL.stream().filter(holders::contains).findFirst().orElse(null);
        if (usual != null) {
            if (holders.size() > 1) {
                notes.add("its weights are taken from '" + usual + "', not from " + listed(without(holders, usual))
                        + ": the first counts of " + String.join(", ", USUAL));
            }
            return usual;
        }
        if (dict.values().stream().anyMatch(StateChoice::isTensor)) {
            return null;
        }
        if (holders.size() == 1) {
            return holders.get(0);
        }
        List<String> dicts = dict.entrySet().stream()
                .filter(entry -> isHolder(entry.getValue()))
                .map(entry -> entry.getKey().toString())
                .toList();
        List<String> candidates = holders.isEmpty() ? dicts : holders;
        throw fault("expected a dict of tensors, found none and " + candidates.size() + " dicts in it"
                + (candidates.isEmpty() ? "" : ": " + listed(candidates)) + REMEDY);
    }

    private static List<String> without(List<String> names, String one) {
        return names.stream().filter(name -> !name.equals(one)).toList();
    }

    private static String listed(List<String> names) {
        return names.stream().limit(LISTED).map(UntrustedText::quote).collect(Collectors.joining(", "))
                + (names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "");
    }

    /** Whether there is a tensor in it, at whatever depth one is looked for. */
    private boolean hasTensors(Object value, int depth) {
        if (depth == StateDict.DEEPEST || !isHolder(value)) {
            return false;
        }
        Boolean known = fertile.putIfAbsent(value, false);
        if (known != null) {
            return known;
        }
        boolean has = value instanceof Opaque object && object.module() != null
                || dict(value).values().stream().anyMatch(inner -> isTensor(inner) || hasTensors(inner, depth + 1));
        fertile.put(value, has);
        return has;
    }

    private static boolean isTensor(Object value) {
        return value instanceof TorchObjects.Tensor || value instanceof Opaque object && object.isTensor();
    }

    /** Whether a value has others by name: a dict, or an object of a class of dicts, or a module. */
    static boolean isHolder(Object value) {
        return value instanceof Map
                || value instanceof Opaque object
                        && (object.module() != null || !object.entries().isEmpty());
    }

    static Map<?, ?> dict(Object holder) {
        return holder instanceof Opaque object ? object.entries() : (Map<?, ?>) holder;
    }

    static String kind(Object value) {
        if (value instanceof Opaque object) {
            return (object.isTensor() ? "a tensor of " : "a value of ") + UntrustedText.printable(object.maker())
                    + ", which Graft does not run";
        }
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

    private static String remedy(Object value) {
        return value instanceof TorchObjects.Tensor ? "; give the file of a whole network" + REMEDY : REMEDY;
    }

    private GraftException fault(String problem) {
        return bytes.fault("content", problem);
    }
}
