package dev.graft.zoo;

import dev.graft.formats.KerasKernel;
import dev.graft.layers.Activation;
import dev.graft.layers.AdaptiveAveragePooling2D;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.Flatten;
import dev.graft.layers.MaxPooling2D;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * VGG (Simonyan and Zisserman 2014, "Very Deep Convolutional Networks"), with torchvision's layer names and Keras' names
 * for the stages: {@code block1} to {@code block5}, {@code fc1}, {@code fc2}.
 *
 * <p>The feature map is {@code [N, 512, S / 32, S / 32]}; it is averaged to 7x7, which at 224 pixels it is already. The
 * features are those after {@code fc2}: only the last layer belongs to the classes.
 */
final class Vgg {
    private static final int[] FILTERS = {64, 128, 256, 512, 512};
    private static final double DROPOUT = 0.5;
    private static final String FC1 = "classifier.0";

    /** What Keras calls the layers after the feature map. */
    private static final Map<String, String> KERAS_DENSE =
            Map.of("fc1", FC1, "fc2", "classifier.3", "predictions", "classifier.6");

    /** Convolutions in each of the five blocks. */
    static final List<Integer> VGG_11 = List.of(1, 1, 2, 2, 2);

    static final List<Integer> VGG_16 = List.of(2, 2, 3, 3, 3);
    private static final List<Integer> VGG_13 = List.of(2, 2, 2, 2, 2);
    private static final List<Integer> VGG_19 = List.of(2, 2, 4, 4, 4);

    /** What differs; names and layouts are torchvision's in all. */
    enum Flavour {
        PLAIN("", false, DROPOUT),
        /** With batch normalisation after each convolution. */
        NORMALISED("_bn", true, DROPOUT),
        /** Plain without dropout, for pictures that are blue first, as its authors had them in Caffe. */
        KERAS(Keras.SUFFIX, false, 0);

        private final String suffix;
        private final boolean normalised;
        private final double dropout;

        Flavour(String suffix, boolean normalised, double dropout) {
            this.suffix = suffix;
            this.normalised = normalised;
            this.dropout = dropout;
        }
    }

    /** Units of the dense layers fc1 and fc2. */
    private static final int UNITS = 4096;

    private Vgg() {}

    static Family family() {
        return Family.of(
                "Vgg",
                torchvision("VGG-11", "vgg11-8a719046.pth", 506.8, VGG_11).top1(69.02),
                torchvision("VGG-13", "vgg13-19584684.pth", 507.5, VGG_13).top1(69.928),
                torchvision("VGG-16", "vgg16-397923af.pth", 527.8, VGG_16).top1(71.592),
                torchvision("VGG-19", "vgg19-dcbb9e9d.pth", 548.1, VGG_19).top1(72.376),
                normalised("VGG-11-BN", "vgg11_bn-6002323d.pth", 506.9, VGG_11).top1(70.37),
                normalised("VGG-13-BN", "vgg13_bn-abd245e5.pth", 507.6, VGG_13).top1(71.586),
                normalised("VGG-16-BN", "vgg16_bn-6c64b313.pth", 527.9, VGG_16).top1(73.36),
                normalised("VGG-19-BN", "vgg19_bn-c79401a0.pth", 548.1, VGG_19).top1(74.218),
                keras("VGG-16", 527.8, "64373286793e3c8b2b4e3219cbf3544b", VGG_16),
                keras("VGG-19", 548.1, "cbe5617147190e668d6c5d5026f83318", VGG_19));
    }

    private static Pretrained torchvision(String title, String file, double size, List<Integer> blocks) {
        return Torchvision.weights(title, file, size, input -> draw(blocks, Flavour.PLAIN, input));
    }

    private static Pretrained normalised(String title, String file, double size, List<Integer> blocks) {
        return Torchvision.weights(title, file, size, input -> draw(blocks, Flavour.NORMALISED, input));
    }

    /** The weights of the network's authors. */
    private static Pretrained keras(String title, double size, String md5, List<Integer> blocks) {
        String network = title.replace("-", "").toLowerCase(Locale.ROOT);
        return Keras.weights(
                        network + Keras.SUFFIX,
                        title + " as its authors had it",
                        Keras.md5(network + "/" + network + Keras.KERNELS + ".h5", size, md5),
                        input -> draw(blocks, Flavour.KERAS, input))
                .top1(71.3)
                .licence("CC BY 4.0 (VGG, Keras)")
                .scaled(Scaling.CAFFE);
    }

    /** As published, with 4096 units in fc1 and fc2. */
    private static Backbone draw(List<Integer> blocks, Flavour flavour, Node input) {
        return draw(blocks, flavour, UNITS, input);
    }

    static Backbone draw(List<Integer> blocks, Flavour flavour, int units, Node input) {
        List<Stage> stages = new ArrayList<>();
        Map<String, String> kerasLayers = new HashMap<>(KERAS_DENSE);
        Node x = input;
        int layer = 0;
        for (int block = 1; block <= FILTERS.length; block++) {
            stages.add(new Stage("block" + block, "features." + layer));
            for (int i = 1; i <= blocks.get(block - 1); i++) {
                kerasLayers.put("block" + block + "_conv" + i, "features." + layer);
                x = x.then(
                        "features." + layer++, Conv2D.of(FILTERS[block - 1], 3).padding(1));
                x = flavour.normalised ? x.then("features." + layer++, BatchNormalization.of(1e-5)) : x;
                x = x.then("features." + layer++, Activation.relu());
            }
            x = x.then("features." + layer++, MaxPooling2D.of(2));
        }
        stages.add(new Stage("fc1", FC1));
        stages.add(new Stage("fc2", "classifier.3"));
        int depth = 3 + blocks.stream().mapToInt(Integer::intValue).sum();
        Model model = Model.of("vgg" + depth + flavour.suffix, input, dense(x, units, flavour.dropout));
        return Backbone.of(model, x, stages, "classifier.6")
                .tunedFrom("block5")
                .withDropout(flavour.dropout)
                .withFileNames(flavour == Flavour.KERAS ? kerasFile(kerasLayers) : FileNames.same());
    }

    private static FileNames kerasFile(Map<String, String> layers) {
        return FileNames.keras(
                layer -> layers.getOrDefault(layer, layer),
                Map.of("features.0", KerasKernel.BLUE_FIRST, FC1, KerasKernel.OF_FLATTENED_7X7));
    }

    private static Node dense(Node map, int units, double dropout) {
        Node first = map.then("avgpool", AdaptiveAveragePooling2D.of(7))
                .then("flatten", new Flatten())
                .then(FC1, Dense.of(units))
                .then("classifier.1", Activation.relu());
        Node kept = dropout > 0 ? first.then("classifier.2", Dropout.of(dropout)) : first;
        return kept.then("classifier.3", Dense.of(units)).then("classifier.4", Activation.relu());
    }
}
