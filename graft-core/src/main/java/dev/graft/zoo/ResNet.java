package dev.graft.zoo;

import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.MaxPooling2D;
import dev.graft.layers.Padding;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * ResNet (He et al. 2015, "Deep Residual Learning") with its grouped and its wide kin, with torchvision's names and numbers:
 * the stride of a bottleneck is in its 3x3 convolution.
 */
final class ResNet {
    private static final BatchNormalization NORM = BatchNormalization.of(1e-5);

    private ResNet() {}

    static Backbone resNet18(Node input) {
        return draw("resnet18", ResNet::basic, List.of(2, 2, 2, 2), input);
    }

    static Backbone resNet34(Node input) {
        return draw("resnet34", ResNet::basic, List.of(3, 4, 6, 3), input);
    }

    static Backbone resNet50(Node input) {
        return draw("resnet50", new Bottleneck(1, 64), List.of(3, 4, 6, 3), input);
    }

    static Backbone resNet101(Node input) {
        return draw("resnet101", new Bottleneck(1, 64), List.of(3, 4, 23, 3), input);
    }

    static Backbone resNet152(Node input) {
        return draw("resnet152", new Bottleneck(1, 64), List.of(3, 8, 36, 3), input);
    }

    /** Xie et al. 2016, "Aggregated Residual Transformations". */
    static Backbone resNeXt50(Node input) {
        return draw("resnext50_32x4d", new Bottleneck(32, 4), List.of(3, 4, 6, 3), input);
    }

    static Backbone resNeXt101(Node input) {
        return draw("resnext101_32x8d", new Bottleneck(32, 8), List.of(3, 4, 23, 3), input);
    }

    /** Zagoruyko and Komodakis 2016, "Wide Residual Networks". */
    static Backbone wideResNet50(Node input) {
        return draw("wide_resnet50_2", new Bottleneck(1, 128), List.of(3, 4, 6, 3), input);
    }

    static Backbone wideResNet101(Node input) {
        return draw("wide_resnet101_2", new Bottleneck(1, 128), List.of(3, 4, 23, 3), input);
    }

    /** What is added to the input, or to its projection. */
    private interface Branch {
        Node draw(Node input, String prefix, int filters, int stride);
    }

    private static Backbone draw(String name, Branch kind, List<Integer> blocks, Node input) {
        List<Stage> stages = new ArrayList<>(List.of(Stage.of("conv1")));
        Node x = convBn(input, "", 1, Conv2D.of(64, 7).stride(2))
                .then("relu", Activation.relu())
                .then("maxpool", MaxPooling2D.of(3).stride(2).padding(Padding.pixels(1)));
        for (int layer = 1; layer <= blocks.size(); layer++) {
            String stage = "layer" + layer;
            for (int block = 0; block < blocks.get(layer - 1); block++) {
                int stride = block == 0 && layer > 1 ? 2 : 1;
                String prefix = stage + "." + block + ".";
                Node branch = kind.draw(x, prefix, 32 << layer, stride);
                x = Node.of(prefix + "add", new Add(), branch, shortcut(x, prefix, branch, stride))
                        .then(prefix + "relu", Activation.relu());
            }
            stages.add(Stage.of(stage));
        }
        Node features = x.then("avgpool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of(name, input, features), x, stages, "fc");
    }

    private static Node basic(Node input, String prefix, int filters, int stride) {
        Node x = convBn(input, prefix, 1, Conv2D.of(filters, 3).stride(stride))
                .then(prefix + "relu1", Activation.relu());
        return convBn(x, prefix, 2, Conv2D.of(filters, 3));
    }

    /**
     * Narrow inside, four times the filters outside.
     *
     * @param groups of the 3x3 convolution
     * @param groupWidth the channels of each where the block has 64 filters; more in proportion
     */
    private record Bottleneck(int groups, int groupWidth) implements Branch {
        @Override
        public Node draw(Node input, String prefix, int filters, int stride) {
            int width = filters * groupWidth / 64 * groups;
            Node x = convBn(input, prefix, 1, Conv2D.of(width, 1)).then(prefix + "relu1", Activation.relu());
            x = convBn(x, prefix, 2, Conv2D.of(width, 3).stride(stride).groups(groups))
                    .then(prefix + "relu2", Activation.relu());
            return convBn(x, prefix, 3, Conv2D.of(4 * filters, 1));
        }
    }

    /** The input itself, or brought to the branch's size. */
    private static Node shortcut(Node input, String prefix, Node branch, int stride) {
        if (input.shape().equals(branch.shape())) {
            return input;
        }
        Conv2D projection = Conv2D.of(Blocks.channels(branch), 1).stride(stride).noBias();
        return input.then(prefix + "downsample.0", projection).then(prefix + "downsample.1", NORM);
    }

    private static Node convBn(Node x, String prefix, int number, Conv2D convolution) {
        return x.then(
                        prefix + "conv" + number,
                        convolution.padding(convolution.kernelHeight() / 2).noBias())
                .then(prefix + "bn" + number, NORM);
    }
}
