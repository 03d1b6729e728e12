package dev.graft.zoo;

import static dev.graft.layers.Activation.Kind.HARD_SIGMOID;
import static dev.graft.layers.Activation.Kind.HARD_SWISH;
import static dev.graft.layers.Activation.Kind.RELU;

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

/**
 * MobileNetV3 (Howard et al. 2019, "Searching for MobileNetV3"), with torchvision's names.
 *
 * <p>The features are those after {@code classifier.1}, {@code [N, 1024]} or {@code [N, 1280]}: only the last layer, {@code classifier.3},
 * belongs to the classes that the network was trained for.
 */
final class MobileNetV3 {
    private MobileNetV3() {}

    /** Whose definition is followed where the two differ; names and layouts are torchvision's in both. */
    enum Flavour {
        TORCHVISION("", Blocks.torchvision(BatchNormalization.of(0.001).withMomentum(0.01))),
        KERAS("_keras", Blocks.keras(0.001));

        private final String suffix;
        private final Blocks blocks;

        Flavour(String suffix, Blocks blocks) {
            this.suffix = suffix;
            this.blocks = blocks;
        }

        private FileNames fileNames(List<Block> body) {
            return this == KERAS ? FileNames.keras(new KerasMobileNetV3Layers(body)::layer) : FileNames.same();
        }
    }

    /** One inverted residual block; {@code squeeze} says whether it gates its channels. */
    record Block(int kernel, int expanded, int filters, boolean squeeze, Activation.Kind activation, int stride) {}

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

    static Backbone small(Node input) {
        return small(input, Flavour.TORCHVISION);
    }

    static Backbone small(Node input, Flavour flavour) {
        return draw("mobilenet_v3_small", SMALL, 1024, input, flavour).tunedFrom("features.9");
    }

    static Backbone large(Node input) {
        return large(input, Flavour.TORCHVISION);
    }

    static Backbone large(Node input, Flavour flavour) {
        return draw("mobilenet_v3_large", LARGE, 1280, input, flavour).tunedFrom("features.13");
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
                .withFileNames(flavour.fileNames(body));
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
