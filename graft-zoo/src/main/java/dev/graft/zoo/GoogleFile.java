package dev.graft.zoo;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Weights of Google's TensorFlow Lite files under our names. What was batch normalisation is folded into their kernels and
 * biases, so the network's normalisations only add the biases. Google's class 0 stands for no object and is left out.
 */
final class GoogleFile {
    /** What the denominator of a normalisation has beside the variance, in the flavours that these files are for. */
    private static final double EPSILON = 1e-3;

    private static final Pattern WEIGHT = Pattern.compile("(.+)/(?:(?:depthwise_)?(weights)[^;]*|[^;/]*bias[^;/]*)");

    private GoogleFile() {}

    /**
     * The file's weights by our names; tensors of other layers stay as they are.
     *
     * @param layers from Google's layer with {@code /kernel} behind it to the convolution here, with {@code /bias} to the
     *     normalisation after it, both to the classifier; other names stay
     */
    static WeightFile translate(WeightFile file, UnaryOperator<String> layers, String classifier) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        file.tensors().forEach((name, tensor) -> {
            Matcher weight = WEIGHT.matcher(name);
            boolean kernel = weight.matches() && weight.group(2) != null;
            String part = weight.matches() ? weight.group(1) + (kernel ? "/kernel" : "/bias") : name;
            String layer = layers.apply(part);
            if (layer.equals(part)) {
                tensors.put(name, tensor);
            } else if (layer.equals(classifier)) {
                tensors.put(layer + (kernel ? ".weight" : ".bias"), withoutFirst(tensor, kernel ? 2 : 1));
            } else if (kernel) {
                tensors.put(layer + ".weight", tensor);
            } else {
                putBias(tensors, layer, tensor);
            }
        });
        return file.with(tensors);
    }

    /** Whether a tensor is the kernel of a layer, and of which. */
    static String layerOfKernel(String name) {
        Matcher weight = WEIGHT.matcher(name);
        return weight.matches() && weight.group(2) != null ? weight.group(1) : "";
    }

    private static void putBias(Map<String, StoredTensor> tensors, String norm, StoredTensor bias) {
        tensors.put(norm + ".bias", bias);
        tensors.put(norm + ".weight", StoredTensor.constant(bias.shape(), 1));
        tensors.put(norm + ".running_mean", StoredTensor.constant(bias.shape(), 0));
        tensors.put(norm + ".running_var", StoredTensor.constant(bias.shape(), (float) (1 - EPSILON)));
    }

    /** All rows but the first, with so many axes; those after have one place. */
    private static StoredTensor withoutFirst(StoredTensor tensor, int rank) {
        List<Integer> sizes = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            sizes.add(tensor.shape().size(axis) - (axis == 0 ? 1 : 0));
        }
        Shape shape = Shape.of(sizes.stream().mapToInt(size -> size).toArray());
        int skipped = Math.toIntExact(shape.elements() / Math.max(1, shape.size(0)));
        return new StoredTensor(shape, tensor.type(), () -> {
            HostTensor all = tensor.read();
            return new HostTensor(shape, all.values().position(skipped).slice());
        });
    }
}
