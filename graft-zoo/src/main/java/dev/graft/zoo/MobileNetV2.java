package dev.graft.zoo;

import static dev.graft.layers.Activation.Kind.RELU6;

import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Padding;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;

/** MobileNetV2 (Sandler et al. 2018, "Inverted Residuals and Linear Bottlenecks"), with torchvision's names. */
final class MobileNetV2 {
    /** The first block does not expand, so its parts are one place earlier. The classifier's second name is that before Keras 2.3. */
    private static final NameRules KERAS_LAYERS = NameRules.of("""
            Conv1                                  features.0.0
            bn_Conv1                               features.0.1
            expanded_conv_depthwise                features.1.conv.0.0
            expanded_conv_depthwise_BN             features.1.conv.0.1
            expanded_conv_project                  features.1.conv.1
            expanded_conv_project_BN               features.1.conv.2
            block_([0-9]{1,2})_expand              features.{1+1}.conv.0.0
            block_([0-9]{1,2})_expand_BN           features.{1+1}.conv.0.1
            block_([0-9]{1,2})_depthwise           features.{1+1}.conv.1.0
            block_([0-9]{1,2})_depthwise_BN        features.{1+1}.conv.1.1
            block_([0-9]{1,2})_project             features.{1+1}.conv.2
            block_([0-9]{1,2})_project_BN          features.{1+1}.conv.3
            Conv_1                                 features.18.0
            Conv_1_bn                              features.18.1
            predictions|Logits                     classifier.1
            """);

    /** Convolutions as Google's TensorFlow Lite files call them, of floats or bytes; see {@link GoogleFile}. */
    private static final NameRules GOOGLE_LAYERS = NameRules.of("""
            MobilenetV2/Conv/kernel                                      features.0.0
            MobilenetV2/Conv/bias                                        features.0.1
            MobilenetV2/expanded_conv/depthwise/kernel                   features.1.conv.0.0
            MobilenetV2/expanded_conv/depthwise/bias                     features.1.conv.0.1
            MobilenetV2/expanded_conv/project/kernel                     features.1.conv.1
            MobilenetV2/expanded_conv/project/bias                       features.1.conv.2
            MobilenetV2/expanded_conv_([0-9]{1,2})/expand/kernel         features.{1+1}.conv.0.0
            MobilenetV2/expanded_conv_([0-9]{1,2})/expand/bias           features.{1+1}.conv.0.1
            MobilenetV2/expanded_conv_([0-9]{1,2})/depthwise/kernel      features.{1+1}.conv.1.0
            MobilenetV2/expanded_conv_([0-9]{1,2})/depthwise/bias        features.{1+1}.conv.1.1
            MobilenetV2/expanded_conv_([0-9]{1,2})/project/kernel        features.{1+1}.conv.2
            MobilenetV2/expanded_conv_([0-9]{1,2})/project/bias          features.{1+1}.conv.3
            MobilenetV2/Conv_1/kernel                                    features.18.0
            MobilenetV2/Conv_1/bias                                      features.18.1
            MobilenetV2/Logits/Conv2d_1c_1x1/(?:kernel|bias)             classifier.1
            """);

    private static final String CLASSIFIER = "classifier.1";

    private MobileNetV2() {}

    static Family family() {
        return Family.of(
                "MobileNetV2",
                Torchvision.newer("MobileNetV2", "mobilenet_v2-7ebf99e0.pth", 13.6, MobileNetV2::torchvision)
                        .top1(72.154),
                Torchvision.older("MobileNetV2", "mobilenet_v2-b0353104.pth", 13.6, MobileNetV2::torchvision)
                        .top1(71.878),
                keras("1.0", 13.8).named("mobilenet_v2_keras").top1(71.3),
                keras("0.35", 6.8).top1(60.3),
                keras("0.5", 8.0).top1(65.4),
                keras("0.75", 10.5).top1(69.8),
                keras("1.3", 21.1).top1(74.4),
                keras("1.4", 23.9).top1(75.0));
    }

    /** Keras says no hash of these files. */
    private static Pretrained keras(String width, double size) {
        return Keras.weights(
                "mobilenet_v2_keras_" + width,
                "MobileNetV2" + (width.equals("1.0") ? "" : " x " + width) + " as Keras pads it",
                Keras.file("mobilenet_v2/mobilenet_v2" + Keras.KERNELS + "_" + width + "_224.h5", size),
                input -> draw(Double.parseDouble(width), input, Flavour.KERAS));
    }

