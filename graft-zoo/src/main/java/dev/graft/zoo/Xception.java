package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.MaxPooling2D;
import dev.graft.layers.Padding;
import dev.graft.layers.SeparableConv2D;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * Xception (Chollet 2017, "Deep Learning with Depthwise Separable Convolutions"), with Keras' names and numbers: TensorFlow's
 * SAME padding but for the first two convolutions, which have none, and normalisations with epsilon 1e-3 and Keras'
 * momentum 0.99. The classifier gives logits, to which Keras adds a softmax.
 */
final class Xception {
    private static final BatchNormalization NORM = BatchNormalization.of(1e-3).withMomentum(0.01);
    private static final int MIDDLE = 728;

    private Xception() {}

    static Family family() {
        String file = "xception/xception" + Keras.KERNELS + ".h5";
        WeightSource.Published published = Keras.md5(file, 87.6, "0a58e3b7378bc2990ea3b43d5981f1f6");
        return Family.of(
                "Xception",
                Keras.weights("xception", "Xception", published, Xception::draw)
                        .top1(79.0)
                        .licence("MIT (Keras)")
                        .prepared(InputGeometry.stretch(299)));
    }

    static Backbone draw(Node input) {
        Node x = convBn(input, "block1_conv1", Conv2D.of(32, 3).stride(2));
        x = convBn(relu(x, "block1_conv1"), "block1_conv2", Conv2D.of(64, 3));
        x = shrinking(relu(x, "block1_conv2"), 2, 128, 128);
        x = shrinking(x, 3, 256, 256);
        x = shrinking(x, 4, MIDDLE, MIDDLE);
        for (int block = 5; block <= 12; block++) {
            x = middle(x, block);
        }
        x = shrinking(x, 13, MIDDLE, 1024);
        x = relu(separable(x, "block14_sepconv1", 1536), "block14_sepconv1");
        x = relu(separable(x, "block14_sepconv2", 2048), "block14_sepconv2");
        Node features = x.then("avg_pool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of("xception", input, features), x, stages(), "predictions")
                .tunedFrom("block13");
    }

    private static List<Stage> stages() {
        List<Stage> stages = new ArrayList<>(List.of(new Stage("block1", "block1_conv1")));
        for (int block = 2; block <= 14; block++) {
            stages.add(new Stage("block" + block, "block" + block + "_sepconv1"));
        }
        return stages;
    }

    /** Halves height and width beside a shortcut that does so too. */
    private static Node shrinking(Node input, int block, int first, int second) {
        String name = "block" + block;
        // What enters block 2 comes out of an activation.
        Node x = block == 2 ? input : relu(input, name + "_sepconv1");
        x = relu(separable(x, name + "_sepconv1", first), name + "_sepconv2");
        x = separable(x, name + "_sepconv2", second)
                .then(name + "_pool", MaxPooling2D.of(3).stride(2).padding(Padding.same()));
        int shortcut = Math.min(block - 2, 3);
        Conv2D projection =
                Conv2D.of(second, 1).stride(2).padding(Padding.same()).noBias();
        Node residual = input.then(numbered("conv2d", shortcut), projection)
                .then(numbered("batch_normalization", shortcut), NORM);
        return Node.of(numbered("add", block - 2), new Add(), x, residual);
    }

    private static Node middle(Node input, int block) {
        Node x = input;
        for (int i = 1; i <= 3; i++) {
            String name = "block" + block + "_sepconv" + i;
            x = separable(relu(x, name), name, MIDDLE);
        }
        return Node.of(numbered("add", block - 2), new Add(), x, input);
    }

    /** Keras' name for the layer that is called after its kind, counted from 0. */
    private static String numbered(String kind, int index) {
        return index == 0 ? kind : kind + "_" + index;
    }

    private static Node separable(Node x, String name, int filters) {
        return x.then(
                        name,
                        SeparableConv2D.of(filters, 3).padding(Padding.same()).noBias())
                .then(name + "_bn", NORM);
    }

    private static Node convBn(Node x, String name, Conv2D convolution) {
        return x.then(name, convolution.noBias()).then(name + "_bn", NORM);
    }

    private static Node relu(Node x, String name) {
        return x.then(name + "_act", Activation.relu());
    }
}
