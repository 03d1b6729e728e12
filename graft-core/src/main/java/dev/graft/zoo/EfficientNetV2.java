package dev.graft.zoo;

import static dev.graft.layers.Activation.Kind.SIGMOID;
import static dev.graft.layers.Activation.Kind.SILU;

import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.StochasticDepth;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;

/** EfficientNetV2 (Tan and Le 2021, "Smaller Models and Faster Training"), with torchvision's names and numbers. */
final class EfficientNetV2 {
    /** In training, the last block is dropped for nearly this share of the examples, earlier ones for less. */
    private static final double DEPTH_RATE = 0.2;

    private static final Blocks BLOCKS = new Blocks(BatchNormalization.of(1e-3));

    private EfficientNetV2() {}

    /** Blocks of one kind in a row, of which the first has the stride: fused, or with a gated depthwise convolution. */
    private record Group(boolean fused, int expansion, int stride, int filters, int blocks) {}

    private static final List<Group> SMALL = List.of(
            new Group(true, 1, 1, 24, 2),
            new Group(true, 4, 2, 48, 4),
            new Group(true, 4, 2, 64, 4),
            new Group(false, 4, 2, 128, 6),
            new Group(false, 6, 1, 160, 9),
            new Group(false, 6, 2, 256, 15));

    private static final List<Group> MEDIUM = List.of(
            new Group(true, 1, 1, 24, 3),
            new Group(true, 4, 2, 48, 5),
            new Group(true, 4, 2, 80, 5),
            new Group(false, 4, 2, 160, 7),
            new Group(false, 6, 1, 176, 14),
            new Group(false, 6, 2, 304, 18),
            new Group(false, 6, 1, 512, 5));

    static Backbone small(int imageSize) {
        return draw("efficientnet_v2_s", SMALL, imageSize).withDropout(0.2);
    }

    static Backbone medium(int imageSize) {
        return draw("efficientnet_v2_m", MEDIUM, imageSize).withDropout(0.3);
    }

    private static Backbone draw(String name, List<Group> groups, int imageSize) {
        int blocks = groups.stream().mapToInt(Group::blocks).sum();
        Node input = Node.input(3, imageSize, imageSize);
        List<Stage> stages = new ArrayList<>(List.of(Stage.of("features.0")));
        Node x = BLOCKS.convBn(
                input, "features.0", Conv2D.of(groups.get(0).filters(), 3).stride(2), SILU);
        int before = 0;
        for (Group group : groups) {
            String stage = "features." + stages.size();
            for (int block = 0; block < group.blocks(); block++) {
                x = residual(
                        x, stage + "." + block, group, block == 0 ? group.stride() : 1, DEPTH_RATE * before++ / blocks);
            }
            stages.add(Stage.of(stage));
        }
        String last = "features." + stages.size();
        stages.add(Stage.of(last));
        Node map = BLOCKS.convBn(x, last, Conv2D.of(1280, 1), SILU);
        Node features = map.then("avgpool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of(name, input, features), map, stages, "classifier.1")
                .tunedFrom("features." + groups.size());
    }

    private static Node residual(Node input, String name, Group group, int stride, double dropRate) {
        Node x = group.fused()
                ? fused(input, name + ".block", group, stride)
                : gated(input, name + ".block", group, stride);
        if (stride > 1 || group.filters() != Blocks.channels(input)) {
            return x;
        }
        Node branch = x.then(name + ".stochastic_depth", StochasticDepth.of(dropRate));
        return Node.of(name + ".add", new Add(), input, branch);
    }

    private static Node fused(Node input, String name, Group group, int stride) {
        if (group.expansion() == 1) {
            return BLOCKS.convBn(
                    input, name + ".0", Conv2D.of(group.filters(), 3).stride(stride), SILU);
        }
        Conv2D expansion = Conv2D.of(expanded(input, group), 3).stride(stride);
        Node x = BLOCKS.convBn(input, name + ".0", expansion, SILU);
        return BLOCKS.convBn(x, name + ".1", Conv2D.of(group.filters(), 1), null);
    }

    private static Node gated(Node input, String name, Group group, int stride) {
        int expanded = expanded(input, group);
        Node x = BLOCKS.convBn(input, name + ".0", Conv2D.of(expanded, 1), SILU);
        x = BLOCKS.convBn(x, name + ".1", Conv2D.of(expanded, 3).stride(stride).groups(expanded), SILU);
        x = Blocks.squeezeExcite(x, name + ".2", Blocks.channels(input) / 4, SILU, SIGMOID);
        return BLOCKS.convBn(x, name + ".3", Conv2D.of(group.filters(), 1), null);
    }

    private static int expanded(Node input, Group group) {
        return Blocks.divisibleBy8(Blocks.channels(input) * group.expansion());
    }
}
