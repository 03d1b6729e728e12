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
    private static final List<Integer> RES_NET_50 = List.of(3, 4, 6, 3);

    private static final List<Integer> RES_NET_101 = List.of(3, 4, 23, 3);
    private static final List<Integer> RES_NET_152 = List.of(3, 8, 36, 3);

    /** Convolution 0 of a block is the projection. The classifier is called otherwise before Keras 2.4. */
    private static final NameRules KERAS_LAYERS = NameRules.of("""
            conv1_conv                                            conv1
            conv1_bn                                              bn1
            conv([2-5])_block([0-9]{1,2})_0_conv                  layer{1-1}.{2-1}.downsample.0
            conv([2-5])_block([0-9]{1,2})_0_bn                    layer{1-1}.{2-1}.downsample.1
            conv([2-5])_block([0-9]{1,2})_([1-3])_(conv|bn)       layer{1-1}.{2-1}.{4}{3}
            predictions|probs                                     fc
            """);

    private ResNet() {}

    static Family family() {
        return Family.of(
                "ResNet",
                Torchvision.weights("ResNet-18", "resnet18-f37072fd.pth", 44.7, ResNet::resNet18)
                        .top1(69.758),
                Torchvision.weights("ResNet-34", "resnet34-b627a593.pth", 83.3, ResNet::resNet34)
                        .top1(73.314),
                Torchvision.newer("ResNet-50", "resnet50-11ad3fa6.pth", 97.8, ResNet::resNet50)
                        .top1(80.858),
                Torchvision.older("ResNet-50", "resnet50-0676ba61.pth", 97.8, ResNet::resNet50)
                        .top1(76.13),
                Torchvision.newer("ResNet-101", "resnet101-cd907fc2.pth", 170.5, ResNet::resNet101)
                        .top1(81.886),
                Torchvision.older("ResNet-101", "resnet101-63fe2227.pth", 170.5, ResNet::resNet101)
                        .top1(77.374),
                Torchvision.newer("ResNet-152", "resnet152-f82ba261.pth", 230.5, ResNet::resNet152)
                        .top1(82.284),
                Torchvision.older("ResNet-152", "resnet152-394f9c45.pth", 230.4, ResNet::resNet152)
                        .top1(78.312),
                Torchvision.newer("ResNeXt-50 32x4d", "resnext50_32x4d-1a0047aa.pth", 95.8, ResNet::resNeXt50)
                        .top1(81.198),
                Torchvision.older("ResNeXt-50 32x4d", "resnext50_32x4d-7cdf4587.pth", 95.8, ResNet::resNeXt50)
                        .top1(77.618),
                Torchvision.newer("ResNeXt-101 32x8d", "resnext101_32x8d-110c445d.pth", 339.7, ResNet::resNeXt101)
                        .top1(82.834),
                Torchvision.older("ResNeXt-101 32x8d", "resnext101_32x8d-8ba56ff5.pth", 339.6, ResNet::resNeXt101)
                        .top1(79.312),
                Torchvision.newer("Wide ResNet-50-2", "wide_resnet50_2-9ba9bcbe.pth", 263.1, ResNet::wideResNet50)
                        .top1(81.602),
                Torchvision.older("Wide ResNet-50-2", "wide_resnet50_2-95faca4d.pth", 131.8, ResNet::wideResNet50)
                        .top1(78.468),
                Torchvision.newer("Wide ResNet-101-2", "wide_resnet101_2-d733dc28.pth", 484.7, ResNet::wideResNet101)
                        .top1(82.51),
                Torchvision.older("Wide ResNet-101-2", "wide_resnet101_2-32ee1156.pth", 242.9, ResNet::wideResNet101)
                        .top1(78.848),
                keras(RES_NET_50, 98.2, "2cb95161c43110f7111970584f804107").top1(74.9),
                keras(RES_NET_101, 171.3, "f1aeb4b969a6efcfb50fad2f0c20cfc5").top1(76.4),
                keras(RES_NET_152, 231.6, "100835be76be38e30d865e96f2aaae62").top1(76.6));
    }

    /** The weights of the network's authors. */
    private static Pretrained keras(List<Integer> blocks, double size, String md5) {
        String file = "resnet" + depth(blocks) + Keras.KERNELS + ".h5";
        return Keras.weights(
                        "resnet" + depth(blocks) + Keras.SUFFIX,
                        "ResNet-" + depth(blocks) + " as its authors had it",
                        Keras.md5("resnet/" + file, size, md5),
                        input -> keras(blocks, input))
                .licence("MIT (He et al., Keras)")
                .scaled(Scaling.CAFFE);
    }

    /** Whose definition is followed where the two differ; names and layouts are torchvision's in both. */
    private enum Flavour {
        /** The stride of a bottleneck is in its 3x3 convolution. */
        TORCHVISION(BatchNormalization.of(1e-5), false, FileNames.same()),
        /** As the authors had it in Caffe: the stride is in the first convolution, and pictures are blue first. */
        KERAS(
                BatchNormalization.of(1.001e-5).withMomentum(0.01),
                true,
                FileNames.keras(KERAS_LAYERS, Map.of("conv1", KerasKernel.BLUE_FIRST)));

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

    private static Backbone resNet18(Node input) {
        return draw("resnet18", new Basic(), List.of(2, 2, 2, 2), input);
    }

    private static Backbone resNet34(Node input) {
        return draw("resnet34", new Basic(), List.of(3, 4, 6, 3), input);
    }

    private static Backbone resNet50(Node input) {
        return draw("resnet50", Bottleneck.of(1, 64), RES_NET_50, input);
    }

    private static Backbone resNet101(Node input) {
        return draw("resnet101", Bottleneck.of(1, 64), RES_NET_101, input);
    }

    private static Backbone resNet152(Node input) {
        return draw("resnet152", Bottleneck.of(1, 64), RES_NET_152, input);
    }

    /** The same networks as {@code keras.applications} has them. */
    private static Backbone keras(List<Integer> blocks, Node input) {
        return draw("resnet" + depth(blocks) + Keras.SUFFIX, new Bottleneck(Flavour.KERAS, 1, 64), blocks, input);
    }

    private static int depth(List<Integer> blocks) {
        return 2 + 3 * blocks.stream().mapToInt(Integer::intValue).sum();
    }

    /** Xie et al. 2016, "Aggregated Residual Transformations". */
    private static Backbone resNeXt50(Node input) {
        return draw("resnext50_32x4d", Bottleneck.of(32, 4), RES_NET_50, input);
    }

    private static Backbone resNeXt101(Node input) {
        return draw("resnext101_32x8d", Bottleneck.of(32, 8), RES_NET_101, input);
    }

    /** Zagoruyko and Komodakis 2016, "Wide Residual Networks". */
    private static Backbone wideResNet50(Node input) {
        return draw("wide_resnet50_2", Bottleneck.of(1, 128), RES_NET_50, input);
    }

    private static Backbone wideResNet101(Node input) {
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
