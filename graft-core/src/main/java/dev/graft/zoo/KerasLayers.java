package dev.graft.zoo;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Keras calls the layers of a network that has torchvision's names here; for {@link
 * dev.graft.weights.KerasNames#translate(dev.graft.weights.WeightFile, java.util.function.UnaryOperator)}.
 */
final class KerasLayers {
    private static final Pattern MOBILE_NET_V2_BLOCK =
            Pattern.compile("(?:expanded_conv|block_(\\d{1,2}))_(expand|depthwise|project)(_BN)?");

    /** The layers outside of the blocks. */
    private static final Map<String, String> MOBILE_NET_V2 = Map.of(
            "Conv1", "features.0.0",
            "bn_Conv1", "features.0.1",
            "Conv_1", "features.18.0",
            "Conv_1_bn", "features.18.1",
            "predictions", "classifier.1",
            // The name before Keras 2.3.
            "Logits", "classifier.1");

    private KerasLayers() {}

    /** A layer of {@code keras.applications.MobileNetV2}; names of other layers stay as they are. */
    static String mobileNetV2(String keras) {
        Matcher block = MOBILE_NET_V2_BLOCK.matcher(keras);
        if (!block.matches()) {
            return MOBILE_NET_V2.getOrDefault(keras, keras);
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
}