    /** Whose definition is followed where the two differ; names and layouts are torchvision's in both. */
    enum Flavour {
        TORCHVISION("mobilenet_v2", BatchNormalization.of(1e-5), Padding.pixels(1), FileNames.same()),
        /** TensorFlow's padding, which is uneven at stride 2, and Keras' epsilon and momentum. */
        KERAS(
                "mobilenet_v2_keras",
                BatchNormalization.of(1e-3).withMomentum(0.001),
                Padding.same(),
                FileNames.keras(KERAS_LAYERS).tfLite(file -> GoogleFile.translate(file, GOOGLE_LAYERS, CLASSIFIER)));

        private final String title;

        private final BatchNormalization norm;
        /** Of the 3x3 convolutions. */
        private final Padding padding;

        private final FileNames fileNames;

        Flavour(String title, BatchNormalization norm, Padding padding, FileNames fileNames) {
            this.title = title;
            this.norm = norm;
            this.padding = padding;
            this.fileNames = fileNames;
        }

        /** Convolution {@code .0} that keeps the size at stride 1, normalisation {@code .1}, activation {@code .2}. */
        Node convBn(Node x, String name, Conv2D convolution) {
            Conv2D padded = convolution.kernelHeight() == 1 ? convolution : convolution.padding(padding);
            return x.then(name + ".0", padded.noBias()).then(name + ".1", norm).then(name + ".2", Activation.of(RELU6));
        }
    }

    /** Several blocks in a row, of which the first has the stride; {@code expansion} widens each inside. */
    private record Group(int expansion, int filters, int blocks, int stride) {}

    private record Block(int expansion, int filters, int stride) {}

    private static final List<Group> GROUPS = List.of(
            new Group(1, 16, 1, 1),
            new Group(6, 24, 2, 2),
            new Group(6, 32, 3, 2),
            new Group(6, 64, 4, 2),
            new Group(6, 96, 3, 1),
            new Group(6, 160, 3, 2),
            new Group(6, 320, 1, 1));

    private static Backbone torchvision(Node input) {
        return draw(1, input, Flavour.TORCHVISION);
    }

    /**
     * Draws the network.
     *
     * @param width multiplies the channels of every layer; 1 is the published network, whose name it keeps
     */
    static Backbone draw(double width, Node input, Flavour flavour) {
        List<Stage> stages = new ArrayList<>(List.of(Stage.of("features.0")));
        Node x = flavour.convBn(
                input,
                "features.0",
                Conv2D.of(Blocks.divisibleBy8(32 * width), 3).stride(2));
        for (Group group : GROUPS) {
            for (int block = 0; block < group.blocks(); block++) {
                String stage = "features." + stages.size();
                int filters = Blocks.divisibleBy8(group.filters() * width);
                Block shape = new Block(group.expansion(), filters, block == 0 ? group.stride() : 1);
                x = invertedResidual(x, stage, shape, flavour);
                stages.add(Stage.of(stage));
            }
        }
        String last = "features." + stages.size();
        stages.add(Stage.of(last));
        Node map = flavour.convBn(x, last, Conv2D.of(Blocks.divisibleBy8(1280 * Math.max(1, width)), 1));
        Node features = map.then("avgpool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of(flavour.title, input, features), map, stages, CLASSIFIER)
                .tunedFrom("features.14")
                .withDropout(0.2)
                .withFileNames(flavour.fileNames);
    }

    private static Node invertedResidual(Node input, String name, Block block, Flavour flavour) {
        int expanded = Blocks.channels(input) * block.expansion();
        Node x = input;
        int part = 0;
        if (block.expansion() != 1) {
            x = flavour.convBn(x, name + ".conv." + part++, Conv2D.of(expanded, 1));
        }
        Conv2D depthwise = Conv2D.of(expanded, 3).stride(block.stride()).groups(expanded);
        x = flavour.convBn(x, name + ".conv." + part++, depthwise)
                .then(name + ".conv." + part++, Conv2D.of(block.filters(), 1).noBias())
                .then(name + ".conv." + part, flavour.norm);
        boolean residual = block.stride() == 1 && block.filters() == Blocks.channels(input);
        return residual ? Node.of(name + ".add", new Add(), input, x) : x;
    }
}
