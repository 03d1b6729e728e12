package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.tensor.Shape;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.UntrustedText;
import dev.graft.weights.WeightFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Gives Keras' weights the names and layouts of Graft, which are torch's.
 *
 * <table>
 * <caption>by the layer's name</caption>
 * <tr><td>{@code kernel [h, w, in, out]}</td><td>{@code weight [out, in, h, w]}</td></tr>
 * <tr><td>{@code kernel [in, out]}</td><td>{@code weight [out, in]}</td></tr>
 * <tr><td>{@code depthwise_kernel [h, w, in, m]}, in Keras 3 {@code kernel [h, w, in, 1]}</td><td>{@code weight [in·m, 1, h, w]}</td></tr>
 * <tr><td>{@code depthwise_kernel}, {@code pointwise_kernel}, {@code bias} of one layer</td>
 *   <td>{@code depthwise.weight}, {@code pointwise.weight}, {@code pointwise.bias}</td></tr>
 * <tr><td>{@code gamma}, {@code beta}, {@code moving_mean}, {@code moving_variance}</td>
 *   <td>{@code weight}, {@code bias}, {@code running_mean}, {@code running_var}</td></tr>
 * </table>
 *
 * <p>The names of Keras 1 ({@code W}, {@code b}, {@code running_std}) mean the same. Layers that Keras numbered itself
 * ({@code conv2d_5}, {@code conv2d_6}) are counted from the first, as in a fresh session: {@code conv2d}, {@code
 * conv2d_1}. A normalisation without {@code gamma} gets ones. Weights of other kinds keep name and layout.
 */
public final class KerasNames {
    private static final Pattern WEIGHT =
            Pattern.compile("(?:.*?_)??(depthwise_kernel|pointwise_kernel|kernel|bias|gamma|beta"
                    + "|moving_mean|moving_variance|running_mean|running_std|W|b)(?:_\\d+)?(?::\\d+)?");
    private static final Pattern NUMBERED = Pattern.compile(
            "(.*\\.)?(conv2d|convolution2d|batch_normalization|batchnormalization|dense)(?:_(\\d{1,9}))?");

    private static final String VARIANCE = ".running_var";

    private static final Map<String, String> CURRENT =
            Map.of("convolution2d", "conv2d", "batchnormalization", "batch_normalization");

    /** A weight's name taken apart. */
    private record Parts(String layer, String weight) {}

    private KerasNames() {}

    /** The file's weights by {@code layer.weight}, for networks whose layers are called as in Keras. */
    public static WeightFile translate(WeightFile keras) {
        return translate(keras, UnaryOperator.identity());
    }

    /**
     * The file's weights by {@code layer.weight}. Numbers are put in order when they are asked for.
     *
     * @param layers gives the name in Graft's network for a layer's name in Keras
     * @throws GraftException if two weights get the same name
     */
    public static WeightFile translate(WeightFile keras, UnaryOperator<String> layers) {
        return translate(keras, layers, Map.of());
    }

    /**
     * The file's weights by {@code layer.weight}, for a network that differs in more than the layers' names.
     *
     * @param layers gives the name in Graft's network for a layer's name in Keras
     * @param kernels by the name in Graft's network: what makes the layer's {@code weight} of Keras' {@code kernel}, where
     *     the table above does not say it
     * @throws GraftException if two weights get the same name
     */
    public static WeightFile translate(
            WeightFile keras, UnaryOperator<String> layers, Map<String, KerasKernel> kernels) {
        List<Parts> all =
                keras.tensors().keySet().stream().map(KerasNames::parts).toList();
        Set<String> separable = all.stream()
                .filter(part -> part.weight.equals("pointwise_kernel"))
                .map(Parts::layer)
                .collect(Collectors.toSet());
        Map<String, String> counted = counted(all);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        keras.tensors().forEach((name, tensor) -> {
            Parts part = parts(name);
            String layer = layers.apply(counted.getOrDefault(part.layer, part.layer));
            String translated = layer + "." + weight(part.weight, separable.contains(part.layer));
            KerasKernel kernel = isKernel(part.weight) ? kernels.get(layer) : null;
            StoredTensor laidOut = kernel == null ? laidOut(tensor, part.weight) : kernel.weight(tensor);
            if (tensors.putIfAbsent(translated, laidOut) != null) {
                throw new GraftException(keras.description() + ": weight " + UntrustedText.quote(name)
                        + ": another is called " + UntrustedText.quote(translated) + " too; give a file of one model");
            }
        });
        addOnes(tensors);
        return keras.with(tensors);
    }

