package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the names in the publisher's file are not those of the network.
 *
 * @param older regular expressions of parts of names that were changed after the file was published, with what replaces
 *     them, in this order
 * @param unused weights of parts that were trained with the network but are none of it; a {@code *} stands for any
 *     characters
 */
public record FileNames(Map<String, String> older, List<String> unused) {
    public FileNames {
        older = Collections.unmodifiableMap(new LinkedHashMap<>(older));
        unused = List.copyOf(unused);
    }

    /** The names of the network. */
    static FileNames same() {
        return new FileNames(Map.of(), List.of());
    }

    static FileNames replacing(Map<String, String> older) {
        return new FileNames(older, List.of());
    }

    static FileNames without(String... unused) {
        return new FileNames(Map.of(), List.of(unused));
    }

    /** The file with the names of the network, which it may have already. */
    WeightFile current(WeightFile file) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        file.tensors().forEach((name, tensor) -> {
            String current = name;
            for (Map.Entry<String, String> change : older.entrySet()) {
                current = current.replaceAll(change.getKey(), change.getValue());
            }
            if (tensors.put(current, tensor) != null) {
                throw new GraftException(file.description() + ": expected one weight '" + current
                        + "', found it under its old name too; take one out");
            }
        });
        return new WeightFile(file.description(), tensors, file.metadata());
    }
}
