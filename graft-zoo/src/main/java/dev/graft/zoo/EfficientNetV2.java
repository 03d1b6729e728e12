package dev.graft.zoo;

import dev.graft.layers.BatchNormalization;
import dev.graft.model.Node;
import dev.graft.zoo.EfficientNet.Group;
import dev.graft.zoo.EfficientNet.Kind;
import java.util.List;

/** EfficientNetV2 (Tan and Le 2021, "Smaller Models and Faster Training"), with torchvision's names. */
final class EfficientNetV2 {
    private static final int HEAD = 1280;

    private EfficientNetV2() {}

    private static Group fused(int expansion, int stride, int filters, int blocks) {
        return new Group(Kind.FUSED, 3, expansion, stride, filters, blocks);
    }

    private static Group gated(int expansion, int stride, int filters, int blocks) {
        return new Group(Kind.GATED, 3, expansion, stride, filters, blocks);
    }

    private static final List<Group> SMALL = List.of(
            fused(1, 1, 24, 2),
            fused(4, 2, 48, 4),
            fused(4, 2, 64, 4),
            gated(4, 2, 128, 6),
            gated(6, 1, 160, 9),
            gated(6, 2, 256, 15));

    private static final List<Group> MEDIUM = List.of(
            fused(1, 1, 24, 3),
            fused(4, 2, 48, 5),
            fused(4, 2, 80, 5),
            gated(4, 2, 160, 7),
            gated(6, 1, 176, 14),
            gated(6, 2, 304, 18),
            gated(6, 1, 512, 5));

    private static final List<Group> LARGE = List.of(
            fused(1, 1, 32, 4),
            fused(4, 2, 64, 7),
            fused(4, 2, 96, 7),
            gated(4, 2, 192, 10),
            gated(6, 1, 224, 19),
            gated(6, 2, 384, 25),
            gated(6, 1, 640, 7));

    /** Only Keras and timm have its small variants; their first convolution is wider than the first group. */
    private static final List<Group> BASE = List.of(
            fused(1, 1, 16, 1),
            fused(4, 2, 32, 2),
            fused(4, 2, 48, 2),
            gated(4, 2, 96, 3),
            gated(6, 1, 112, 5),
            gated(6, 2, 192, 8));

    private static final int BASE_STEM = 32;

    /** How the base grows: its channels times the width, its blocks times the depth. */
    private record Scale(double width, double depth) {
        /** The nearest multiple of 8, here also where that is below nine tenths of the number. */
        int filters(int base) {
            return (int) (base * width + 4) / 8 * 8;
        }

        Group of(Group base) {
            return new Group(base.kind(), base.kernel(), base.expansion(), base.stride(), filters(base.filters()), (int)
                    Math.ceil(base.blocks() * depth));
        }
    }

    private static final List<Scale> SCALES =
            List.of(new Scale(1, 1), new Scale(1, 1.1), new Scale(1.1, 1.2), new Scale(1.2, 1.4));

    static Backbone small(Node input) {
        return torchvision("s", SMALL, input).withDropout(0.2);
    }

    static Backbone medium(Node input) {
        return torchvision("m", MEDIUM, input).withDropout(0.3);
    }

    static Backbone large(Node input) {
        return torchvision("l", LARGE, input).withDropout(0.4);
    }

    static Backbone kerasSmall(Node input) {
        return keras("s", SMALL, SMALL.get(0).filters(), HEAD, input);
    }

    static Backbone kerasMedium(Node input) {
        return keras("m", MEDIUM, MEDIUM.get(0).filters(), HEAD, input);
    }

    static Backbone kerasLarge(Node input) {
        return keras("l", LARGE, LARGE.get(0).filters(), HEAD, input);
    }

    /**
     * B0 to B3. Their last block is dropped for a fifth of the examples, as in the others; in Keras, which counts blocks
     * before it scales them, for up to a quarter.
     */
    static Backbone kerasB(int number, Node input) {
        Scale scale = SCALES.get(number);
        List<Group> groups = BASE.stream().map(scale::of).toList();
        return keras("b" + number, groups, scale.filters(BASE_STEM), scale.filters(HEAD), input);
    }

    private static Backbone torchvision(String variant, List<Group> groups, Node input) {
        Blocks blocks = Blocks.torchvision(BatchNormalization.of(1e-3));
        return new EfficientNet("efficientnet_v2_" + variant, blocks, groups, HEAD)
                .draw(groups.get(0).filters(), input);
    }

    private static Backbone keras(String variant, List<Group> groups, int stem, int head, Node input) {
        String name = "efficientnet_v2_" + variant + EfficientNet.KERAS;
        return new EfficientNet(name, Blocks.keras(0.1), groups, head)
                .draw(stem, input)
                .withDropout(0.2);
    }
}
