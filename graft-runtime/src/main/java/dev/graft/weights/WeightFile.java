package dev.graft.weights;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.tensor.HostTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What every reader of this package gives: named tensors, each converted when it is asked for, and the file's remarks
 * about itself. A file on disk stays mapped while any of its tensors is in use.
 *
 * @param description the file or resource, for messages
 * @param tensors by name, in the order of the file
 * @param metadata by key, in the order of the file; numbers as text
 * @param notes what a user should know of how the file was read, a line each: which of several weights were taken, say
 */
public record WeightFile(
        String description, Map<String, StoredTensor> tensors, Map<String, String> metadata, List<String> notes) {

    /** How metadata ends that stands for a value which was not kept. */
    public static final String LEFT_OUT = ", left out";

    /** The metadata under which a reader may say of which format the file is. */
    public static final String FORMAT = "format";

    public WeightFile {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        notes = List.copyOf(notes);
    }

    /** A file that nothing is to be said of. */
    public WeightFile(String description, Map<String, StoredTensor> tensors, Map<String, String> metadata) {
        this(description, tensors, metadata, List.of());
    }

    /** The same file with other tensors. */
    public WeightFile with(Map<String, StoredTensor> others) {
        return new WeightFile(description, others, metadata, notes);
    }

    /** The same file with one note more. */
    public WeightFile note(String line) {
        return new WeightFile(
                description,
                tensors,
                metadata,
                Stream.concat(notes.stream(), Stream.of(line)).toList());
    }

    /** Whether its metadata say that it is of a format, such as {@code onnx}. */
    boolean isOf(String format) {
        return format.equals(metadata.get(FORMAT));
    }

    /** What the file has under a name in place of a tensor, to end a phrase with; empty where it has nothing. */
    String instead(String name) {
        String remark = metadata.get(name);
        return remark == null || !remark.endsWith(LEFT_OUT)
                ? ""
                : " (in the file it is " + UntrustedText.printable(remark) + ")";
    }

    /**
     * The numbers of one tensor.
     *
     * @throws GraftException if the file has no tensor of that name, or its numbers are no floats
     */
    public HostTensor read(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new GraftException(description + ": no tensor " + UntrustedText.quote(name) + " among its "
                    + tensors.size() + instead(name) + Nearest.hint(name, tensors.keySet()));
        }
        return tensor.read();
    }

    /**
     * One entry of the metadata.
     *
     * @throws GraftException if the file does not have it
     */
    public String text(String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new GraftException(description + ": expected metadata " + UntrustedText.quote(key) + ", found none"
                    + Nearest.hint(key, metadata.keySet()));
        }
        return value;
    }

    /**
     * One entry of the metadata that is a number.
     *
     * @throws GraftException if the file does not have it, or it is not a number
     */
    public float number(String key) {
        String value = text(key);
        try {
            return Float.parseFloat(value);
        } catch (NumberFormatException e) {
            throw new GraftException(
                    description + ": metadata " + UntrustedText.quote(key) + ": expected a number, got "
                            + UntrustedText.quote(value),
                    e);
        }
    }
}
