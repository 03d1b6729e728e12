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
 * DenseNet (Huang et al. 2016, "Densely Connected Convolutional Networks"), with torchvision's names and numbers: each
 * layer of a block sees what all before it gave.
 */
final class DenseNet {
    private static final BatchNormalization NORM = BatchNormalization.of(1e-5);

    /** A layer computes so many times its growth before it narrows. */
    private static final int BOTTLENECK = 4;

    /** The published files are older than torchvision's names: {@code norm.1} is its {@code norm1}. */
    private static final FileNames FILE_NAMES = FileNames.replacing(Map.of("\\.(norm|conv)\\.([12])\\.", ".$1$2."));

    private DenseNet() {}

    static Backbone denseNet121(Node input) {
        return draw("densenet121", 32, List.of(6, 12, 24, 16), input);
    }

    static Backbone denseNet161(Node input) {
        return draw("densenet161", 48, List.of(6, 12, 36, 24), input);
    }

    static Backbone denseNet169(Node input) {
        return draw("densenet169", 32, List.of(6, 12, 32, 32), input);
    }

    static Backbone denseNet201(Node input) {
        return draw("densenet201", 32, List.of(6, 12, 48, 32), input);
    }

    /** @param growth the channels that each layer adds; the stem gives twice as many */
    private static Backbone draw(String name, int growth, List<Integer> blocks, Node input) {
        List<Stage> stages = new ArrayList<>(List.of(new Stage("conv0", "features.conv0")));
        Node x = input.then(
                        "features.conv0",
                        Conv2D.of(2 * growth, 7).stride(2).padding(3).noBias())
                .then("features.norm0", NORM)
                .then("features.relu0", Activation.relu())
                .then("features.pool0", MaxPooling2D.of(3).stride(2).padding(Padding.pixels(1)));
        for (int block = 1; block <= blocks.size(); block++) {
            String stage = "features.denseblock" + block;
            stages.add(new Stage("denseblock" + block, stage));
            for (int layer = 1; layer <= blocks.get(block - 1); layer++) {
                x = dense(x, stage + ".denselayer" + layer, growth);
            }
            x = block < blocks.size() ? transition(x, "features.transition" + block) : x;
        }
        Node map = x.then("features.norm5", NORM).then("features.relu5", Activation.relu());
        Node features = map.then("avgpool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of(name, input, features), map, stages, "classifier")
                .withFileNames(FILE_NAMES);
    }

    private static Node dense(Node input, String name, int growth) {
        Node added = input.then(name + ".norm1", NORM)
                .then(name + ".relu1", Activation.relu())
                .then(name + ".conv1", Conv2D.of(BOTTLENECK * growth, 1).noBias())
                .then(name + ".norm2", NORM)
                .then(name + ".relu2", Activation.relu())
                .then(name + ".conv2", Conv2D.of(growth, 3).padding(1).noBias());
        return Node.of(name + ".concat", new Concatenate(), input, added);
    }

    /** Halves the channels, height and width. */
    private static Node transition(Node x, String name) {
        return x.then(name + ".norm", NORM)
                .then(name + ".relu", Activation.relu())
                .then(name + ".conv", Conv2D.of(Blocks.channels(x) / 2, 1).noBias())
                .then(name + ".pool", AveragePooling2D.of(2));
    }
}
