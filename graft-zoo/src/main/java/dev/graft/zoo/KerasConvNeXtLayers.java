package dev.graft.zoo;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code keras.applications.ConvNeXtTiny} and its larger sisters call the layers that have torchvision's names here:
 * {@code convnext_tiny_stage_0_block_0_layernorm}; what makes pictures smaller is a model inside, {@code
 * convnext_tiny_downsampling_block_0.convnext_tiny_downsampling_conv_0}.
 */
final class KerasConvNeXtLayers {
    private static final Pattern LAYER = Pattern.compile("(?:.*\\.)?convnext_[a-z]+_(.+)");
    private static final Pattern BLOCK = Pattern.compile("stage_([0-3])_block_(\\d{1,2})_(.+)");
    private static final Pattern SMALLER = Pattern.compile("downsampling_(layernorm|conv)_([0-2])");

    private static final Map<String, String> IN_BLOCK = Map.of(
            "depthwise_conv", "block.0",
            "layernorm", "block.2",
            "pointwise_conv_1", "block.3",
            "pointwise_conv_2", "block.5",
            "layer_scale", "layer_scale");

    private static final Map<String, String> OUTSIDE = Map.of(
            "stem_conv", "features.0.0",
            "stem_layernorm", "features.0.1",
            "head_layernorm", "classifier.0",
            "head_dense", "classifier.2");

    private KerasConvNeXtLayers() {}

    /** The only weight of a layer scale is called like the layer here. */
    static FileNames fileNames() {
        return FileNames.keras(KerasConvNeXtLayers::layer).andReplacing(Map.of("\\.layer_scale\\..+", ".layer_scale"));
    }

    /** The name here; names of other layers stay as they are. */
    static String layer(String keras) {
        Matcher own = LAYER.matcher(keras);
        if (!own.matches()) {
            // In files without top, after the map.
            return keras.matches("layer_normalization(_\\d+)?") ? "classifier.0" : keras;
        }
        String name = own.group(1);
        Matcher block = BLOCK.matcher(name);
        if (block.matches() && IN_BLOCK.containsKey(block.group(3))) {
            int stage = 2 * Integer.parseInt(block.group(1)) + 1;
            return "features." + stage + "." + block.group(2) + "." + IN_BLOCK.get(block.group(3));
        }
        Matcher smaller = SMALLER.matcher(name);
        if (smaller.matches()) {
            int stage = 2 * Integer.parseInt(smaller.group(2)) + 2;
            return "features." + stage + (smaller.group(1).equals("conv") ? ".1" : ".0");
        }
        return OUTSIDE.getOrDefault(name, keras);
    }
}
