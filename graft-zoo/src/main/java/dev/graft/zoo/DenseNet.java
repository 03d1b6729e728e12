package dev.graft.zoo;

import dev.graft.layers.Activation;
import dev.graft.layers.AveragePooling2D;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Concatenate;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.MaxPooling2D;
import dev.graft.layers.Padding;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * DenseNet (Huang et al. 2016, "Densely Connected Convolutional Networks"), with torchvision's names: each layer of a block
 * sees what all before it gave.
 *
 * @param flavour whose settings
 * @param growth the channels that each layer adds; the stem gives twice as many
 * @param blocks layers in each of the four blocks
 */
record DenseNet(Flavour flavour, int growth, List<Integer> blocks) {
    private static final List<Integer> DENSE_NET_121 = List.of(6, 12, 24, 16);
    private static final List<Integer> DENSE_NET_161 = List.of(6, 12, 36, 24);
    private static final List<Integer> DENSE_NET_169 = List.of(6, 12, 32, 32);
    private static final List<Integer> DENSE_NET_201 = List.of(6, 12, 48, 32);

    /** A layer computes so many times its growth before it narrows. */
    private static final int BOTTLENECK = 4;

    /**
     * Layers of the published files have a slash in their names, so that they look like layers of a model inside.
     * Normalisation 0 stands before convolution 1, normalisation 1 before convolution 2. The classifier is called otherwise
     * before Keras 2.4.
     */
    private static final NameRules KERAS_LAYERS = NameRules.of("""
            conv1[_.](conv)                                   features.conv0
            conv1[_.]bn                                       features.norm0
            conv([2-5])_block([0-9]{1,2})_([0-3])_conv        features.denseblock{1-1}.denselayer{2}.conv{3}
            conv([2-5])_block([0-9]{1,2})_([0-3])_bn          features.denseblock{1-1}.denselayer{2}.norm{3+1}
            pool([2-4])_conv                                  features.transition{1-1}.conv
            pool([2-4])_bn                                    features.transition{1-1}.norm
            bn                                                features.norm5
            predictions|fc1000                                classifier
            """);

    /** Whose definition is followed where the two differ; names and layouts are torchvision's in both. */
    private enum Flavour {
        /** The published files are older than torchvision's names: {@code norm.1} is its {@code norm1}. */
        TORCHVISION(
                "", BatchNormalization.of(1e-5), FileNames.replacing(Map.of("\\.(norm|conv)\\.([12])\\.", ".$1$2."))),
        KERAS(Keras.SUFFIX, BatchNormalization.of(1.001e-5).withMomentum(0.01), FileNames.keras(KERAS_LAYERS));

        private final String suffix;
        private final BatchNormalization norm;
        private final FileNames fileNames;

        Flavour(String suffix, BatchNormalization norm, FileNames fileNames) {
            this.suffix = suffix;
            this.norm = norm;
            this.fileNames = fileNames;
        }
    }

    static Family family() {
        return Family.of(
                "DenseNet",
                torchvision("densenet121-a639ec97.pth", 30.8, 32, DENSE_NET_121).top1(74.434),
                torchvision("densenet161-8d451a50.pth", 110.4, 48, DENSE_NET_161)
                        .top1(77.138),
                torchvision("densenet169-b2777c0a.pth", 54.7, 32, DENSE_NET_169).top1(75.6),
                torchvision("densenet201-c1103571.pth", 77.4, 32, DENSE_NET_201).top1(76.896),
                keras(DENSE_NET_121, 31.7, "9d60b8095a5708f2dcce2bca79d332c7").top1(75.0),
                keras(DENSE_NET_169, 55.8, "d699b8f76981ab1b30698df4c175e90b").top1(76.2),
                keras(DENSE_NET_201, 78.7, "1ceb130c1ea1b78c3bf6114dbdfd8807").top1(77.3));
    }

    private static Pretrained torchvision(String file, double size, int growth, List<Integer> blocks) {
        DenseNet network = new DenseNet(Flavour.TORCHVISION, growth, blocks);
        return Torchvision.weights("DenseNet-" + network.depth(), file, size, network::draw);
    }

    /** The weights of the network's authors; pictures are prepared as usual for ImageNet. */
    private static Pretrained keras(List<Integer> blocks, double size, String md5) {
        DenseNet network = new DenseNet(Flavour.KERAS, 32, blocks);
        String file = "densenet" + network.depth() + Keras.KERNELS + ".h5";
        return Keras.weights(
                        "densenet" + network.depth() + Keras.SUFFIX,
                        "DenseNet-" + network.depth() + " as its authors had it",
                        Keras.md5("densenet/" + file, size, md5),
                        network::draw)
                .licence("BSD-3-Clause (Liu, Keras)")
                .scaled(Scaling.IMAGENET);
    }

    private int depth() {
        return 5 + 2 * blocks.stream().mapToInt(Integer::intValue).sum();
    }

    private Backbone draw(Node input) {
        List<Stage> stages = new ArrayList<>(List.of(new Stage("conv0", "features.conv0")));
        Node x = input.then(
                        "features.conv0",
                        Conv2D.of(2 * growth, 7).stride(2).padding(3).noBias())
                .then("features.norm0", flavour.norm)
                .then("features.relu0", Activation.relu())
                .then("features.pool0", MaxPooling2D.of(3).stride(2).padding(Padding.pixels(1)));
        for (int block = 1; block <= blocks.size(); block++) {
            String stage = "features.denseblock" + block;
            stages.add(new Stage("denseblock" + block, stage));
            for (int layer = 1; layer <= blocks.get(block - 1); layer++) {
                x = dense(x, stage + ".denselayer" + layer);
            }
            x = block < blocks.size() ? transition(x, "features.transition" + block) : x;
        }
        Node map = x.then("features.norm5", flavour.norm).then("features.relu5", Activation.relu());
        Node features = map.then("avgpool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of("densenet" + depth() + flavour.suffix, input, features), map, stages, "classifier")
                .withFileNames(flavour.fileNames);
    }

    private Node dense(Node input, String name) {
        Node added = input.then(name + ".norm1", flavour.norm)
                .then(name + ".relu1", Activation.relu())
                .then(name + ".conv1", Conv2D.of(BOTTLENECK * growth, 1).noBias())
                .then(name + ".norm2", flavour.norm)
                .then(name + ".relu2", Activation.relu())
                .then(name + ".conv2", Conv2D.of(growth, 3).padding(1).noBias());
        return Node.of(name + ".concat", new Concatenate(), input, added);
    }

    /** Halves the channels, height and width. */
    private Node transition(Node x, String name) {
        return x.then(name + ".norm", flavour.norm)
                .then(name + ".relu", Activation.relu())
                .then(name + ".conv", Conv2D.of(Blocks.channels(x) / 2, 1).noBias())
                .then(name + ".pool", AveragePooling2D.of(2));
    }
}
