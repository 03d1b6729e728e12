package dev.graft.zoo;

import static dev.graft.layers.Activation.Kind.RELU6;

import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Padding;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;

/** MobileNetV2 (Sandler et al. 2018, "Inverted Residuals and Linear Bottlenecks"), with torchvision's names. */
final class MobileNetV2 {
    private MobileNetV2() {}

    /** Whose definition is followed where the two differ; names and layouts are torchvision's in both. */
    enum Flavour {
        TORCHVISION("mobilenet_v2", BatchNormalization.of(1e-5), Padding.pixels(1), FileNames.same()),
        /** TensorFlow's padding, which is uneven at stride 2, and Keras' epsilon and momentum. */
        KERAS(
                "mobilenet_v2_keras",
                BatchNormalization.of(1e-3).withMomentum(0.001),
                Padding.same(),
                FileNames.keras(MobileNetV2Layers::keras).tfLite(MobileNetV2Layers::google));

        private final String title;

        private final BatchNormalization norm;
        /** Of the 3x3 convolutions. */
        private final Padding padding;

        private final FileNames fileNames;

        Flavour(String title, BatchNormalization norm, Padding padding, FileNames fileNames) {
            this.title = title;
            this.norm = norm;
            this.padding = padding;
            this.fileNames = fileNames;
        }

        /** Convolution {@code .0} that keeps the size at stride 1, normalisation {@code .1}, activation {@code .2}. */
        Node convBn(Node x, String name, Conv2D convolution) {
            Conv2D padded = convolution.kernelHeight() == 1 ? convolution : convolution.padding(padding);
            return x.then(name + ".0", padded.noBias()).then(name + ".1", norm).then(name + ".2", Activation.of(RELU6));
        }
    }

    /** Several blocks in a row, of which the first has the stride; {@code expansion} widens each inside. */
    private record Group(int expansion, int filters, int blocks, int stride) {}

    private record Block(int expansion, int filters, int stride) {}

    private static final List<Group> GROUPS = List.of(
            new Group(1, 16, 1, 1),
            new Group(6, 24, 2, 2),
            new Group(6, 32, 3, 2),
            new Group(6, 64, 4, 2),
            new Group(6, 96, 3, 1),
            new Group(6, 160, 3, 2),
            new Group(6, 320, 1, 1));

    static Backbone torchvision(Node input) {
        return draw(1, input, Flavour.TORCHVISION);
    }

    /**
     * Draws the network.
     *
     * @param width multiplies the channels of every layer; 1 is the published network, whose name it keeps
     */
    static Backbone draw(double width, Node input, Flavour flavour) {
        List<Stage> stages = new ArrayList<>(List.of(Stage.of("features.0")));
        Node x = flavour.convBn(
                input,
                "features.0",
                Conv2D.of(Blocks.divisibleBy8(32 * width), 3).stride(2));
        for (Group group : GROUPS) {
            for (int block = 0; block < group.blocks(); block++) {
                String stage = "features." + stages.size();
                int filters = Blocks.divisibleBy8(group.filters() * width);
                Block shape = new Block(group.expansion(), filters, block == 0 ? group.stride() : 1);
                x = invertedResidual(x, stage, shape, flavour);
                stages.add(Stage.of(stage));
            }
        }
        String last = "features." + stages.size();
        stages.add(Stage.of(last));
        Node map = flavour.convBn(x, last, Conv2D.of(Blocks.divisibleBy8(1280 * Math.max(1, width)), 1));
        Node features = map.then("avgpool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of(flavour.title, input, features), map, stages, "classifier.1")
                .tunedFrom("features.14")
                .withDropout(0.2)
                .withFileNames(flavour.fileNames);
    }

    private static Node invertedResidual(Node input, String name, Block block, Flavour flavour) {
        int expanded = Blocks.channels(input) * block.expansion();
        Node x = input;
        int part = 0;
        if (block.expansion() != 1) {
            x = flavour.convBn(x, name + ".conv." + part++, Conv2D.of(expanded, 1));
        }
        Conv2D depthwise = Conv2D.of(expanded, 3).stride(block.stride()).groups(expanded);
        x = flavour.convBn(x, name + ".conv." + part++, depthwise)
                .then(name + ".conv." + part++, Conv2D.of(block.filters(), 1).noBias())
                .then(name + ".conv." + part, flavour.norm);
        boolean residual = block.stride() == 1 && block.filters() == Blocks.channels(input);
        return residual ? Node.of(name + ".add", new Add(), input, x) : x;
    }
}
