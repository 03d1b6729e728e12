package dev.graft.zoo;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code keras.applications.MobileNetV3Small} and its larger sister call the layers that have torchvision's names
 * here: {@code expanded_conv_1_depthwise_bn} in Keras 3, {@code expanded_conv_1/depthwise/BatchNorm} in the published
 * files, which are older.
 *
 * @param blocks of the network
 */
record KerasMobileNetV3Layers(List<MobileNetV3.Block> blocks) {
    private static final Pattern BLOCK = Pattern.compile(
            "expanded_conv(?:_(\\d{1,2}))?_(?:(expand|depthwise|project)(_bn)?|squeeze_excite_conv(_1)?)");

    /** The classes are convolved for in Keras. */
    private static final Map<String, String> OUTSIDE = Map.of(
            "conv", "features.0.0",
            "conv_bn", "features.0.1",
            "conv_2", "classifier.0",
            "logits", "classifier.3");

    /** The name here; names of other layers stay as they are. */
    String layer(String keras) {
        String name = keras.toLowerCase(Locale.ROOT).replace('.', '_').replace("batchnorm", "bn");
        if (name.equals("conv_1") || name.equals("conv_1_bn")) {
            return "features." + (blocks.size() + 1) + (name.endsWith("bn") ? ".1" : ".0");
        }
        Matcher part = BLOCK.matcher(name);
        if (!part.matches()) {
            return OUTSIDE.getOrDefault(name, keras);
        }
        int index = part.group(1) == null ? 0 : Integer.parseInt(part.group(1));
        if (index >= blocks.size()) {
            return keras;
        }
        // The first block does not expand, so its parts are one place earlier.
        int depthwise = index == 0 ? 0 : 1;
        int project = depthwise + (blocks.get(index).squeeze() ? 2 : 1);
        String block = "features." + (index + 1) + ".block.";
        if (part.group(2) == null) {
            return block + (depthwise + 1) + (part.group(4) == null ? ".fc1" : ".fc2");
        }
        int place =
                switch (part.group(2)) {
                    case "expand" -> 0;
                    case "depthwise" -> depthwise;
                    default -> project;
                };
        return block + place + (part.group(3) == null ? ".0" : ".1");
    }
}
