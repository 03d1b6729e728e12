package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.weights.KerasFile;
import dev.graft.weights.KerasNames;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where the names in the publisher's file are not those of the network.
 *
 * @param other regular expressions of parts of the file's names, with what stands for them in the network's: what was
 *     renamed after the file was published, or is called otherwise by another publisher; independent of each other
 * @param kerasLayers the network's name for what Keras calls a layer, for files of Keras
 * @param unused weights of parts that were trained with the network but are none of it; a {@code *} stands for any
 *     characters
 */
public record FileNames(Map<String, String> other, UnaryOperator<String> kerasLayers, List<String> unused) {
    public FileNames {
        other = Map.copyOf(other);
        unused = List.copyOf(unused);
    }

    /** The names of the network. */
    static FileNames same() {
        return new FileNames(Map.of(), UnaryOperator.identity(), List.of());
    }

    static FileNames replacing(Map<String, String> other) {
        return new FileNames(other, UnaryOperator.identity(), List.of());
    }

    static FileNames without(String... unused) {
        return new FileNames(Map.of(), UnaryOperator.identity(), List.of(unused));
    }

    static FileNames keras(UnaryOperator<String> layers) {
        return new FileNames(Map.of(), layers, List.of());
    }

    /** These, with parts of names replaced too. */
    FileNames andReplacing(Map<String, String> more) {
        return new FileNames(more, kerasLayers, unused);
    }

    /** These, with weights of the file that are left out too. */
    FileNames andWithout(String... more) {
        return new FileNames(other, kerasLayers, List.of(more));
    }

    /** The file with the names and layouts of the network, which it may have already. */
    WeightFile current(WeightFile read) {
        WeightFile file = KerasFile.isKeras(read) ? KerasNames.translate(read, kerasLayers) : read;
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
