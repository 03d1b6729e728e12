package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.Encoding;
import dev.graft.weights.TensorTable;
import dev.graft.weights.UntrustedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The few things besides plain data that a pickle of tensors names, and what they make here. */
final class TorchObjects implements Pickle.Callables {
    private static final int MOST_PAIRS = 1_000_000;

    /** Numbers in a row, outside of the pickle; tensors are views of them. */
    record Storage(String key, Encoding encoding, long elements) {
        long bytes() {
            return encoding.bytes(elements);
        }
    }

    /** Some of a storage, which begins {@code skipped} elements into the whole. */
    record StorageView(Storage storage, long skipped) {}

    /** A view of a storage: element {@code i, j, …} is {@code offset + i·strides[0] + j·strides[1] + …}. */
    record Tensor(Storage storage, long offset, List<Long> sizes, List<Long> strides) {}

    private enum Function {
        DICT,
        DEFAULT_DICT,
        SEQUENCE,
        TENSOR,
        PARAMETER,
        TENSOR_OF_CLASS,
        RECONSTRUCTION
    }

    private static final Map<String, Function> FUNCTIONS = Map.ofEntries(
            Map.entry("collections.OrderedDict", Function.DICT),
            Map.entry("builtins.dict", Function.DICT),
            Map.entry("__builtin__.dict", Function.DICT),
            Map.entry("collections.defaultdict", Function.DEFAULT_DICT),
            Map.entry("torch.Size", Function.SEQUENCE),
            Map.entry("builtins.set", Function.SEQUENCE),
            Map.entry("__builtin__.set", Function.SEQUENCE),
            // Before torch 0.4.
            Map.entry("torch._utils._rebuild_tensor", Function.TENSOR),
            Map.entry("torch._utils._rebuild_tensor_v2", Function.TENSOR),
            Map.entry("torch._utils._rebuild_parameter", Function.PARAMETER),
            Map.entry("torch._utils._rebuild_parameter_with_state", Function.PARAMETER),
            Map.entry("torch._tensor._rebuild_from_type_v2", Function.TENSOR_OF_CLASS),
            Map.entry("copyreg._reconstructor", Function.RECONSTRUCTION),
            Map.entry("copy_reg._reconstructor", Function.RECONSTRUCTION));

    /** The class of an object that was saved with its source, as legacy files keep modules. */
    private static final String MODULE = "module";

    private static final String STORAGE = "storage";

    private static final Map<String, Encoding> STORAGES = Map.of(
            "torch.FloatStorage", Encoding.F32,
            "torch.HalfStorage", Encoding.F16,
            "torch.BFloat16Storage", Encoding.BF16,
            "torch.DoubleStorage", Encoding.F64,
            "torch.LongStorage", Encoding.I64,
            "torch.IntStorage", Encoding.I32,
            "torch.ShortStorage", Encoding.I16,
            "torch.CharStorage", Encoding.I8,
            "torch.ByteStorage", Encoding.U8,
            "torch.BoolStorage", Encoding.BOOL);

    private final Bytes bytes;
    private final Map<String, Storage> storages = new HashMap<>();
    private final Set<String> unknownStorages = new HashSet<>();
    private int pairs;

    TorchObjects(Bytes bytes) {
        this.bytes = bytes;
    }

    /** The storages that the pickle named, by key. */
    Map<String, Storage> storages() {
        return storages;
    }

    /** The keys of storages whose numbers are of a kind that is not known, nor how many bytes they take. */
    Set<String> unknownStorages() {
        return unknownStorages;
    }

    @Override
    public Object find(String name) {
        Object known = FUNCTIONS.containsKey(name) ? FUNCTIONS.get(name) : STORAGES.get(name);
        return known == null ? Opaque.of(name) : known;
    }

    @Override
    public Object call(Object callable, List<?> arguments) {
        if (callable instanceof Opaque unknown) {
            return unknown.maker().startsWith("torch._") && unknown.maker().contains("._rebuild_")
                    ? Opaque.tensor(unknown.maker())
                    : Opaque.of(unknown.maker());
        }
        if (callable instanceof Function function) {
            return switch (function) {
                case DICT -> dict(arguments);
                case DEFAULT_DICT -> new LinkedHashMap<>();
                case SEQUENCE -> arguments.isEmpty() ? List.of() : argument(arguments, 0, List.class);
                case TENSOR -> tensorOrOpaque(arguments);
                case PARAMETER -> arguments.isEmpty() ? tensorOrOpaque(arguments) : parameter(arguments);
                case TENSOR_OF_CLASS -> ofClass(arguments);
                case RECONSTRUCTION -> Opaque.of(maker(arguments));
            };
        }
        throw fault("calls something that is no function; the file is damaged, fetch it again");
    }

    private Object parameter(List<?> arguments) {
        return arguments.get(0) instanceof Opaque unknown
                ? Opaque.tensor(unknown.maker())
                : argument(arguments, 0, Tensor.class);
    }

