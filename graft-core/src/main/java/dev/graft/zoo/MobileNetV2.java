package dev.graft.zoo;

import static dev.graft.layers.Activation.Kind.RELU6;

import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;

/** MobileNetV2 (Sandler et al. 2018, "Inverted Residuals and Linear Bottlenecks"), with torchvision's names and numbers. */
final class MobileNetV2 {
    private static final Blocks BLOCKS = new Blocks(BatchNormalization.of(1e-5));

    private MobileNetV2() {}

    /** Several blocks in a row, of which the first has the stride; {@code expansion} widens each inside. */
    private record Group(int expansion, int filters, int blocks, int stride) {}

    private static final List<Group> GROUPS = List.of(
            new Group(1, 16, 1, 1),
            new Group(6, 24, 2, 2),
            new Group(6, 32, 3, 2),
            new Group(6, 64, 4, 2),
            new Group(6, 96, 3, 1),
            new Group(6, 160, 3, 2),
            new Group(6, 320, 1, 1));

    /**
     * Draws the network.
     *
     * @param width multiplies the channels of every layer; 1 is the published network, whose name it keeps
     */
    static Backbone draw(double width, int imageSize) {
        Node input = Node.input(3, imageSize, imageSize);
        List<Stage> stages = new ArrayList<>(List.of(Stage.of("features.0")));
        Node x = BLOCKS.convBn(
                input,
                "features.0",
                Conv2D.of(Blocks.divisibleBy8(32 * width), 3).stride(2),
                RELU6);
        for (Group group : GROUPS) {
            for (int block = 0; block < group.blocks(); block++) {
                String stage = "features." + stages.size();
                int filters = Blocks.divisibleBy8(group.filters() * width);
                x = invertedResidual(
                        x, stage, group.expansion(), Conv2D.of(filters, 1), block == 0 ? group.stride() : 1);
                stages.add(Stage.of(stage));
            }
        }
        String last = "features." + stages.size();
        stages.add(Stage.of(last));
        Node map = BLOCKS.convBn(x, last, Conv2D.of(Blocks.divisibleBy8(1280 * Math.max(1, width)), 1), RELU6);
        Node features = map.then("avgpool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of("mobilenet_v2", input, features), map, stages, "classifier.1")
                .tunedFrom("features.14")
                .withDropout(0.2);
    }

    private static Node invertedResidual(Node input, String name, int expansion, Conv2D projection, int stride) {
        int expanded = Blocks.channels(input) * expansion;
        Node x = input;
        int part = 0;
        if (expansion != 1) {
            x = BLOCKS.convBn(x, name + ".conv." + part++, Conv2D.of(expanded, 1), RELU6);
        }
        Conv2D depthwise = Conv2D.of(expanded, 3).stride(stride).groups(expanded);
        x = BLOCKS.convBn(x, name + ".conv." + part++, depthwise, RELU6)
                .then(name + ".conv." + part++, projection.noBias())
                .then(name + ".conv." + part, BLOCKS.norm());
        boolean residual = stride == 1 && projection.filters() == Blocks.channels(input);
        return residual ? Node.of(name + ".add", new Add(), input, x) : x;
    }
}
