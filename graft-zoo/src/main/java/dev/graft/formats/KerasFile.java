package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.TensorTable;
import dev.graft.weights.WeightFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads Keras' files: {@code .h5} with weights or a whole model, {@code .weights.h5} and {@code .keras}. Tensors keep
 * Keras' layouts and are called {@code layer/weight}: {@code block1_conv1/kernel:0} where the file says so, {@code
 * block1_conv1/kernel} in the files of Keras 3, which only number weights. {@link KerasNames} makes names and layouts of
 * Graft's of them. What belongs to the optimizer is left out; the metadata says so. Nothing of the file runs.
 *
 * @see <a href="https://keras.io/api/models/model_saving_apis/">the formats</a>
 */
public final class KerasFile {
    private static final String FORMAT = "format";
    private static final String KERAS = "keras";
    private static final String ZIPPED = "model.weights.h5";
    private static final String WHOLE_MODEL = "model_weights/";
    private static final String NUMBERED = "/vars/";

    /** What the numbers stand for, by the beginning of the layer's kind; the first that fits. */
    private static final Map<String, List<String>> WEIGHTS = new LinkedHashMap<>();

    static {
        WEIGHTS.put("batch_normalization", List.of("gamma", "beta", "moving_mean", "moving_variance"));
        WEIGHTS.put("layer_normalization", List.of("gamma", "beta"));
        WEIGHTS.put("separable_conv2d", List.of("depthwise_kernel", "pointwise_kernel", "bias"));
        WEIGHTS.put("depthwise_conv2d", List.of("depthwise_kernel", "bias"));
        WEIGHTS.put("conv2d", List.of("kernel", "bias"));
        WEIGHTS.put("dense", List.of("kernel", "bias"));
    }

    private KerasFile() {}

    /**
     * Opens a file, mapped into memory.
     *
     * @throws GraftException if the file cannot be read, is not valid or links to elsewhere
     */
    public static WeightFile read(Path path) {
        return read(Bytes.map(path));
    }

    /** Whether a file is of Keras: its weights then have Keras' names and layouts. */
    public static boolean isKeras(WeightFile file) {
        return KERAS.equals(file.metadata().get(FORMAT));
    }

    /**
     * Opens a file held in memory, from the buffer's position to its limit. The content must not change afterwards.
     *
     * @param description where the content comes from, for messages
     * @throws GraftException if the content is not valid or links to elsewhere
     */
    public static WeightFile read(String description, ByteBuffer content) {
        return read(Bytes.of(description, content));
    }

    static WeightFile read(Bytes bytes) {
        return bytes.startsWith(ZipEntries.MAGIC) ? readZip(bytes, ZipEntries.read(bytes)) : hdf5(bytes);
    }

    static boolean isLikely(ZipEntries entries) {
        return entries.names().contains(ZIPPED);
    }

    static WeightFile readZip(Bytes bytes, ZipEntries entries) {
        ZipEntries.Place weights = entries.find(ZIPPED);
        if (weights == null) {
            throw bytes.fault("zip", "expected " + ZIPPED + " in it, as Keras writes it, found none");
        }
        if (weights.length() > bytes.longestSlice()) {
            throw bytes.fault("zip", ZIPPED + " is longer than the " + bytes.longestSlice() + " bytes that are read");
        }
        return hdf5(bytes.part(weights.offset(), weights.length()));
    }

    private static WeightFile hdf5(Bytes bytes) {
        Hdf5.Content content = Hdf5.read(bytes);
        boolean isModel = content.tensors().keySet().stream().anyMatch(path -> path.startsWith(WHOLE_MODEL));
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FORMAT, KERAS);
        content.tensors().forEach((path, tensor) -> {
            String first = path.substring(0, path.indexOf('/') + 1);
            if (first.startsWith("optimizer") || isModel && !first.equals(WHOLE_MODEL)) {
                metadata.put(first, "not weights of the model, left out");
            } else if (tensors.putIfAbsent(name(path, content.names()), tensor) != null) {
                throw TensorTable.fault(bytes, path, "the name occurs twice; the file is damaged, fetch it again");
            }
        });
        if (tensors.isEmpty()) {
            throw bytes.fault(
                    "HDF5",
                    metadata.size() > 1
                            ? "the state of an optimizer, without the weights of a network; save them:"
                                    + " model.save_weights(file)"
                            : "no weights in it; save them: model.save_weights(file)");
        }
        return new WeightFile(bytes.description(), tensors, metadata);
    }

    /**
     * Where a layer writes its name before its weights, as most do, it is said once; a name in several parts, as in {@code
     * expanded_conv/project}, then has dots between them, so that it is no layer of a model inside.
     */
    private static String name(String path, Map<String, String> names) {
        if (path.contains(NUMBERED)) {
            return numbered(path, names);
        }
        String inModel = path.startsWith(WHOLE_MODEL) ? path.substring(WHOLE_MODEL.length()) : path;
        String layer = inModel.substring(0, inModel.indexOf('/') + 1);
        if (inModel.startsWith(layer + layer)) {
            return inModel.substring(layer.length());
        }
        int weight = inModel.lastIndexOf('/') + 1;
        String half = inModel.substring(0, weight / 2);
        return !half.isEmpty() && inModel.equals(half + half + inModel.substring(weight))
                ? half.substring(0, half.length() - 1).replace('/', '.') + "/" + inModel.substring(weight)
                : inModel;
    }

    /** {@code layers/functional/layers/conv2d_3/vars/0}: kinds with numbers, and the layer's name in an attribute. */
    private static String numbered(String path, Map<String, String> names) {
        int vars = path.lastIndexOf(NUMBERED);
        String number = path.substring(vars + NUMBERED.length());
        StringBuilder name = new StringBuilder();
        String kind = "";
        for (int begin = 0; begin < vars; ) {
            int slash = path.indexOf('/', begin);
            kind = path.substring(begin, slash);
            if (!kind.equals("layers") && !kind.equals("_layer_checkpoint_dependencies")) {
                String own = names.get(path.substring(0, slash) + NUMBERED);
                name.append(name.isEmpty() ? "" : ".").append(own == null ? kind : own);
            }
            begin = slash + 1;
        }
        return name + "/" + weight(kind, number);
    }

    private static String weight(String kind, String number) {
        String family =
                WEIGHTS.keySet().stream().filter(kind::startsWith).findFirst().orElse("");
        List<String> weights = WEIGHTS.getOrDefault(family, List.of());
        return number.matches("\\d") && number.charAt(0) - '0' < weights.size()
                ? weights.get(number.charAt(0) - '0')
                : number;
    }
}
