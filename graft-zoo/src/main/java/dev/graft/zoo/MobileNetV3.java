package dev.graft.zoo;

import static dev.graft.layers.Activation.Kind.HARD_SIGMOID;
import static dev.graft.layers.Activation.Kind.HARD_SWISH;
import static dev.graft.layers.Activation.Kind.RELU;
import static dev.graft.zoo.MobileNetV3.Flavour.KERAS;
import static dev.graft.zoo.MobileNetV3.Flavour.TORCHVISION;

import dev.graft.formats.PackedWeights;
import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * MobileNetV3 (Howard et al. 2019, "Searching for MobileNetV3"), with torchvision's names.
 *
 * <p>The features are those after {@code classifier.1}, {@code [N, 1024]} or {@code [N, 1280]}: only the last layer, {@code classifier.3},
 * belongs to the classes that the network was trained for.
 */
final class MobileNetV3 {
    private static final String KERAS_SMALL = "mobilenet_v3/weights_mobilenet_v3_small_224_1.0_float.h5";
    private static final String KERAS_LARGE = "mobilenet_v3/weights_mobilenet_v3_large_224_1.0_float.h5";

    /** Whose definition is followed where the two differ; names and layouts are torchvision's in both. */
    enum Flavour {
        TORCHVISION("", Blocks.torchvision(BatchNormalization.of(0.001).withMomentum(0.01))),
        KERAS(Keras.SUFFIX, Blocks.keras(0.001));

        private final String suffix;
        private final Blocks blocks;

        Flavour(String suffix, Blocks blocks) {
            this.suffix = suffix;
            this.blocks = blocks;
        }

        Backbone small(Node input) {
            return MobileNetV3.draw("mobilenet_v3_small", SMALL, 1024, input, this)
                    .tunedFrom("features.9");
        }

        Backbone large(Node input) {
            return MobileNetV3.draw("mobilenet_v3_large", LARGE, 1280, input, this)
                    .tunedFrom("features.13");
        }
    }

    /** One inverted residual block; {@code squeeze} says whether it gates its channels. */
    private record Block(
            int kernel, int expanded, int filters, boolean squeeze, Activation.Kind activation, int stride) {}

    private static final List<Block> SMALL = List.of(
            new Block(3, 16, 16, true, RELU, 2),
            new Block(3, 72, 24, false, RELU, 2),
            new Block(3, 88, 24, false, RELU, 1),
            new Block(5, 96, 40, true, HARD_SWISH, 2),
            new Block(5, 240, 40, true, HARD_SWISH, 1),
            new Block(5, 240, 40, true, HARD_SWISH, 1),
            new Block(5, 120, 48, true, HARD_SWISH, 1),
            new Block(5, 144, 48, true, HARD_SWISH, 1),
            new Block(5, 288, 96, true, HARD_SWISH, 2),
            new Block(5, 576, 96, true, HARD_SWISH, 1),
            new Block(5, 576, 96, true, HARD_SWISH, 1));

    private static final List<Block> LARGE = List.of(
            new Block(3, 16, 16, false, RELU, 1),
            new Block(3, 64, 24, false, RELU, 2),
            new Block(3, 72, 24, false, RELU, 1),
            new Block(5, 72, 40, true, RELU, 2),
            new Block(5, 120, 40, true, RELU, 1),
            new Block(5, 120, 40, true, RELU, 1),
            new Block(3, 240, 80, false, HARD_SWISH, 2),
            new Block(3, 200, 80, false, HARD_SWISH, 1),
            new Block(3, 184, 80, false, HARD_SWISH, 1),
            new Block(3, 184, 80, false, HARD_SWISH, 1),
            new Block(3, 480, 112, true, HARD_SWISH, 1),
            new Block(3, 672, 112, true, HARD_SWISH, 1),
            new Block(5, 672, 160, true, HARD_SWISH, 2),
            new Block(5, 960, 160, true, HARD_SWISH, 1),
            new Block(5, 960, 160, true, HARD_SWISH, 1));

    private MobileNetV3() {}

    static Family family() {
        return Family.of(
                "MobileNetV3",
                packed(),
                Torchvision.newer("MobileNetV3-Large", "mobilenet_v3_large-5c1a4163.pth", 21.1, TORCHVISION::large)
                        .top1(75.274),
                Torchvision.older("MobileNetV3-Large", "mobilenet_v3_large-8738ca79.pth", 21.1, TORCHVISION::large)
                        .top1(74.042),
                Torchvision.older("MobileNetV3-Small", "mobilenet_v3_small-047dcff4.pth", 9.8, TORCHVISION::small)
                        .top1(67.668),
                keras("Small", Keras.md5(KERAS_SMALL, 10.1, "8768d4c2e7dee89b9d02b2d03d65d862"), KERAS::small)
                        .top1(68.1),
                keras("Large", Keras.md5(KERAS_LARGE, 21.4, "59e551e166be033d707958cf9e29a6a7"), KERAS::large)
                        .top1(75.6));
    }

