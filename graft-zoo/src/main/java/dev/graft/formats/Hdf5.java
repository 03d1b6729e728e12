package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.Encoding;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.TensorTable;
import dev.graft.weights.UntrustedText;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data sets of an HDF5 file by their path. jhdf reads the structure from memory that is there already, so no length
 * in the file makes it allocate; the numbers are ours to read, from where they lie in one piece. Links to elsewhere are
 * refused, in this file or another.
 */
final class Hdf5 {
    static final String MAGIC = "\u0089HDF\r\n\u001a\n";

    private static final String NAME = "name";
    private static final int LONGEST_NAME = 256;
    private static final int DEEPEST = 32;

    private final Bytes bytes;
    private final TensorTable table;
    private final Map<String, String> names = new HashMap<>();
    private final Set<Long> seen = new HashSet<>();
    private long start;

    private Hdf5(Bytes bytes) {
        this.bytes = bytes;
        this.table = new TensorTable(bytes);
    }

    /**
     * What a file holds.
     *
     * @param tensors by path
     * @param names what groups call themselves in an attribute, by path, where they do
     */
    record Content(Map<String, StoredTensor> tensors, Map<String, String> names) {}

    /** Checks the whole file and opens its data sets; those of numbers that are no floats say so when they are read. */
    static Content read(Bytes bytes) {
        if (bytes.size() > bytes.longestSlice()) {
            throw bytes.fault("HDF5", "files of more than 2 GiB are not read; convert it to safetensors");
        }
        return new Hdf5(bytes).parse();
    }

    private Content parse() {
        // What the library makes of damage is its own affair: any failure is one of the file.
        try (HdfFile file = HdfFile.fromByteBuffer(bytes.slice(0, bytes.size()))) {
            start = file.getUserBlockSize();
            group(file, "", 0);
        } catch (GraftException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            GraftException fault = bytes.fault(
                    "HDF5", "cannot be read (" + reason(e) + "); the file is cut short or damaged, fetch it again");
            fault.initCause(e);
            throw fault;
        }
        return new Content(table.resolve(0, false), names);
    }

    /** What the innermost of the failures says; those round it only name the places. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < DEEPEST && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        return message.isBlank()
                ? cause.getClass().getSimpleName()
                : UntrustedText.printable(message.lines().findFirst().orElse(""));
    }

    private void group(Group group, String path, int depth) {
        if (depth == DEEPEST || !seen.add(group.getAddress())) {
            throw bytes.fault(
                    "group " + UntrustedText.quote(path),
                    "groups contain one another or are nested more than " + DEEPEST + " deep; fetch the file again");
        }
        Attribute name = group.getAttributes().get(NAME);
        if (name != null
                && name.isScalar()
                && name.getDataType().getSize() <= LONGEST_NAME
                && name.getData() instanceof String text) {
            names.put(path, text);
        }
        for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
            String inside = path + child.getKey();
            Node node = child.getValue();
            if (node.isLink()) {
                throw bytes.fault(
                        UntrustedText.quote(inside),
                        "a link to another place or file, which Graft does not follow; save the weights again");
            } else if (node instanceof Group inner) {
                group(inner, inside + "/", depth + 1);
            } else if (node instanceof Dataset dataset) {
                dataset(dataset, inside);
            }
        }
    }

    private void dataset(Dataset dataset, String name) {
        Encoding encoding = encoding(dataset.getDataType());
        if (!(dataset instanceof ContiguousDataset contiguous) || encoding == null) {
            throw TensorTable.fault(
                    bytes,
                    name,
                    "expected little-endian numbers in one piece, as Keras writes them, found " + found(dataset)
                            + "; save the weights again without compression");
        }
        long[] sizes = Arrays.stream(dataset.getDimensions()).asLongStream().toArray();
        boolean isEmpty = Arrays.stream(sizes).anyMatch(size -> size == 0);
        table.add(name, encoding, sizes, isEmpty ? 0 : start + contiguous.getDataAddress());
    }

    private static String found(Dataset dataset) {
        return dataset.getDataType().getClass().getSimpleName() + " in a "
                + dataset.getDataLayout().toString().toLowerCase(Locale.ROOT) + " layout";
    }

    private static @Nullable Encoding encoding(DataType type) {
        if (!(type instanceof OrderedDataType ordered) || ordered.getByteOrder() != ByteOrder.LITTLE_ENDIAN) {
            return null;
        }
        if (type instanceof FloatingPoint real) {
            return switch (real.getSize() * 100 + real.getMantissaSize()) {
                case 2_10 -> Encoding.F16;
                case 2_07 -> Encoding.BF16;
                case 4_23 -> Encoding.F32;
                case 8_52 -> Encoding.F64;
                default -> null;
            };
        }
        if (type instanceof FixedPoint whole) {
            return switch (whole.getSize()) {
                case 1 -> whole.isSigned() ? Encoding.I8 : Encoding.U8;
                case 2 -> whole.isSigned() ? Encoding.I16 : Encoding.U16;
                case 4 -> whole.isSigned() ? Encoding.I32 : Encoding.U32;
                case 8 -> whole.isSigned() ? Encoding.I64 : Encoding.U64;
                default -> null;
            };
        }
        return null;
    }
}
