package dev.graft.zoo;

import dev.graft.layers.BatchNormalization;
import dev.graft.model.Node;
import dev.graft.zoo.EfficientNet.Group;
import dev.graft.zoo.EfficientNet.Kind;
import java.util.List;

/** EfficientNetV2 (Tan and Le 2021, "Smaller Models and Faster Training"), with torchvision's names and numbers. */
final class EfficientNetV2 {
    private static final Blocks BLOCKS = new Blocks(BatchNormalization.of(1e-3));
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

    static Backbone small(Node input) {
        return draw("efficientnet_v2_s", SMALL, input).withDropout(0.2);
    }

    static Backbone medium(Node input) {
        return draw("efficientnet_v2_m", MEDIUM, input).withDropout(0.3);
    }

    static Backbone large(Node input) {
        return draw("efficientnet_v2_l", LARGE, input).withDropout(0.4);
    }

    private static Backbone draw(String name, List<Group> groups, Node input) {
        return new EfficientNet(name, BLOCKS, groups, HEAD).draw(groups.get(0).filters(), input);
    }
}
