package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.weights.WeightFile;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Keras and Google call the layers of Inception V3, which has torchvision's names here. */
final class InceptionLayers {
    private static final Pattern KERAS = Pattern.compile("(conv2d|batch_normalization)(?:_(\\d{1,3}))?");
    private static final Pattern GOOGLE =
            Pattern.compile("InceptionV3/(?:InceptionV3|(Logits))/([^;]+?)/(?:(weights)[^;]*|Conv2D\\w*_bias)");

    /** The convolutions in the order in which Keras makes them, which is that of Google's names. */
    private static final List<String> CONVOLUTIONS = Stream.of(
                    Stream.of("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3"),
                    blocks("5b 5c 5d", "1x1 5x5_1 5x5_2 3x3dbl_1 3x3dbl_2 3x3dbl_3 _pool"),
                    blocks("6a", "3x3 3x3dbl_1 3x3dbl_2 3x3dbl_3"),
                    blocks("6b 6c 6d 6e", "1x1 7x7_1 7x7_2 7x7_3 7x7dbl_1 7x7dbl_2 7x7dbl_3 7x7dbl_4 7x7dbl_5 _pool"),
                    blocks("7a", "3x3_1 3x3_2 7x7x3_1 7x7x3_2 7x7x3_3 7x7x3_4"),
                    blocks("7b 7c", "1x1 3x3_1 3x3_2a 3x3_2b 3x3dbl_1 3x3dbl_2 3x3dbl_3a 3x3dbl_3b _pool"))
            .flatMap(names -> names)
            .toList();

    private InceptionLayers() {}

    private static Stream<String> blocks(String blocks, String branches) {
        return Arrays.stream(blocks.split(" ")).flatMap(block -> Arrays.stream(branches.split(" "))
                .map(branch -> "Mixed_" + block + ".branch" + branch));
    }

    /** A layer of {@code keras.applications.InceptionV3}; names of other layers stay as they are. */
    static String keras(String layer) {
        Matcher numbered = KERAS.matcher(layer);
        if (!numbered.matches()) {
            return layer.equals("predictions") ? "fc" : layer;
        }
        int number = numbered.group(2) == null ? 0 : Integer.parseInt(numbered.group(2));
        return number < CONVOLUTIONS.size()
                ? CONVOLUTIONS.get(number) + (numbered.group(1).equals("conv2d") ? ".conv" : ".bn")
                : layer;
    }

    /**
     * The weights of Google's TensorFlow Lite file, as {@link GoogleWeights} says.
     *
     * @throws GraftException if the file has not as many convolutions
     */
    static WeightFile google(WeightFile file) {
        List<String> layers = file.tensors().keySet().stream()
                .map(GOOGLE::matcher)
                .filter(name -> name.matches() && name.group(1) == null && name.group(3) != null)
                .map(name -> name.group(2))
                .sorted()
                .toList();
        if (layers.size() != CONVOLUTIONS.size()) {
            throw new GraftException(file.description() + ": expected the " + CONVOLUTIONS.size()
                    + " convolutions of Google's Inception V3, found " + layers.size()
                    + " of their names; convert the weights to safetensors with torchvision's names");
        }
        GoogleWeights weights = new GoogleWeights();
        file.tensors().forEach((name, tensor) -> {
            Matcher known = GOOGLE.matcher(name);
            if (!known.matches()) {
                weights.add(name, tensor);
                return;
            }
            boolean kernel = known.group(3) != null;
            if (known.group(1) != null) {
                weights.addClassifier("fc", kernel, tensor);
                return;
            }
            int place = layers.indexOf(known.group(2));
            String layer = place < 0 ? known.group(2) : CONVOLUTIONS.get(place);
            if (kernel) {
                weights.add(layer + ".conv.weight", tensor);
            } else {
                weights.addBias(layer + ".bn", tensor);
            }
        });
        return file.with(weights.tensors());
    }
}
