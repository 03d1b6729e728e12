package dev.graft.zoo;

import static dev.graft.layers.Activation.Kind.SIGMOID;
import static dev.graft.layers.Activation.Kind.SILU;

import dev.graft.data.InputGeometry;
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

    static Family family() {
        return Family.of(
                "EfficientNet",
                torchvision(0, "efficientnet_b0_rwightman-7f5810bc.pth", 20.5)
                        .top1(77.692)
                        .prepared(crop(224, 256)),
                torchvision(1, "efficientnet_b1-c27df63c.pth", 30.1)
                        .top1(79.838)
                        .prepared(InputGeometry.centerCrop(240, 255)),
                torchvision(1, "efficientnet_b1_rwightman-bac287d4.pth", 30.1)
                        .named("efficientnet_b1_v1")
                        .top1(78.642)
                        .prepared(crop(240, 256)),
                torchvision(2, "efficientnet_b2_rwightman-c35c1473.pth", 35.2)
                        .top1(80.608)
                        .prepared(crop(288, 288)),
                torchvision(3, "efficientnet_b3_rwightman-b3899882.pth", 47.2)
                        .top1(82.008)
                        .prepared(crop(300, 320)),
                torchvision(4, "efficientnet_b4_rwightman-23ab8bcd.pth", 74.5)
                        .top1(83.384)
                        .prepared(crop(380, 384)),
                torchvision(5, "efficientnet_b5_lukemelas-1a07897c.pth", 116.9)
                        .top1(83.444)
                        .prepared(crop(456, 456)),
                torchvision(6, "efficientnet_b6_lukemelas-24a108a5.pth", 165.4)
                        .top1(84.008)
                        .prepared(crop(528, 528)),
                torchvision(7, "efficientnet_b7_lukemelas-c5b4e57e.pth", 254.7)
                        .top1(84.122)
                        .prepared(crop(600, 600)),
                keras(0, 224, "902e53a9f72be733fc0bcb005b3ebbac", 20.8).top1(77.1),
                keras(1, 240, "1d254153d4ab51201f1646940f018540", 30.7).top1(79.1),
                keras(2, 260, "b15cce36ff4dcbd00b6dd88e7857a6ad", 35.7).top1(80.1),
                keras(3, 300, "ffd1fdc53d0ce67064dc6a9c7960ede0", 47.8).top1(81.6),
                keras(4, 380, "18c95ad55216b8f92d7e70b3a046e2fc", 75.2).top1(82.9),
                keras(5, 456, "ace28f2a6363774853a83a0b21b9421a", 117.8).top1(83.6),
                keras(6, 528, "165f6e37dce68623721b423839de8be5", 166.4).top1(84.0),
                keras(7, 600, "8c03f828fec3ef71311cd463b6759d99", 256.0).top1(84.3));
    }

    private static InputGeometry crop(int size, int resize) {
        return InputGeometry.centerCrop(size, resize).bicubic();
    }

    private static Pretrained torchvision(int number, String file, double size) {
        return Torchvision.weights("EfficientNet-B" + number, file, size, input -> torchvisionB(number, input));
    }

    /**
     * Keras' own layer divides by roots, since its file has deviations for variances; another one does so again. Together
     * that is ImageNet's normalisation.
     */
    private static Pretrained keras(int number, int side, String md5, double size) {
        return Keras.weights(
                        "efficientnet_b" + number + Keras.SUFFIX,
                        "EfficientNet-B" + number + " as Keras pads it",
                        Keras.md5(Keras.OTHER_FOLDER + "efficientnetb" + number + ".h5", size, md5),
                        input -> b(number, Keras.SUFFIX, Blocks.keras(0.01), input))
                .prepared(crop(side, side + 32))
                .scaled(Scaling.IMAGENET);
    }

    /** B0 to B7. The weights of the three largest come from TensorFlow, and with them its normalisation. */
    private static Backbone torchvisionB(int number, Node input) {
        BatchNormalization norm = number < 5
                ? BatchNormalization.of(1e-5)
                : BatchNormalization.of(1e-3).withMomentum(0.01);
        return b(number, "", Blocks.torchvision(norm), input);
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
        return name.endsWith(Keras.SUFFIX) ? FileNames.keras(kerasLayers()).unused("normalization*") : FileNames.same();
    }

    /** What Keras calls the layers: {@code block2b_se_reduce} is in the second block of the second group. */
    private NameRules kerasLayers() {
        NameRules rules = NameRules.of("""
                stem_conv      features.0.0
                stem_bn        features.0.1
                top_conv       features.%1$d.0
                top_bn         features.%1$d.1
                predictions    classifier.1
                """.formatted(groups.size() + 1));
        for (int i = 1; i <= groups.size(); i++) {
            Group group = groups.get(i - 1);
            // Blocks that do not widen begin with what comes second in others.
            int second = group.expansion() > 1 ? 1 : 0;
            int last = group.kind() == Kind.FUSED ? second : second + 2;
            rules = rules.and("""
                    block%1$d([a-z])_expand_conv     features.%1$d.{1-a}.block.0.0
                    block%1$d([a-z])_expand_bn       features.%1$d.{1-a}.block.0.1
                    block%1$d([a-z])_dwconv2?        features.%1$d.{1-a}.block.%2$d.0
                    block%1$d([a-z])_bn              features.%1$d.{1-a}.block.%2$d.1
                    block%1$d([a-z])_se_reduce       features.%1$d.{1-a}.block.%3$d.fc1
                    block%1$d([a-z])_se_expand       features.%1$d.{1-a}.block.%3$d.fc2
                    block%1$d([a-z])_project_conv    features.%1$d.{1-a}.block.%4$d.0
                    block%1$d([a-z])_project_bn      features.%1$d.{1-a}.block.%4$d.1
                    """.formatted(i, second, second + 1, last));
        }
        return rules;
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
