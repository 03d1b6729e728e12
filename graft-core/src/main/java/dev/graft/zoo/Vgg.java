package dev.graft.zoo;

import dev.graft.layers.Activation;
import dev.graft.layers.AdaptiveAveragePooling2D;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.Flatten;
import dev.graft.layers.MaxPooling2D;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * VGG (Simonyan and Zisserman 2014, "Very Deep Convolutional Networks"), with torchvision's layer names and Keras' names
 * for the stages: {@code block1} to {@code block5}, {@code fc1}, {@code fc2}.
 *
 * <p>The feature map is {@code [N, 512, S / 32, S / 32]}; it is averaged to 7x7, which at 224 pixels it is already. The
 * features are those behind {@code fc2}: only the last layer belongs to the classes.
 */
final class Vgg {
    private static final int[] FILTERS = {64, 128, 256, 512, 512};
    private static final double DROPOUT = 0.5;

    /** Convolutions in each of the five blocks. */
    static final List<Integer> VGG_11 = List.of(1, 1, 2, 2, 2);

    static final List<Integer> VGG_13 = List.of(2, 2, 2, 2, 2);
    static final List<Integer> VGG_16 = List.of(2, 2, 3, 3, 3);
    static final List<Integer> VGG_19 = List.of(2, 2, 4, 4, 4);

    /** Units of the dense layers fc1 and fc2. */
    static final int UNITS = 4096;

    private Vgg() {}

    static Backbone plain(List<Integer> blocks, Node input) {
        return draw(blocks, false, UNITS, input);
    }

    /** With batch normalisation behind each convolution. */
    static Backbone normalised(List<Integer> blocks, Node input) {
        return draw(blocks, true, UNITS, input);
    }

    static Backbone draw(List<Integer> blocks, boolean normalised, int units, Node input) {
        List<Stage> stages = new ArrayList<>();
        Node x = input;
        int layer = 0;
        for (int block = 0; block < FILTERS.length; block++) {
            stages.add(new Stage("block" + (block + 1), "features." + layer));
            for (int i = 0; i < blocks.get(block); i++) {
                x = x.then("features." + layer++, Conv2D.of(FILTERS[block], 3).padding(1));
                x = normalised ? x.then("features." + layer++, BatchNormalization.of(1e-5)) : x;
                x = x.then("features." + layer++, Activation.relu());
            }
            x = x.then("features." + layer++, MaxPooling2D.of(2));
        }
        stages.add(new Stage("fc1", "classifier.0"));
        stages.add(new Stage("fc2", "classifier.3"));
        int depth = 3 + blocks.stream().mapToInt(Integer::intValue).sum();
        Model model = Model.of("vgg" + depth + (normalised ? "_bn" : ""), input, dense(x, units));
        return Backbone.of(model, x, stages, "classifier.6").tunedFrom("block5").withDropout(DROPOUT);
    }

    private static Node dense(Node map, int units) {
        return map.then("avgpool", AdaptiveAveragePooling2D.of(7))
                .then("flatten", new Flatten())
                .then("classifier.0", Dense.of(units))
                .then("classifier.1", Activation.relu())
                .then("classifier.2", Dropout.of(DROPOUT))
                .then("classifier.3", Dense.of(units))
                .then("classifier.4", Activation.relu());
    }
}
