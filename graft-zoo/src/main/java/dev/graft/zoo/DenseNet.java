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
    static final List<Integer> DENSE_NET_121 = List.of(6, 12, 24, 16);
    static final List<Integer> DENSE_NET_169 = List.of(6, 12, 32, 32);
    static final List<Integer> DENSE_NET_201 = List.of(6, 12, 48, 32);

    /** A layer computes so many times its growth before it narrows. */
    private static final int BOTTLENECK = 4;

    /** Whose definition is followed where the two differ; names and layouts are torchvision's in both. */
    private enum Flavour {
        /** The published files are older than torchvision's names: {@code norm.1} is its {@code norm1}. */
        TORCHVISION(
                "", BatchNormalization.of(1e-5), FileNames.replacing(Map.of("\\.(norm|conv)\\.([12])\\.", ".$1$2."))),
        KERAS(
                "_keras",
                BatchNormalization.of(1.001e-5).withMomentum(0.01),
                FileNames.keras(KerasBlockLayers::denseNet));

        private final String suffix;
        private final BatchNormalization norm;
        private final FileNames fileNames;

        Flavour(String suffix, BatchNormalization norm, FileNames fileNames) {
            this.suffix = suffix;
            this.norm = norm;
            this.fileNames = fileNames;
        }
    }

    static Backbone denseNet121(Node input) {
        return new DenseNet(Flavour.TORCHVISION, 32, DENSE_NET_121).draw(input);
    }

    static Backbone denseNet161(Node input) {
        return new DenseNet(Flavour.TORCHVISION, 48, List.of(6, 12, 36, 24)).draw(input);
    }

    static Backbone denseNet169(Node input) {
        return new DenseNet(Flavour.TORCHVISION, 32, DENSE_NET_169).draw(input);
    }

    static Backbone denseNet201(Node input) {
        return new DenseNet(Flavour.TORCHVISION, 32, DENSE_NET_201).draw(input);
    }

    /** The networks as {@code keras.applications} has them. */
    static Backbone keras(List<Integer> blocks, Node input) {
        return new DenseNet(Flavour.KERAS, 32, blocks).draw(input);
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
        int depth = 5 + 2 * blocks.stream().mapToInt(Integer::intValue).sum();
        return Backbone.of(Model.of("densenet" + depth + flavour.suffix, input, features), map, stages, "classifier")
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