    private static Pretrained packed() {
        WeightSource source =
                new WeightSource.Packed(() -> PackedWeights.mobileNetV3Small().file(), 2.9);
        return Publisher.GRAFT
                .weights(Zoo.DEFAULT, "MobileNetV3-Small", source, TORCHVISION::small)
                .trainedOn("ImageNet-1k, then photo triage; packed with Graft");
    }

    private static Pretrained keras(String size, WeightSource.Published file, Function<Node, Backbone> architecture) {
        return Keras.weights(
                "mobilenet_v3_" + size.toLowerCase(Locale.ROOT) + Keras.SUFFIX,
                "MobileNetV3-" + size + " as Keras pads it",
                file,
                architecture);
    }

    private static Backbone draw(String name, List<Block> body, int units, Node input, Flavour flavour) {
        Blocks blocks = flavour.blocks;
        List<Stage> stages = new ArrayList<>(List.of(Stage.of("features.0")));
        Node x = blocks.convBn(input, "features.0", Conv2D.of(16, 3).stride(2), HARD_SWISH);
        for (Block block : body) {
            String stage = "features." + stages.size();
            x = invertedResidual(x, stage + ".block", block, blocks);
            stages.add(Stage.of(stage));
        }
        String last = "features." + stages.size();
        Node map = blocks.convBn(x, last, Conv2D.of(6 * Blocks.channels(x), 1), HARD_SWISH);
        Node features = map.then("avgpool", GlobalAveragePooling2D.of())
                .then("classifier.0", Dense.of(units))
                .then("classifier.1", Activation.of(HARD_SWISH));
        stages.addAll(List.of(Stage.of(last), Stage.of("classifier.0")));
        return Backbone.of(Model.of(name + flavour.suffix, input, features), map, stages, "classifier.3")
                .withDropout(0.2)
                .withFileNames(flavour == KERAS ? FileNames.keras(kerasLayers(body)) : FileNames.same());
    }

    /**
     * What Keras calls the layers: {@code expanded_conv_1_depthwise_bn} in Keras 3, {@code expanded_conv_1/depthwise/BatchNorm} in
     * the published files, which are older. The classes are convolved for in Keras.
     */
    private static NameRules kerasLayers(List<Block> body) {
        NameRules rules = NameRules.of("""
                (?i)conv                         features.0.0
                (?i)conv[_.](?:bn|BatchNorm)     features.0.1
                (?i)conv_1                       features.%1$d.0
                (?i)conv_1[_.](?:bn|BatchNorm)   features.%1$d.1
                (?i)conv_2                       classifier.0
                (?i)logits                       classifier.3
                """.formatted(body.size() + 1));
        for (int i = 0; i < body.size(); i++) {
            // The first block does not expand, so its parts are one place earlier.
            int depthwise = i == 0 ? 0 : 1;
            rules = rules.and("""
                    (?i)%1$s[_.]expand                             features.%2$d.block.0.0
                    (?i)%1$s[_.]expand[_.](?:bn|BatchNorm)         features.%2$d.block.0.1
                    (?i)%1$s[_.]depthwise                          features.%2$d.block.%3$d.0
                    (?i)%1$s[_.]depthwise[_.](?:bn|BatchNorm)      features.%2$d.block.%3$d.1
                    (?i)%1$s[_.]squeeze_excite[_.]conv             features.%2$d.block.%4$d.fc1
                    (?i)%1$s[_.]squeeze_excite[_.]conv_1           features.%2$d.block.%4$d.fc2
                    (?i)%1$s[_.]project                            features.%2$d.block.%5$d.0
                    (?i)%1$s[_.]project[_.](?:bn|BatchNorm)        features.%2$d.block.%5$d.1
                    """.formatted(
                            i == 0 ? "expanded_conv" : "expanded_conv_" + i,
                            i + 1,
                            depthwise,
                            depthwise + 1,
                            depthwise + (body.get(i).squeeze() ? 2 : 1)));
        }
        return rules;
    }

    private static Node invertedResidual(Node input, String name, Block block, Blocks blocks) {
        Node x = input;
        int part = 0;
        if (block.expanded() != Blocks.channels(input)) {
            x = blocks.convBn(x, name + "." + part++, Conv2D.of(block.expanded(), 1), block.activation());
        }
        Conv2D depthwise = Conv2D.of(block.expanded(), block.kernel())
                .stride(block.stride())
                .groups(block.expanded());
        x = blocks.convBn(x, name + "." + part++, depthwise, block.activation());
        if (block.squeeze()) {
            x = Blocks.squeezeExcite(
                    x, name + "." + part++, Blocks.divisibleBy8(block.expanded() / 4), RELU, HARD_SIGMOID);
        }
        x = blocks.convBn(x, name + "." + part, Conv2D.of(block.filters(), 1), null);
        boolean residual = block.stride() == 1 && block.filters() == Blocks.channels(input);
        return residual ? Node.of(name + ".add", new Add(), input, x) : x;
    }
}
