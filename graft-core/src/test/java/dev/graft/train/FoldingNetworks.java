package dev.graft.train;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Kind;
import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Concatenate;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Layer;
import dev.graft.layers.Multiply;
import dev.graft.layers.Padding;
import dev.graft.layers.SeparableConv2D;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.Shape;
import dev.graft.testing.Formula;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Small networks of the known families, with weights by formula: what is in {@code body} may be pinned. */
enum FoldingNetworks {
    RESNET(5, x -> {
        Node stem = convBn(x, "stem", Conv2D.of(8, 3).padding(1).stride(2), Kind.RELU);
        Node y = convBn(stem, "a.1", Conv2D.of(8, 3).padding(1), Kind.RELU);
        Node added = Node.of(
                "a.add", new Add(), stem, convBn(y, "a.2", Conv2D.of(8, 3).padding(1), null));
        Node z = convBn(
                added.then("a.relu", Activation.relu()), "b", Conv2D.of(12, 1).stride(2), null);
        Node shortcut = convBn(added, "b.down", Conv2D.of(12, 3).padding(1).stride(2), null);
        return Node.of("b.add", new Add(), z, shortcut).then("b.relu", Activation.relu());
    }),
    /** Depthwise, squeeze-and-excite whose convolutions have biases and no normalisation, hard swish, SAME padding. */
    MOBILENET(7, x -> {
        Node stem = convBn(x, "stem", Conv2D.of(8, 3).padding(Padding.same()).stride(2), Kind.HARD_SWISH);
        Node wide = convBn(stem, "expand", Conv2D.of(24, 1), Kind.HARD_SWISH);
        Node depthwise = convBn(wide, "depthwise", Conv2D.of(24, 5).padding(2).groups(24), Kind.HARD_SWISH);
        Node squeezed = depthwise
                .then("se.pool", GlobalAveragePooling2D.keepingDims())
                .then("se.1", Conv2D.of(8, 1))
                .then("se.relu", Activation.relu())
                .then("se.2", Conv2D.of(24, 1))
                .then("se.gate", Activation.of(Kind.HARD_SIGMOID));
        Node excited = Node.of("se.scale", new Multiply(), depthwise, squeezed);
        Node added = Node.of("add", new Add(), stem, convBn(excited, "project", Conv2D.of(8, 1), null));
        Node second =
                convBn(added, "depthwise2", Conv2D.of(8, 3).padding(1).stride(2).groups(8), Kind.RELU6);
        Node mixed = convBn(second, "project2", Conv2D.of(16, 1), null);
        return mixed.then("separable", SeparableConv2D.of(12, 3))
                .then("after.bn", norm())
                .then("after.act", Activation.of(Kind.SILU));
    }),
    /** Branches that meet in a concatenation; convolutions with biases. */
    INCEPTION(6, x -> {
        Node stem = biasedConvBn(x, "stem", Conv2D.of(8, 3).stride(2), Kind.RELU);
        Node one = convBn(stem, "one", Conv2D.of(6, 1), Kind.RELU);
        Node two = biasedConvBn(
                convBn(stem, "two.1", Conv2D.of(4, 1), Kind.RELU),
                "two.2",
                Conv2D.of(6, 3).padding(1),
                Kind.RELU);
        Node three = convBn(stem, "three", Conv2D.of(4, 3).padding(1).groups(2), Kind.RELU);
        Node joined = Node.of("concat", new Concatenate(), one, two, three);
        return convBn(joined, "last", Conv2D.of(10, 3), Kind.RELU);
    }),
    /** The normalisation stands before the convolution, behind a concatenation; only the convolution between folds. */
    DENSENET(2, x -> {
        Node stem = convBn(x, "stem", Conv2D.of(8, 3).padding(1).stride(2), Kind.RELU);
        Node joined = stem;
        for (int i = 0; i < 2; i++) {
            Node normed = joined.then("n" + i, norm()).then("r" + i, Activation.relu());
            Node grown = normed.then("c" + i, Conv2D.of(4, 3).padding(1).noBias());
            joined = Node.of("concat" + i, new Concatenate(), joined, grown);
        }
        Node narrow = joined.then("c", Conv2D.of(8, 1).noBias());
        return narrow.then("n", norm()).then("r", Activation.relu());
    }),
    /** The convolution is called twice and its own output is needed: nothing folds but the stem. */
    SHARED(1, x -> {
        Node stem = convBn(x, "stem", Conv2D.of(6, 3).padding(1).stride(2), Kind.RELU);
        Layer conv = Conv2D.of(6, 3).padding(1).noBias().named("shared");
        Layer norm = norm().named("shared_bn");
        Node once = stem.then(conv).then(norm);
        Node twice = once.then(conv).then(norm);
        Node plain = twice.then("plain", Conv2D.of(6, 1));
        return Node.of("sum", new Add(), plain, plain.then("plain.bn", norm()));
    });

    static final Shape ITEM = Shape.of(3, 20, 18);
    static final Shape INPUT = Shape.of(3, 3, 20, 18);

    private final int folded;
    private final UnaryOperator<Node> body;

    FoldingNetworks(int folded, UnaryOperator<Node> body) {
        this.folded = folded;
        this.body = body;
    }

    /** How many normalisations go into convolutions when all keep their statistics. */
    int folded() {
        return folded;
    }

    /** The body, pinned or not, and a head of three classes. */
    Network network(boolean pinned) {
        Node pictures = Node.input(ITEM.sizes());
        Model drawn = Model.of("body", pictures, body.apply(pictures));
        Node input = Node.input(ITEM.sizes());
        Node features = input.then("body", pinned ? drawn.inInferenceMode() : drawn);
        Model model = Model.of(
                "m", input, features.then("pool", GlobalAveragePooling2D.of()).then("fc", Dense.of(3)));
        Network network = Network.of(model, 1);
        network.setWeights(Formula.weights(network.weightShapes(), 1.5));
        return network;
    }

    private static BatchNormalization norm() {
        return BatchNormalization.of(1e-3);
    }

    private static Node convBn(Node x, String name, Conv2D convolution, @Nullable Kind activation) {
        return biasedConvBn(x, name, convolution.noBias(), activation);
    }

    private static Node biasedConvBn(Node x, String name, Conv2D convolution, @Nullable Kind activation) {
        Node normed = x.then(name + ".conv", convolution).then(name + ".bn", norm());
        return activation == null ? normed : normed.then(name + ".act", Activation.of(activation));
    }
}
