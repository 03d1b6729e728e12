package dev.graft.zoo;

import dev.graft.formats.KerasKernel;
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
import java.util.Map;

/** ResNet (He et al. 2015, "Deep Residual Learning") with its grouped and its wide kin, with torchvision's names. */
final class ResNet {
    /** Blocks in each of the four layers. */
    static final List<Integer> RES_NET_50 = List.of(3, 4, 6, 3);

    static final List<Integer> RES_NET_101 = List.of(3, 4, 23, 3);
    static final List<Integer> RES_NET_152 = List.of(3, 8, 36, 3);

    private ResNet() {}

    /** Whose definition is followed where the two differ; names and layouts are torchvision's in both. */
    private enum Flavour {
        /** The stride of a bottleneck is in its 3x3 convolution. */
        TORCHVISION(BatchNormalization.of(1e-5), false, FileNames.same()),
        /** As the authors had it in Caffe: the stride is in the first convolution, and pictures are blue first. */
        KERAS(
                BatchNormalization.of(1.001e-5).withMomentum(0.01),
                true,
                FileNames.keras(KerasBlockLayers::resNet, Map.of("conv1", KerasKernel.BLUE_FIRST)));

        private final BatchNormalization norm;
        private final boolean convolutionsHaveBias;
        private final FileNames fileNames;

        Flavour(BatchNormalization norm, boolean convolutionsHaveBias, FileNames fileNames) {
            this.norm = norm;
            this.convolutionsHaveBias = convolutionsHaveBias;
            this.fileNames = fileNames;
        }

        Node convBn(Node x, String prefix, int number, Conv2D convolution) {
            return convBn(x, prefix + "conv" + number, prefix + "bn" + number, convolution);
        }

        /** The input itself, or brought to the branch's size. */
        Node shortcut(Node input, String prefix, Node branch, int stride) {
            return input.shape().equals(branch.shape())
                    ? input
                    : convBn(
                            input,
                            prefix + "downsample.0",
                            prefix + "downsample.1",
                            Conv2D.of(Blocks.channels(branch), 1).stride(stride));
        }

        private Node convBn(Node x, String name, String normName, Conv2D convolution) {
            Conv2D padded = convolution.padding(convolution.kernelHeight() / 2);
            return x.then(name, padded.withBias(convolutionsHaveBias)).then(normName, norm);
        }
    }

    static Backbone resNet18(Node input) {
        return draw("resnet18", new Basic(), List.of(2, 2, 2, 2), input);
    }

    static Backbone resNet34(Node input) {
        return draw("resnet34", new Basic(), List.of(3, 4, 6, 3), input);
    }

    static Backbone resNet50(Node input) {
        return draw("resnet50", Bottleneck.of(1, 64), RES_NET_50, input);
    }

    static Backbone resNet101(Node input) {
        return draw("resnet101", Bottleneck.of(1, 64), RES_NET_101, input);
    }

    static Backbone resNet152(Node input) {
        return draw("resnet152", Bottleneck.of(1, 64), RES_NET_152, input);
    }

    /** The same networks as {@code keras.applications} has them. */
    static Backbone keras(List<Integer> blocks, Node input) {
        int depth = 2 + 3 * blocks.stream().mapToInt(Integer::intValue).sum();
        return draw("resnet" + depth + "_keras", new Bottleneck(Flavour.KERAS, 1, 64), blocks, input);
    }

    /** Xie et al. 2016, "Aggregated Residual Transformations". */
    static Backbone resNeXt50(Node input) {
        return draw("resnext50_32x4d", Bottleneck.of(32, 4), RES_NET_50, input);
    }

    static Backbone resNeXt101(Node input) {
        return draw("resnext101_32x8d", Bottleneck.of(32, 8), RES_NET_101, input);
    }

    /** Zagoruyko and Komodakis 2016, "Wide Residual Networks". */
    static Backbone wideResNet50(Node input) {
        return draw("wide_resnet50_2", Bottleneck.of(1, 128), RES_NET_50, input);
    }

    static Backbone wideResNet101(Node input) {
        return draw("wide_resnet101_2", Bottleneck.of(1, 128), RES_NET_101, input);
    }

    /** What is added to the input, or to its projection. */
    private interface Branch {
        Flavour flavour();

        Node draw(Node input, String prefix, int filters, int stride);
    }

    private static Backbone draw(String name, Branch kind, List<Integer> blocks, Node input) {
        List<Stage> stages = new ArrayList<>(List.of(Stage.of("conv1")));
        Flavour flavour = kind.flavour();
        Node x = flavour.convBn(input, "", 1, Conv2D.of(64, 7).stride(2))
                .then("relu", Activation.relu())
                .then("maxpool", MaxPooling2D.of(3).stride(2).padding(Padding.pixels(1)));
        for (int layer = 1; layer <= blocks.size(); layer++) {
            String stage = "layer" + layer;
            for (int block = 0; block < blocks.get(layer - 1); block++) {
                int stride = block == 0 && layer > 1 ? 2 : 1;
                String prefix = stage + "." + block + ".";
                Node branch = kind.draw(x, prefix, 32 << layer, stride);
                x = Node.of(prefix + "add", new Add(), branch, flavour.shortcut(x, prefix, branch, stride))
                        .then(prefix + "relu", Activation.relu());
            }
            stages.add(Stage.of(stage));
        }
        Node features = x.then("avgpool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of(name, input, features), x, stages, "fc").withFileNames(flavour.fileNames);
    }

    private record Basic() implements Branch {
        @Override
        public Flavour flavour() {
            return Flavour.TORCHVISION;
        }

        @Override
        public Node draw(Node input, String prefix, int filters, int stride) {
            Node x = flavour()
                    .convBn(input, prefix, 1, Conv2D.of(filters, 3).stride(stride))
                    .then(prefix + "relu1", Activation.relu());
            return flavour().convBn(x, prefix, 2, Conv2D.of(filters, 3));
        }
    }

    /**
     * Narrow inside, four times the filters outside.
     *
     * @param groups of the 3x3 convolution
     * @param groupWidth the channels of each where the block has 64 filters; more in proportion
     */
    private record Bottleneck(Flavour flavour, int groups, int groupWidth) implements Branch {
        static Bottleneck of(int groups, int groupWidth) {
            return new Bottleneck(Flavour.TORCHVISION, groups, groupWidth);
        }

        @Override
        public Node draw(Node input, String prefix, int filters, int stride) {
            int width = filters * groupWidth / 64 * groups;
            int first = flavour == Flavour.KERAS ? stride : 1;
            Node x = flavour.convBn(input, prefix, 1, Conv2D.of(width, 1).stride(first))
                    .then(prefix + "relu1", Activation.relu());
            x = flavour.convBn(
                            x,
                            prefix,
                            2,
                            Conv2D.of(width, 3).stride(stride / first).groups(groups))
                    .then(prefix + "relu2", Activation.relu());
            return flavour.convBn(x, prefix, 3, Conv2D.of(4 * filters, 1));
        }
    }
}
