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

/**
 * EfficientNet (Tan and Le 2019, "Rethinking Model Scaling"), with torchvision's names. What draws it draws
 * {@link EfficientNetV2} too.
 *
 * @param name torchvision's
 * @param blocks with the normalisation and padding of all convolutions
 * @param groups the body
 * @param head filters of the last convolution
 */
record EfficientNet(String name, Blocks blocks, List<Group> groups, int head) {
    /** In training, the last block is dropped for nearly this share of the examples, earlier ones for less. */
    private static final double DEPTH_RATE = 0.2;

    /** Behind the names of networks as Keras defines them. */
    static final String KERAS = "_keras";

    /** Blocks of one kind in a row, of which the first has the stride. */
    record Group(Kind kind, int kernel, int expansion, int stride, int filters, int blocks) {}

    /** What widens a block: one full convolution, or a 1x1 and a depthwise one, followed by gates. */
    enum Kind {
        FUSED,
        GATED
    }

    private static Group gated(int kernel, int expansion, int stride, int filters, int blocks) {
        return new Group(Kind.GATED, kernel, expansion, stride, filters, blocks);
    }

    private static final int STEM = 32;

    private static final List<Group> B0 = List.of(
            gated(3, 1, 1, 16, 1),
            gated(3, 6, 2, 24, 2),
            gated(5, 6, 2, 40, 2),
            gated(3, 6, 2, 80, 3),
            gated(5, 6, 1, 112, 3),
            gated(5, 6, 2, 192, 4),
            gated(3, 6, 1, 320, 1));

    /** How B0 grows: its channels times the width, its blocks times the depth. */
    private record Scale(double width, double depth, double dropout) {}

    private static final List<Scale> SCALES = List.of(
            new Scale(1.0, 1.0, 0.2),
            new Scale(1.0, 1.1, 0.2),
            new Scale(1.1, 1.2, 0.3),
            new Scale(1.2, 1.4, 0.3),
            new Scale(1.4, 1.8, 0.4),
            new Scale(1.6, 2.2, 0.4),
            new Scale(1.8, 2.6, 0.5),
            new Scale(2.0, 3.1, 0.5));

    /** B0 to B7. The weights of the three largest come from TensorFlow, and with them its normalisation. */
    static Backbone b(int number, Node input) {
        BatchNormalization norm = number < 5
                ? BatchNormalization.of(1e-5)
                : BatchNormalization.of(1e-3).withMomentum(0.01);
        return b(number, "", Blocks.torchvision(norm), input);
    }

    /** B0 to B7 as Keras defines them. */
    static Backbone kerasB(int number, Node input) {
        return b(number, KERAS, Blocks.keras(0.01), input);
    }

    private static Backbone b(int number, String flavour, Blocks blocks, Node input) {
        Scale scale = SCALES.get(number);
        List<Group> groups = B0.stream()
                .map(group -> gated(
                        group.kernel(),
                        group.expansion(),
                        group.stride(),
                        Blocks.divisibleBy8(group.filters() * scale.width()),
                        (int) Math.ceil(group.blocks() * scale.depth())))
                .toList();
        int head = 4 * groups.get(groups.size() - 1).filters();
        return new EfficientNet("efficientnet_b" + number + flavour, blocks, groups, head)
                .draw(Blocks.divisibleBy8(STEM * scale.width()), input)
                .withDropout(scale.dropout());
    }

    /** @param stem filters of the first convolution */
    Backbone draw(int stem, Node input) {
        int all = groups.stream().mapToInt(Group::blocks).sum();
        List<Stage> stages = new ArrayList<>(List.of(Stage.of("features.0")));
        Node x = blocks.convBn(input, "features.0", Conv2D.of(stem, 3).stride(2), SILU);
        int before = 0;
        for (Group group : groups) {
            String stage = "features." + stages.size();
            for (int block = 0; block < group.blocks(); block++) {
                int stride = block == 0 ? group.stride() : 1;
                x = residual(x, stage + "." + block, group, stride, DEPTH_RATE * before++ / all);
            }
            stages.add(Stage.of(stage));
        }
        String last = "features." + stages.size();
        stages.add(Stage.of(last));
        Node map = blocks.convBn(x, last, Conv2D.of(head, 1), SILU);
        Node features = map.then("avgpool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of(name, input, features), map, stages, "classifier.1")
                .tunedFrom("features." + groups.size())
                .withFileNames(fileNames());
    }

    /** Keras' files have what normalises the pictures too; that is {@link Pretrained#preprocessing} here. */
    private FileNames fileNames() {
        return name.endsWith(KERAS)
                ? FileNames.keras(new KerasEfficientNetLayers(groups)::layer).unused("normalization*")
                : FileNames.same();
    }

    private Node residual(Node input, String name, Group group, int stride, double dropRate) {
        Node x =
                switch (group.kind()) {
                    case FUSED -> fused(input, name + ".block", group, stride);
                    case GATED -> gated(input, name + ".block", group, stride);
                };
        if (stride > 1 || group.filters() != Blocks.channels(input)) {
            return x;
        }
        Node branch = x.then(name + ".stochastic_depth", StochasticDepth.of(dropRate));
        return Node.of(name + ".add", new Add(), input, branch);
    }

    private Node fused(Node input, String name, Group group, int stride) {
        boolean widens = group.expansion() > 1;
        int filters = widens ? expanded(input, group) : group.filters();
        Conv2D full = Conv2D.of(filters, group.kernel()).stride(stride);
        Node x = blocks.convBn(input, name + ".0", full, SILU);
        return widens ? blocks.convBn(x, name + ".1", Conv2D.of(group.filters(), 1), null) : x;
    }

    private Node gated(Node input, String name, Group group, int stride) {
        int expanded = expanded(input, group);
        Node x = input;
        int part = 0;
        if (group.expansion() > 1) {
            x = blocks.convBn(x, name + "." + part++, Conv2D.of(expanded, 1), SILU);
        }
        Conv2D depthwise = Conv2D.of(expanded, group.kernel()).stride(stride).groups(expanded);
        x = blocks.convBn(x, name + "." + part++, depthwise, SILU);
        x = Blocks.squeezeExcite(x, name + "." + part++, Blocks.channels(input) / 4, SILU, SIGMOID);
        return blocks.convBn(x, name + "." + part, Conv2D.of(group.filters(), 1), null);
    }

    private static int expanded(Node input, Group group) {
        return Blocks.divisibleBy8(Blocks.channels(input) * group.expansion());
    }
}
