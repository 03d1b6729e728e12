package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.Cursor;
import dev.graft.weights.UntrustedText;
import dev.graft.weights.WeightFile;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what {@code torch.save} wrote ({@code .pth}, {@code .pt}): the zip files of torch 1.6 and later and the legacy
 * files before. Nothing of the file runs: of its pickle tensors, storages, dicts and lists are read, and the weights of a
 * module that was saved whole; everything else is left out, and named in the metadata. Numbers are mapped where they lie aligned, else copied when asked for; views that
 * are not contiguous are copied row by row.
 */
public final class TorchCheckpoint {
    private static final String PICKLE = "data.pkl";

    /** How a legacy file begins: the pickle of a number that stands for the format. */
    private static final String LEGACY = "\u0080\u0002\u008a\n" + "l\u00fc\u009cF\u00f9 j\u00a8P\u0019.";

    private static final Object LEGACY_MARK = new BigInteger("1950a86a20f9469cfc6c", 16);

    private final Bytes bytes;
    private final TorchObjects objects;

    private TorchCheckpoint(Bytes bytes) {
        this.bytes = bytes;
        this.objects = new TorchObjects(bytes);
    }

    /**
     * Opens a file, mapped into memory.
     *
     * @throws GraftException if the file cannot be read, is not valid or names what Graft does not run
     */
    public static WeightFile read(Path path) {
        return read(Bytes.map(path));
    }

    /**
     * Opens a file held in memory, from the buffer's position to its limit. The content must not change afterwards.
     *
     * @param description where the content comes from, for messages
     * @throws GraftException if the content is not valid or names what Graft does not run
     */
    public static WeightFile read(String description, ByteBuffer content) {
        return read(Bytes.of(description, content));
    }

    static WeightFile read(Bytes bytes) {
        return bytes.startsWith(ZipEntries.MAGIC)
                ? readZip(bytes, ZipEntries.read(bytes))
                : new TorchCheckpoint(bytes).legacy();
    }

    static WeightFile readZip(Bytes bytes, ZipEntries entries) {
        return new TorchCheckpoint(bytes).zip(entries);
    }

    /** Whether a file begins as legacy ones do. */
    static boolean isLikely(Bytes bytes) {
        return bytes.startsWith(LEGACY);
    }

    private static boolean isPickle(String entry) {
        return entry.equals(PICKLE) || entry.endsWith("/" + PICKLE);
    }

    private WeightFile zip(ZipEntries entries) {
        List<String> pickles =
                entries.names().stream().filter(TorchCheckpoint::isPickle).toList();
        if (pickles.size() != 1) {
            throw bytes.fault("zip", "expected one " + PICKLE + " as torch.save writes it, found " + pickles.size());
        }
        String folder = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
        ZipEntries.Place order = entries.find(folder + "byteorder");
        if (order != null
                && !new Cursor(bytes, order.offset(), order.end())
                        .string(order.length(), "the byte order")
                        .equals("little")) {
            throw bigEndian();
        }
        if (entries.names().contains(folder + "constants.pkl")) {
            throw bytes.fault(
                    "zip",
                    "a program (TorchScript); save its state dict:"
                            + " torch.save(torch.jit.load(file).state_dict(), another)");
        }
        ZipEntries.Place pickle = entries.get(pickles.get(0));
        Object root = new Pickle(new Cursor(bytes, pickle.offset(), pickle.end()), objects).read();
        return StateDict.of(bytes, root, storage -> {
            ZipEntries.Place place = entries.find(folder + "data/" + storage.key());
            if (place == null || place.length() != storage.bytes()) {
                throw storageFault(storage, place == null ? "no entry" : place.length() + " bytes");
            }
            return place.offset();
        });
    }

    /** Pickles of the format's mark, its version, the writer's machine, the content and the storages' keys; then those. */
    private WeightFile legacy() {
        Cursor in = new Cursor(bytes);
        if (!LEGACY_MARK.equals(pickle(in))) {
            throw in.fault("expected the mark of a legacy file of torch.save; fetch the file again");
        }
        if (!(pickle(in) instanceof Long version) || version != 1001) {
            throw in.fault("expected version 1001 of torch's legacy format");
        }
        if (!(pickle(in) instanceof Map<?, ?> machine) || Boolean.FALSE.equals(machine.get("little_endian"))) {
            throw bigEndian();
        }
        Object root = pickle(in);
        if (!(pickle(in) instanceof List<?> keys)) {
            throw in.fault("expected a list of storages; the file is damaged, fetch it again");
        }
        Map<String, Long> places = new HashMap<>();
        for (Object key : keys) {
            TorchObjects.Storage storage = objects.storages().get(key);
            if (storage == null && objects.unknownStorages().contains(key)) {
                throw in.fault(
                        "holds numbers of a kind that Graft does not know, before others; save the state dict alone:"
                                + " torch.save(model.state_dict(), file)");
            }
            if (storage == null) {
                throw in.fault("holds a storage that no tensor uses; the file is damaged, fetch it again");
            }
            long elements = in.u64("the size of a storage");
            if (elements != storage.elements()) {
                throw storageFault(storage, Long.toUnsignedString(elements) + " elements");
            }
            places.put(storage.key(), in.position());
            in.skip(storage.bytes(), "a storage");
        }
        return StateDict.of(bytes, root, storage -> {
            Long place = places.get(storage.key());
            if (place == null) {
                throw storageFault(storage, "none");
            }
            return place;
        });
    }

    private Object pickle(Cursor in) {
        return new Pickle(in, objects).read();
    }

    private GraftException storageFault(TorchObjects.Storage storage, String found) {
        return bytes.fault(
                "storage " + UntrustedText.quote(storage.key()),
                "expected " + storage.elements() + " elements of " + storage.encoding() + ", found " + found
                        + "; the file is cut short or damaged, fetch it again");
    }

    private GraftException bigEndian() {
        return bytes.fault("byte order", "expected little-endian numbers; save the file on a little-endian machine");
    }
}
