package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.Cursor;
import dev.graft.weights.Encoding;
import dev.graft.weights.TensorTable;
import dev.graft.weights.UntrustedText;
import dev.graft.weights.WeightFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads GGUF files, versions 2 and 3, little-endian: tensors of F32, F16, BF16, F64 and Q8_0. GGML counts axes from the
 * fastest; the shapes given here are reversed into torch's order. Metadata values become text: numbers as
 * {@link Float#toString} and the like write them, arrays as {@code [a, b]} (long ones as {@code [5000 values]}).
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the specification</a>
 */
public final class Gguf {
    static final String MAGIC = "GGUF";

    private static final String ALIGNMENT_KEY = "general.alignment";
    private static final long DEFAULT_ALIGNMENT = 32;
    private static final int LONGEST_KEPT_ARRAY = 1000;
    private static final int SMALLEST_PAIR = 8 + 4 + 1;
    private static final int SMALLEST_TENSOR = 8 + 4 + 4 + 8;

    private final Cursor in;
    private final Bytes bytes;

    private Gguf(Bytes bytes) {
        this.bytes = bytes;
        this.in = new Cursor(bytes);
    }

    /**
     * Opens a file, mapped into memory.
     *
     * @throws GraftException if the file cannot be read or is not valid
     */
    public static WeightFile read(Path path) {
        return read(Bytes.map(path));
    }

    /**
     * Opens a file held in memory, from the buffer's position to its limit. The content must not change afterwards.
     *
     * @param description where the content comes from, for messages
     * @throws GraftException if the content is not valid
     */
    public static WeightFile read(String description, ByteBuffer content) {
        return read(Bytes.of(description, content));
    }

    static WeightFile read(Bytes bytes) {
        return new Gguf(bytes).parse();
    }

    private WeightFile parse() {
        if (!bytes.startsWith(MAGIC)) {
            throw in.fault("expected a GGUF file, which begins with 'GGUF'");
        }
        in.take(MAGIC.length(), "magic");
        long version = in.u32("version");
        if (version != 2 && version != 3) {
            throw in.fault("expected GGUF version 2 or 3, little-endian, got " + version + "; convert the file");
        }
        long tensorCount = in.count("the tensor count", SMALLEST_TENSOR);
        long pairCount = in.count("the metadata count", SMALLEST_PAIR);
        Map<String, String> metadata = metadata(pairCount);
        long alignment = alignment(metadata.get(ALIGNMENT_KEY));
        TensorTable table = new TensorTable(bytes);
        for (long i = 0; i < tensorCount; i++) {
            tensor(table, alignment);
        }
        long dataStart = (in.position() + alignment - 1) / alignment * alignment;
        return new WeightFile(bytes.description(), table.resolve(dataStart, false), metadata);
    }

    private Map<String, String> metadata(long count) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String key = in.string("a metadata key");
            String value = value(in.u32("a metadata type"), "metadata " + UntrustedText.quote(key));
            if (metadata.putIfAbsent(key, value) != null) {
                throw in.fault(
                        "metadata " + UntrustedText.quote(key) + " occurs twice; the file is damaged, fetch it again");
            }
        }
        return metadata;
    }

    private String value(long type, String what) {
        return type == 9 ? array(what) : scalar(type, what);
    }

    private String scalar(long type, String what) {
        return switch ((int) Math.min(type, 99)) {
            case 0 -> Integer.toString(in.take(1, what).get() & 0xff);
            case 1 -> Byte.toString(in.take(1, what).get());
            case 2 -> Integer.toString(in.take(2, what).getShort() & 0xffff);
            case 3 -> Short.toString(in.take(2, what).getShort());
            case 4 -> Long.toString(in.u32(what));
            case 5 -> Integer.toString(in.take(4, what).getInt());
            case 6 -> Float.toString(in.take(4, what).getFloat());
            case 7 -> Boolean.toString(in.take(1, what).get() != 0);
            case 8 -> in.string(what);
            case 10 -> Long.toUnsignedString(in.u64(what));
            case 11 -> Long.toString(in.u64(what));
            case 12 -> Double.toString(in.take(8, what).getDouble());
            default -> throw in.fault(what + " has the unknown type " + type);
        };
    }

    private String array(String what) {
        long type = in.u32(what);
        long count = in.count(what + " (length)", 1);
        StringJoiner kept = new StringJoiner(", ", "[", "]");
        for (long i = 0; i < count; i++) {
            String element = scalar(type, what);
            if (count <= LONGEST_KEPT_ARRAY) {
                kept.add(element);
            }
        }
        return count <= LONGEST_KEPT_ARRAY ? kept.toString() : "[" + count + " values]";
    }

    private long alignment(@Nullable String text) {
        long alignment = DEFAULT_ALIGNMENT;
        if (text != null) {
            alignment = text.matches("\\d{1,10}") ? Long.parseLong(text) : 0;
        }
        if (Long.bitCount(alignment) != 1) {
            throw in.fault("expected a power of two as " + ALIGNMENT_KEY + ", got " + UntrustedText.quote("" + text));
        }
        return alignment;
    }

    private void tensor(TensorTable table, long alignment) {
        String name = in.string("a tensor name");
        String what = "tensor " + UntrustedText.quote(name);
        long rank = in.u32(what);
        if (rank > TensorTable.HIGHEST_RANK) {
            throw in.fault(what + " has " + rank + " axes, expected at most " + TensorTable.HIGHEST_RANK);
        }
        long[] sizes = new long[(int) rank];
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            sizes[axis] = in.u64(what);
        }
        Encoding encoding = encoding(in.u32(what), what);
        long row = sizes.length == 0 ? 1 : sizes[sizes.length - 1];
        if (row % encoding.blockElements() != 0) {
            throw in.fault(what + ": rows of " + encoding + " hold multiples of " + encoding.blockElements());
        }
        long offset = in.u64(what);
        if (offset % alignment != 0) {
            throw in.fault(what + ": expected an offset aligned to " + alignment + ", got "
                    + Long.toUnsignedString(offset) + "; the file is damaged, fetch it again");
        }
        table.add(name, encoding, sizes, offset);
    }

    private Encoding encoding(long type, String what) {
        return switch ((int) Math.min(type, 99)) {
            case 0 -> Encoding.F32;
            case 1 -> Encoding.F16;
            case 8 -> Encoding.Q8_0;
            case 24 -> Encoding.I8;
            case 25 -> Encoding.I16;
            case 26 -> Encoding.I32;
            case 27 -> Encoding.I64;
            case 28 -> Encoding.F64;
            case 30 -> Encoding.BF16;
            default ->
                throw in.fault(what + " has GGML type " + type
                        + ", which Graft does not read; convert the file to F32, F16, BF16 or Q8_0");
        };
    }
}
