package dev.graft.zoo;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Keras calls the layers of ResNet and DenseNet, which have torchvision's names here; see {@link KerasLayers}. */
final class KerasBlockLayers {
    /** Both say {@code conv2} for the first stage and count its blocks from 1. */
    private static final Pattern BLOCK = Pattern.compile("conv([2-5])_block(\\d{1,2})_([0-3])_(conv|bn)");

    private static final Pattern TRANSITION = Pattern.compile("pool([2-4])_(conv|bn)");

    /** The classifier is called otherwise in files that are older than Keras 2.4. */
    private static final Map<String, String> RES_NET =
            Map.of("conv1_conv", "conv1", "conv1_bn", "bn1", "predictions", "fc", "probs", "fc");

    /** Layers of the published files have a slash in their names, so that they look like layers of a model inside. */
    private static final Map<String, String> DENSE_NET = Map.of(
            "conv1_conv", "features.conv0",
            "conv1.conv", "features.conv0",
            "conv1_bn", "features.norm0",
            "conv1.bn", "features.norm0",
            "bn", "features.norm5",
            "predictions", "classifier",
            "fc1000", "classifier");

    private KerasBlockLayers() {}

    /** A layer of {@code keras.applications.ResNet50}, 101 or 152; names of other layers stay as they are. */
    static String resNet(String keras) {
        Matcher block = BLOCK.matcher(keras);
        if (!block.matches()) {
            return RES_NET.getOrDefault(keras, keras);
        }
        String name = "layer" + (number(block, 1) - 1) + "." + (number(block, 2) - 1) + ".";
        boolean norm = block.group(4).equals("bn");
        // Convolution 0 is the projection.
        return block.group(3).equals("0")
                ? name + "downsample." + (norm ? 1 : 0)
                : name + (norm ? "bn" : "conv") + block.group(3);
    }

    /** A layer of {@code keras.applications.DenseNet121}, 169 or 201; names of other layers stay as they are. */
    static String denseNet(String keras) {
        Matcher transition = TRANSITION.matcher(keras);
        if (transition.matches()) {
            return "features.transition" + (number(transition, 1) - 1) + (isNorm(transition, 2) ? ".norm" : ".conv");
        }
        Matcher block = BLOCK.matcher(keras);
        if (!block.matches()) {
            return DENSE_NET.getOrDefault(keras, keras);
        }
        String name = "features.denseblock" + (number(block, 1) - 1) + ".denselayer" + block.group(2);
        // Normalisation 0 stands before convolution 1, normalisation 1 before convolution 2.
        return isNorm(block, 4) ? name + ".norm" + (number(block, 3) + 1) : name + ".conv" + block.group(3);
    }

    private static boolean isNorm(Matcher matcher, int group) {
        return matcher.group(group).equals("bn");
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
