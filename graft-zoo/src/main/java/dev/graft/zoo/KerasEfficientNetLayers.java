package dev.graft.zoo;

import dev.graft.zoo.EfficientNet.Group;
import dev.graft.zoo.EfficientNet.Kind;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code keras.applications.EfficientNetB0} and its family, the second version too, call the layers that have
 * torchvision's names here: {@code block2b_se_reduce} is in the second block of the second group.
 *
 * @param groups of the network
 */
record KerasEfficientNetLayers(List<Group> groups) {
    private static final Pattern BLOCK =
            Pattern.compile("block([1-9])([a-z])_(?:(expand|project)_(conv|bn)|(dwconv2?|bn)|se_(reduce|expand))");

    private static final Map<String, String> OUTSIDE = Map.of(
            "stem_conv", "features.0.0",
            "stem_bn", "features.0.1",
            "predictions", "classifier.1");

    /** The name here; names of other layers stay as they are. */
    String layer(String keras) {
        if (keras.equals("top_conv") || keras.equals("top_bn")) {
            return "features." + (groups.size() + 1) + (keras.endsWith("bn") ? ".1" : ".0");
        }
        Matcher part = BLOCK.matcher(keras);
        if (!part.matches() || Integer.parseInt(part.group(1)) > groups.size()) {
            return OUTSIDE.getOrDefault(keras, keras);
        }
        Group group = groups.get(Integer.parseInt(part.group(1)) - 1);
        String block = "features." + part.group(1) + "." + (part.group(2).charAt(0) - 'a') + ".block.";
        // Blocks that do not widen begin with what comes second in others.
        int second = group.expansion() > 1 ? 1 : 0;
        if (part.group(3) != null) {
            int last = group.kind() == Kind.FUSED ? second : second + 2;
            int place = part.group(3).equals("expand") ? 0 : last;
            return block + place + (part.group(4).equals("bn") ? ".1" : ".0");
        }
        if (part.group(5) != null) {
            return block + second + (part.group(5).equals("bn") ? ".1" : ".0");
        }
        return block + (second + 1) + (part.group(6).equals("reduce") ? ".fc1" : ".fc2");
    }
}