    /** For normalisations that Keras made with {@code scale=False}: they multiply by nothing, so by one. */
    private static void addOnes(Map<String, StoredTensor> tensors) {
        for (Map.Entry<String, StoredTensor> entry : List.copyOf(tensors.entrySet())) {
            if (entry.getKey().endsWith(VARIANCE)) {
                String layer = entry.getKey().substring(0, entry.getKey().length() - VARIANCE.length());
                Shape shape = entry.getValue().shape();
                tensors.computeIfAbsent(layer + ".weight", absent -> StoredTensor.constant(shape, 1));
            }
        }
    }

    /**
     * {@code layer/weight}; with more in between, {@code layer/model/layer/weight} and {@code layer/layer_1/weight} are
     * the same layer's, {@code model/layer/weight} is a layer of a model inside.
     */
    private static Parts parts(String name) {
        List<String> path = List.of(name.split("/"));
        String last = path.get(path.size() - 1);
        Matcher known = WEIGHT.matcher(last);
        String weight = known.matches() ? known.group(1) : last;
        if (path.size() == 1) {
            return new Parts("", weight);
        }
        String layer = path.get(0);
        String inner = path.get(path.size() - 2);
        boolean same = inner.equals(layer) || inner.matches(Pattern.quote(layer) + "_\\d+");
        return new Parts(same ? layer : layer + "." + inner, weight);
    }

    /** New names for the layers that Keras numbered, kind by kind in their order. */
    private static Map<String, String> counted(List<Parts> parts) {
        record Layer(String name, int number) {}
        Map<String, List<Layer>> kinds = new HashMap<>();
        parts.stream().map(Parts::layer).distinct().forEach(layer -> {
            Matcher numbered = NUMBERED.matcher(layer);
            if (numbered.matches()) {
                int number = numbered.group(3) == null ? 0 : Integer.parseInt(numbered.group(3));
                String model = numbered.group(1) == null ? "" : numbered.group(1);
                String kind = model + CURRENT.getOrDefault(numbered.group(2), numbered.group(2));
                kinds.computeIfAbsent(kind, first -> new ArrayList<>()).add(new Layer(layer, number));
            }
        });
        Map<String, String> names = new HashMap<>();
        kinds.forEach((kind, layers) -> {
            layers.sort(Comparator.comparingInt(Layer::number));
            for (int i = 0; i < layers.size(); i++) {
                names.put(layers.get(i).name, i == 0 ? kind : kind + "_" + i);
            }
        });
        return names;
    }

    private static String weight(String weight, boolean separable) {
        return switch (weight) {
            case "kernel", "W", "gamma" -> "weight";
            case "bias", "b" -> separable ? "pointwise.bias" : "bias";
            case "beta" -> "bias";
            case "depthwise_kernel" -> separable ? "depthwise.weight" : "weight";
            case "pointwise_kernel" -> "pointwise.weight";
            case "moving_mean", "running_mean" -> "running_mean";
            // What Keras 1 called the deviation was the variance.
            case "moving_variance", "running_std" -> "running_var";
            default -> weight;
        };
    }

    private static boolean isKernel(String weight) {
        return weight.equals("kernel") || weight.equals("W");
    }

    private static StoredTensor laidOut(StoredTensor tensor, String weight) {
        Shape shape = tensor.shape();
        return switch (weight) {
            case "kernel", "W", "pointwise_kernel" ->
                isDepthwise(shape, weight)
                        ? laidOut(tensor, "depthwise_kernel")
                        : shape.rank() == 4
                                ? convolution(tensor, shape.size(2), shape.size(3))
                                : shape.rank() == 2
                                        ? KernelLayout.torch(tensor, 1, Shape.of(shape.size(1), shape.size(0)))
                                        : tensor;
            case "depthwise_kernel" ->
                // One filter after the other, each on one channel.
                shape.rank() == 4 ? convolution(tensor, 1, shape.size(2) * shape.size(3)) : tensor;
            default -> tensor;
        };
    }

    /** Keras 3 calls depthwise kernels like all others; taken for one, a kernel to a single channel fails the load. */
    private static boolean isDepthwise(Shape shape, String weight) {
        return weight.equals("kernel") && shape.rank() == 4 && shape.size(3) == 1 && shape.size(2) > 1;
    }

    private static StoredTensor convolution(StoredTensor tensor, int inputs, int outputs) {
        int height = tensor.shape().size(0);
        int width = tensor.shape().size(1);
        return KernelLayout.torch(tensor, height * width, Shape.of(outputs, inputs, height, width));
    }
}
