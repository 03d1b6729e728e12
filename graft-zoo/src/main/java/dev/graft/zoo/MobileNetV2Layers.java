package dev.graft.zoo;

import dev.graft.weights.WeightFile;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Keras and Google call the layers of MobileNetV2, which has torchvision's names here. */
final class MobileNetV2Layers {
    private static final Pattern KERAS_BLOCK =
            Pattern.compile("(?:expanded_conv|block_(\\d{1,2}))_(expand|depthwise|project)(_BN)?");

    private static final Pattern GOOGLE =
            Pattern.compile("MobilenetV2/(?:(Logits)/Conv2d_1c_1x1|(Conv|Conv_1)|expanded_conv(?:_(\\d{1,2}))?/"
                    + "(expand|depthwise|project))/(?:((?:depthwise_)?weights)[^;]*|[^;/]*bias[^;/]*)");

    /** The layers outside of the blocks. */
    private static final Map<String, String> KERAS = Map.of(
            "Conv1", "features.0.0",
            "bn_Conv1", "features.0.1",
            "Conv_1", "features.18.0",
            "Conv_1_bn", "features.18.1",
            "predictions", "classifier.1",
            // The name before Keras 2.3.
            "Logits", "classifier.1");

    private MobileNetV2Layers() {}

    /** A layer of {@code keras.applications.MobileNetV2}; names of other layers stay as they are. */
    static String keras(String keras) {
        Matcher block = KERAS_BLOCK.matcher(keras);
        if (!block.matches()) {
            return KERAS.getOrDefault(keras, keras);
        }
        // The first block does not expand, so its parts are one place earlier.
        boolean first = block.group(1) == null;
        String name = "features." + (first ? 1 : Integer.parseInt(block.group(1)) + 1) + ".conv.";
        int depthwise = first ? 0 : 1;
        boolean norm = block.group(3) != null;
        return switch (block.group(2)) {
            case "expand" -> name + (norm ? "0.1" : "0.0");
            case "depthwise" -> name + depthwise + (norm ? ".1" : ".0");
            default -> name + (depthwise + (norm ? 2 : 1));
        };
    }

    /** The weights of Google's TensorFlow Lite files, of floats or bytes, as {@link GoogleWeights} says. */
    static WeightFile google(WeightFile file) {
        GoogleWeights weights = new GoogleWeights();
        file.tensors().forEach((name, tensor) -> {
            Matcher known = GOOGLE.matcher(name);
            if (!known.matches()) {
                weights.add(name, tensor);
                return;
            }
            boolean kernel = known.group(5) != null;
            if (known.group(1) != null) {
                weights.addClassifier("classifier.1", kernel, tensor);
            } else if (kernel) {
                weights.add(convolution(known) + ".weight", tensor);
            } else {
                weights.addBias(norm(known), tensor);
            }
        });
        return file.with(weights.tensors());
    }

    private static String convolution(MatchResult google) {
        if (google.group(2) != null) {
            return keras(google.group(2).equals("Conv") ? "Conv1" : "Conv_1");
        }
        return keras(block(google));
    }

    private static String norm(MatchResult google) {
        if (google.group(2) != null) {
            return keras(google.group(2).equals("Conv") ? "bn_Conv1" : "Conv_1_bn");
        }
        return keras(block(google) + "_BN");
    }

    private static String block(MatchResult google) {
        String number = google.group(3);
        return (number == null ? "expanded_conv" : "block_" + number) + "_" + google.group(4);
    }
}
