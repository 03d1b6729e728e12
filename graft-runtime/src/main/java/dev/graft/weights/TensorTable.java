package dev.graft.weights;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors a file promises, checked before a single one is read: names once, sizes that multiply without overflow,
 * places inside the file that do not overlap.
 */
public final class TensorTable {
    public static final int HIGHEST_RANK = 8;

    private record Entry(String name, Shape shape, Encoding encoding, long begin, long end) {}

    private final Bytes bytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    public TensorTable(Bytes bytes) {
        this.bytes = bytes;
    }

    /**
     * Adds a tensor that begins {@code begin} bytes after the start of the data.
     *
     * @return where it ends
     */
    public long add(String name, Encoding encoding, long[] sizes, long begin) {
        Shape shape = shape(bytes, name, sizes);
        long length = encoding.bytes(shape.elements());
        if (begin < 0 || begin > bytes.size() || length > bytes.size() - begin) {
            throw fault(
                    name,
                    encoding + " " + shape + " at data offset " + Long.toUnsignedString(begin) + " takes " + length
                            + " bytes, beyond the end of the file (" + bytes.size() + " bytes); fetch it again");
        }
        Entry entry = new Entry(name, shape, encoding, begin, begin + length);
        if (entries.putIfAbsent(name, entry) != null) {
            throw fault(name, "the name occurs twice; the file is damaged, fetch it again");
        }
        return entry.end();
    }

    /** The sizes a file promises as a shape that memory can hold. */
    public static Shape shape(Bytes bytes, String name, long[] sizes) {
        if (sizes.length > HIGHEST_RANK) {
            throw fault(bytes, name, "expected at most " + HIGHEST_RANK + " axes, got " + sizes.length);
        }
        // HostTensor keeps its numbers in one buffer, which Java limits to 2 GiB.
        long most = Integer.MAX_VALUE / Float.BYTES;
        long elements = 1;
        for (long size : sizes) {
            if (size < 0 || size > most || elements * Math.max(1, size) > most) {
                throw fault(bytes, name, "expected sizes with a product up to " + most + ", got " + unsigned(sizes));
            }
            elements *= Math.max(1, size);
        }
        return new Shape(Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray());
    }

    private static String unsigned(long[] sizes) {
        return Arrays.stream(sizes).mapToObj(Long::toUnsignedString).toList().toString();
    }

    /**
     * The tensors in the order they were added.
     *
     * @param dataStart where the data begins in the file
     * @param gapless whether the tensors must cover the data without a gap up to the end of the file
     */
    public Map<String, StoredTensor> resolve(long dataStart, boolean gapless) {
        long available = bytes.size() - dataStart;
        List<Entry> byPlace = new ArrayList<>(entries.values());
        byPlace.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        for (Entry entry : byPlace) {
            if (entry.begin < end || (gapless && entry.begin > end)) {
                throw fault(
                        entry.name,
                        "expected data offset " + end + (gapless ? "" : " or more") + ", got " + entry.begin
                                + "; the tensors " + (entry.begin < end ? "overlap" : "leave a gap"));
            }
            end = entry.end;
            if (end > available) {
                throw fault(
                        entry.name,
                        "needs " + end + " bytes of data, the file holds " + Math.max(0, available)
                                + "; it is cut short, fetch it again");
            }
        }
        if (gapless && end != available) {
            throw bytes.fault("data", "expected " + end + " bytes, got " + available + "; fetch the file again");
        }
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        entries.forEach((name, entry) -> tensors.put(name, stored(entry, dataStart)));
        return tensors;
    }

    private StoredTensor stored(Entry entry, long dataStart) {
        return new StoredTensor(
                entry.shape,
                entry.encoding.name(),
                new FileNumbers(bytes, entry.name, entry.encoding, dataStart + entry.begin, entry.shape));
    }

    /** The numbers at a place of the file that has been checked to lie in it. */
    public static HostTensor decode(Bytes bytes, String name, Encoding encoding, long offset, Shape shape) {
        if (!encoding.isReadable()) {
            throw fault(
                    bytes,
                    name,
                    "expected floating-point numbers, got " + encoding
                            + "; drop this tensor by name if the model does not need it");
        }
        long length = encoding.bytes(shape.elements());
        if (length > bytes.longestSlice()) {
            throw fault(
                    bytes,
                    name,
                    length + " bytes are more than one tensor of so large a file may hold (" + bytes.longestSlice()
                            + ")");
        }
        ByteBuffer stored = bytes.slice(offset, length);
        return encoding.decode(encoding.isUnaligned(stored) ? bytes.copy(offset, length) : stored, shape);
    }

    private GraftException fault(String name, String problem) {
        return fault(bytes, name, problem);
    }

    public static GraftException fault(Bytes bytes, String name, String problem) {
        return bytes.fault("tensor " + UntrustedText.quote(name), problem);
    }
}
