package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the names in the publisher's file are not those of the network.
 *
 * @param other regular expressions of parts of the file's names, with what stands for them in the network's: what was
 *     renamed after the file was published, or is called otherwise by another publisher; independent of each other
 * @param unused weights of parts that were trained with the network but are none of it; a {@code *} stands for any
 *     characters
 */
public record FileNames(Map<String, String> other, List<String> unused) {
    public FileNames {
        other = Map.copyOf(other);
        unused = List.copyOf(unused);
    }

    /** The names of the network. */
    static FileNames same() {
        return new FileNames(Map.of(), List.of());
    }

    static FileNames replacing(Map<String, String> other) {
        return new FileNames(other, List.of());
    }

    static FileNames without(String... unused) {
        return new FileNames(Map.of(), List.of(unused));
    }

    /** The file with the names of the network, which it may have already. */
    WeightFile current(WeightFile file) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        file.tensors().forEach((name, tensor) -> {
            String current = name;
            for (Map.Entry<String, String> change : other.entrySet()) {
                current = current.replaceAll(change.getKey(), change.getValue());
            }
            if (tensors.put(current, tensor) != null) {
                throw new GraftException(file.description() + ": expected one weight '" + current
                        + "', found it under its other name too; take one out");
            }
        });
        return new WeightFile(file.description(), tensors, file.metadata());
    }
}
