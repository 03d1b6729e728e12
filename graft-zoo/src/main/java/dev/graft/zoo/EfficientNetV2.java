package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.layers.BatchNormalization;
import dev.graft.model.Node;
import dev.graft.zoo.EfficientNet.Group;
import dev.graft.zoo.EfficientNet.Kind;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

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

    static Family family() {
        return Family.of("EfficientNetV2", torchvision(), keras(), smallOfKeras());
    }

    private static List<Pretrained> torchvision() {
        return List.of(
                Torchvision.weights("EfficientNetV2-S", "efficientnet_v2_s-dd5fe13b.pth", 82.7, EfficientNetV2::small)
                        .top1(84.228)
                        .prepared(InputGeometry.centerCrop(384)),
                Torchvision.weights("EfficientNetV2-M", "efficientnet_v2_m-dc08266a.pth", 208.0, EfficientNetV2::medium)
                        .top1(85.112)
                        .prepared(InputGeometry.centerCrop(480)),
                Torchvision.weights("EfficientNetV2-L", "efficientnet_v2_l-59c71312.pth", 454.6, EfficientNetV2::large)
                        .top1(85.808)
                        .prepared(InputGeometry.centerCrop(480).bicubic())
                        .scaled(Scaling.HALF));
    }

    private static List<Pretrained> keras() {
        InputGeometry whole = InputGeometry.stretch(480);
        return List.of(
                keras("S", "e1d88a8495beba45748fedd0cecbe016", 83.5, input -> keras("s", SMALL, input))
                        .top1(83.9)
                        .prepared(InputGeometry.stretch(384)),
                keras("M", "a3bf6aa3276309f4fc6a34aa114c95cd", 209.1, input -> keras("m", MEDIUM, input))
                        .top1(85.3)
                        .prepared(whole),
                keras("L", "27e6d408b53c7ebc868fefa357689935", 456.3, input -> keras("l", LARGE, input))
                        .top1(85.7)
                        .prepared(whole));
    }

    private static List<Pretrained> smallOfKeras() {
        return List.of(
                smallOfKeras(0, 224, "21ecbf6da12460d5c40bb2f29ceb2188", 28.0).top1(78.7),
                smallOfKeras(1, 240, "069f0534ff22adf035c89e2d9547a9dc", 32.0).top1(79.8),
                smallOfKeras(2, 260, "424e49f28180edbde1e94797771950a7", 39.6).top1(80.5),
                smallOfKeras(3, 300, "1f1fc43bd98a6e4fd8fdfd551e02c7a0", 56.0).top1(82.0));
    }

    private static Pretrained smallOfKeras(int number, int side, String md5, double size) {
        return keras("B" + number, md5, size, input -> kerasB(number, input))
                .prepared(InputGeometry.centerCrop(side, side + 32).bicubic())
                .scaled(Scaling.IMAGENET);
    }

    private static Pretrained keras(String variant, String md5, double size, Function<Node, Backbone> architecture) {
        String letter = variant.toLowerCase(Locale.ROOT);
        return Keras.weights(
                        "efficientnet_v2_" + letter + Keras.SUFFIX,
                        "EfficientNetV2-" + variant + " as Keras pads it",
                        Keras.md5("efficientnet_v2/efficientnetv2-" + letter + ".h5", size, md5),
                        architecture)
                .scaled(Scaling.OF_128);
    }

    private static Backbone small(Node input) {
        return torchvision("s", SMALL, input).withDropout(0.2);
    }

    private static Backbone medium(Node input) {
        return torchvision("m", MEDIUM, input).withDropout(0.3);
    }

    private static Backbone large(Node input) {
        return torchvision("l", LARGE, input).withDropout(0.4);
    }

    /**
     * B0 to B3. Their last block is dropped for a fifth of the examples, as in the others; in Keras, which counts blocks
     * before it scales them, for up to a quarter.
     */
    private static Backbone kerasB(int number, Node input) {
        Scale scale = SCALES.get(number);
        List<Group> groups = BASE.stream().map(scale::of).toList();
        return keras("b" + number, groups, scale.filters(BASE_STEM), scale.filters(HEAD), input);
    }

    private static Backbone torchvision(String variant, List<Group> groups, Node input) {
        Blocks blocks = Blocks.torchvision(BatchNormalization.of(1e-3));
        return new EfficientNet("efficientnet_v2_" + variant, blocks, groups, HEAD)
                .draw(groups.get(0).filters(), input);
    }

    private static Backbone keras(String variant, List<Group> groups, Node input) {
        return keras(variant, groups, groups.get(0).filters(), HEAD, input);
    }

    private static Backbone keras(String variant, List<Group> groups, int stem, int head, Node input) {
        String name = "efficientnet_v2_" + variant + Keras.SUFFIX;
        return new EfficientNet(name, Blocks.keras(0.1), groups, head)
                .draw(stem, input)
                .withDropout(0.2);
    }
}