    /** {@code (function, class, its arguments, attributes)}: a tensor of a class of somebody's own. */
    private Object ofClass(List<?> arguments) {
        Object function = argument(arguments, 0, Object.class);
        boolean ofTensors = function == Function.TENSOR || function == Function.PARAMETER;
        return ofTensors
                ? call(function, argument(arguments, 2, List.class))
                : Opaque.tensor(function instanceof Opaque unknown ? unknown.maker() : "torch._tensor");
    }

    /** What is made without any of its arguments being known is named by its class. */
    private static String maker(List<?> arguments) {
        return !arguments.isEmpty() && arguments.get(0) instanceof Opaque type ? type.maker() : "an object";
    }

    /** A tensor; with something unknown in the place of its storage, one whose numbers cannot be had. */
    private Object tensorOrOpaque(List<?> arguments) {
        for (Object argument : arguments.subList(0, Math.min(4, arguments.size()))) {
            if (argument instanceof Opaque unknown) {
                return Opaque.tensor(unknown.maker());
            }
        }
        return tensor(arguments);
    }

    private Map<Object, Object> dict(List<?> arguments) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        // Python 2 gives the content as a list of pairs; Python 3 puts it in afterwards.
        if (!arguments.isEmpty() && arguments.get(0) instanceof Map<?, ?> whole) {
            return copy(whole);
        }
        List<?> given = arguments.isEmpty() ? List.of() : argument(arguments, 0, List.class);
        count(given.size());
        for (int i = 0; i < given.size(); i++) {
            List<?> pair = argument(given, i, List.class);
            dict.put(Pickle.key(argument(pair, 0, Object.class)), argument(pair, 1, Object.class));
        }
        return dict;
    }

    private Map<Object, Object> copy(Map<?, ?> whole) {
        count(whole.size());
        return new LinkedHashMap<>(whole);
    }

    private void count(int copied) {
        pairs += copied;
        if (pairs > MOST_PAIRS) {
            throw fault("copies more than " + MOST_PAIRS + " entries of dicts; no file of weights needs so many");
        }
    }

    private Tensor tensor(List<?> arguments) {
        StorageView view = argument(arguments, 0, StorageView.class);
        long offset = argument(arguments, 1, Long.class);
        List<Long> sizes = numbers(argument(arguments, 2, List.class));
        List<Long> strides = numbers(argument(arguments, 3, List.class));
        if (sizes.size() != strides.size() || offset < 0 || offset > view.storage.elements - view.skipped) {
            throw fault("has a tensor with " + sizes.size() + " sizes, " + strides.size() + " strides and offset "
                    + offset + "; the file is damaged, fetch it again");
        }
        return new Tensor(view.storage, view.skipped + offset, sizes, strides);
    }

    private List<Long> numbers(List<?> list) {
        if (list.size() > TensorTable.HIGHEST_RANK) {
            throw fault("has a tensor of " + list.size() + " axes, expected at most " + TensorTable.HIGHEST_RANK);
        }
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            numbers.add(argument(list, i, Long.class));
        }
        return List.copyOf(numbers);
    }

    /** {@code ("storage", type, key, device, elements)}, in legacy files with a view: {@code (key, offset, elements)}. */
    @Override
    public Object persistent(Object id) {
        if (id instanceof List<?> object && !object.isEmpty() && MODULE.equals(object.get(0))) {
            return argument(object, 1, Object.class);
        }
        if (!(id instanceof List<?> parts) || !STORAGE.equals(argument(parts, 0, String.class))) {
            throw fault("refers to something that is no storage; save the state dict alone");
        }
        if (parts.size() > 1 && parts.get(1) instanceof Opaque unknown) {
            unknownStorages.add(argument(parts, 2, String.class));
            return Opaque.of(unknown.maker());
        }
        Encoding encoding = argument(parts, 1, Encoding.class);
        String key = argument(parts, 2, String.class);
        long elements = argument(parts, 4, Long.class);
        if (elements < 0 || elements > bytes.size()) {
            throw fault("has the storage " + UntrustedText.quote(key) + " of " + elements + " elements, the file "
                    + bytes.size() + " bytes; it is cut short or damaged, fetch it again");
        }
        Storage storage = new Storage(key, encoding, elements);
        if (!storage.equals(storages.computeIfAbsent(key, unseen -> storage))) {
            throw fault("has the storage " + UntrustedText.quote(key)
                    + " in two ways; the file is damaged, fetch it again");
        }
        return new StorageView(storage, parts.size() > 5 ? skipped(parts, elements) : 0);
    }

    private long skipped(List<?> parts, long elements) {
        if (parts.get(5) == Pickle.None.NONE) {
            return 0;
        }
        long skipped = argument(argument(parts, 5, List.class), 1, Long.class);
        if (skipped < 0 || skipped > elements) {
            throw fault("has a view of a storage that begins outside of it; the file is damaged, fetch it again");
        }
        return skipped;
    }

    private <T> T argument(List<?> arguments, int index, Class<T> type) {
        Object value = index < arguments.size() ? arguments.get(index) : null;
        if (!type.isInstance(value)) {
            throw fault("gives a function the wrong arguments; the file is damaged, fetch it again");
        }
        return type.cast(value);
    }

    GraftException fault(String problem) {
        return bytes.fault("the pickle", problem);
    }
}
