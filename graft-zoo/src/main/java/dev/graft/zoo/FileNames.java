package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.formats.KerasFile;
import dev.graft.formats.KerasKernel;
import dev.graft.formats.KerasNames;
import dev.graft.formats.TfLite;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Where the names in the publisher's file are not those of the network.
 *
 * @param other regular expressions of parts of the file's names, with what stands for them in the network's: what was
 *     renamed after the file was published, or is called otherwise by another publisher; independent of each other
 * @param kerasLayers the network's name for what Keras calls a layer, for files of Keras
 * @param kerasKernels by the network's layer: kernels of Keras' file that are not only laid out otherwise
 * @param tfLite the same weights by the network's names, for files of TensorFlow Lite
 * @param unused weights of parts that were trained with the network but are none of it; a {@code *} stands for any
 *     characters
 */
public record FileNames(
        Map<String, String> other,
        UnaryOperator<String> kerasLayers,
        Map<String, KerasKernel> kerasKernels,
        UnaryOperator<WeightFile> tfLite,
        List<String> unused) {
    public FileNames {
        other = Map.copyOf(other);
        kerasKernels = Map.copyOf(kerasKernels);
        unused = List.copyOf(unused);
    }

    /** The names of the network. */
    static FileNames same() {
        return replacing(Map.of());
    }

    static FileNames replacing(Map<String, String> other) {
        return new FileNames(other, UnaryOperator.identity(), Map.of(), UnaryOperator.identity(), List.of());
    }

    static FileNames without(String... unused) {
        return same().unused(unused);
    }

    static FileNames keras(UnaryOperator<String> layers) {
        return keras(layers, Map.of());
    }

    static FileNames keras(UnaryOperator<String> layers, Map<String, KerasKernel> kernels) {
        return new FileNames(Map.of(), layers, kernels, UnaryOperator.identity(), List.of());
    }

    /** These, with parts of names replaced too. */
    FileNames andReplacing(Map<String, String> more) {
        return new FileNames(more, kerasLayers, kerasKernels, tfLite, unused);
    }

    FileNames tfLite(UnaryOperator<WeightFile> translation) {
        return new FileNames(other, kerasLayers, kerasKernels, translation, unused);
    }

    FileNames unused(String... names) {
        return new FileNames(other, kerasLayers, kerasKernels, tfLite, List.of(names));
    }

    /** The file with the names and layouts of the network, which it may have already. */
    WeightFile current(WeightFile read) {
        WeightFile file = KerasFile.isKeras(read)
                ? KerasNames.translate(read, kerasLayers, kerasKernels)
                : TfLite.isTfLite(read) ? tfLite.apply(read) : read;
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
        return file.with(tensors);
    }

    /**
     * The same, where the network may be a part of what the file has.
     *
     * @param needed the names of the weights that are asked for
     */
    WeightFile current(WeightFile read, Set<String> needed) {
        return new NamePrefix(needed, this::current).apply(read);
    }
}
