package dev.graft.weights;

import dev.graft.GraftException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        ORDERED_DICT,
        TENSOR,
        PARAMETER
    }

    private static final Map<String, Function> FUNCTIONS = Map.of(
            "collections.OrderedDict", Function.ORDERED_DICT,
            // Before torch 0.4.
            "torch._utils._rebuild_tensor", Function.TENSOR,
            "torch._utils._rebuild_tensor_v2", Function.TENSOR,
            "torch._utils._rebuild_parameter", Function.PARAMETER);

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
    private int pairs;

    TorchObjects(Bytes bytes) {
        this.bytes = bytes;
    }

    /** The storages that the pickle named, by key. */
    Map<String, Storage> storages() {
        return storages;
    }

    @Override
    public Object find(String name) {
        Object known = FUNCTIONS.containsKey(name) ? FUNCTIONS.get(name) : STORAGES.get(name);
        if (known == null) {
            throw fault("names the callable " + Text.printable(name)
                    + ", which Graft does not run; save the state dict alone: torch.save(model.state_dict(), file)");
        }
        return known;
    }

    @Override
    public Object call(Object callable, List<?> arguments) {
        if (callable instanceof Function function) {
            return switch (function) {
                case ORDERED_DICT -> orderedDict(arguments);
                case TENSOR -> tensor(arguments);
                case PARAMETER -> argument(arguments, 0, Tensor.class);
            };
        }
        throw fault("calls something that is no function; the file is damaged, fetch it again");
    }

    private Map<Object, Object> orderedDict(List<?> arguments) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        // Python 2 gives the content as a list of pairs; Python 3 puts it in afterwards.
        List<?> given = arguments.isEmpty() ? List.of() : argument(arguments, 0, List.class);
        pairs += given.size();
        if (pairs > MOST_PAIRS) {
            throw fault("copies more than " + MOST_PAIRS + " entries of dicts; no file of weights needs so many");
        }
        for (int i = 0; i < given.size(); i++) {
            List<?> pair = argument(given, i, List.class);
            dict.put(argument(pair, 0, String.class), argument(pair, 1, Object.class));
        }
        return dict;
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
        if (!(id instanceof List<?> parts) || !argument(parts, 0, String.class).equals("storage")) {
            throw fault("refers to something that is no storage; save the state dict alone");
        }
        Encoding encoding = argument(parts, 1, Encoding.class);
        String key = argument(parts, 2, String.class);
        long elements = argument(parts, 4, Long.class);
        if (elements < 0 || elements > bytes.size()) {
            throw fault("has the storage " + Text.quote(key) + " of " + elements + " elements, the file " + bytes.size()
                    + " bytes; it is cut short or damaged, fetch it again");
        }
        Storage storage = new Storage(key, encoding, elements);
        if (!storage.equals(storages.computeIfAbsent(key, unseen -> storage))) {
            throw fault("has the storage " + Text.quote(key) + " in two ways; the file is damaged, fetch it again");
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
