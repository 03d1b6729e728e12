package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.model.Node;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What Keras publishes of the mobile networks, EfficientNets and ConvNeXts, as it defines them. Sizes are what Keras
 * needs to write such files; its table rounds them.
 *
 * <p>Geometries are those of the networks' authors, whose accuracies the table gives: the middle 87.5 % of TensorFlow-Slim
 * for MobileNets, 32 pixels more than the input for EfficientNets of the first version and
 * below 320 pixels, the whole picture for larger ones.
 *
 * @see <a href="https://keras.io/api/applications/">Keras' table</a>
 */
final class KerasMobileWeights {
    /** As mean and deviation: pixels less 128, divided by 128. */
    private static final List<Double> OF_128 = List.of(128 / 255.0, 128 / 255.0, 128 / 255.0);

    private static final InputGeometry CROP = InputGeometry.centerCrop(224, 256);
    private static final String APACHE = "Apache-2.0 (Keras)";
    private static final String FROM_21K = "ImageNet-21k, then ImageNet-1k";

    private KerasMobileWeights() {}

    static Stream<Pretrained> all() {
        return Stream.of(mobileNets(), efficientNets(), efficientNetsV2(), convNeXts())
                .flatMap(List::stream);
    }

    private static List<Pretrained> mobileNets() {
        return List.of(
                mobileNetV2("0.35", 6.8, 60.3),
                mobileNetV2("0.5", 8.0, 65.4),
                mobileNetV2("0.75", 10.5, 69.8),
                mobileNetV2("1.3", 21.1, 74.4),
                mobileNetV2("1.4", 23.9, 75.0),
                mobileNetV3("small", 10.1, 68.1, input -> MobileNetV3.small(input, MobileNetV3.Flavour.KERAS)),
                mobileNetV3("large", 21.4, 75.6, input -> MobileNetV3.large(input, MobileNetV3.Flavour.KERAS)));
    }

    private static Pretrained mobileNetV2(String width, double size, double top1) {
        String title = "MobileNetV2 x " + width + " as Keras pads it";
        return of(
                "mobilenet_v2_keras_" + width,
                "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_" + width + "_224.h5",
                size,
                ModelCard.of(title, top1, APACHE),
                CROP,
                input -> MobileNetV2.draw(Double.parseDouble(width), input, MobileNetV2.Flavour.KERAS));
    }

    private static Pretrained mobileNetV3(
            String variant, double size, double top1, Function<Node, Backbone> architecture) {
        String title = "MobileNetV3-" + (variant.equals("small") ? "Small" : "Large") + " as Keras pads it";
        return of(
                "mobilenet_v3_" + variant + "_keras",
                "weights_mobilenet_v3_" + variant + "_224_1.0_float.h5",
                size,
                ModelCard.of(title, top1, APACHE),
                CROP,
                architecture);
    }

    private static List<Pretrained> efficientNets() {
        return List.of(
                efficientNet(0, 224, 20.8, 77.1),
                efficientNet(1, 240, 30.7, 79.1),
                efficientNet(2, 260, 35.7, 80.1),
                efficientNet(3, 300, 47.8, 81.6),
                efficientNet(4, 380, 75.2, 82.9),
                efficientNet(5, 456, 117.8, 83.6),
                efficientNet(6, 528, 166.4, 84.0),
                efficientNet(7, 600, 256.0, 84.3));
    }

    /**
     * Keras' own layer divides by roots, since its file has deviations for variances; another one does so again. Together
     * that is ImageNet's normalisation.
     */
    private static Pretrained efficientNet(int number, int side, double size, double top1) {
        return of(
                        "efficientnet_b" + number + "_keras",
                        "efficientnetb" + number + ".h5",
                        size,
                        ModelCard.of("EfficientNet-B" + number + " as Keras pads it", top1, APACHE),
                        InputGeometry.centerCrop(side, side + 32).bicubic(),
                        input -> EfficientNet.kerasB(number, input))
                .normalised(TorchvisionWeights.MEAN, TorchvisionWeights.DEVIATION);
    }

    private static List<Pretrained> efficientNetsV2() {
        InputGeometry whole = InputGeometry.stretch(480);
        return List.of(
                efficientNetV2("s", 83.5, 83.9, InputGeometry.stretch(384), EfficientNetV2::kerasSmall),
                efficientNetV2("m", 209.1, 85.3, whole, EfficientNetV2::kerasMedium),
                efficientNetV2("l", 456.3, 85.7, whole, EfficientNetV2::kerasLarge),
                smallEfficientNetV2(0, 224, 28.0, 78.7),
                smallEfficientNetV2(1, 240, 32.0, 79.8),
                smallEfficientNetV2(2, 260, 39.6, 80.5),
                smallEfficientNetV2(3, 300, 56.0, 82.0));
    }

    private static Pretrained efficientNetV2(
            String variant, double size, double top1, InputGeometry geometry, Function<Node, Backbone> architecture) {
        return of(
                        "efficientnet_v2_" + variant + "_keras",
                        "efficientnetv2-" + variant + ".h5",
                        size,
                        ModelCard.of(
                                "EfficientNetV2-" + variant.toUpperCase(Locale.ROOT) + " as Keras pads it",
                                top1,
                                APACHE),
                        geometry,
                        architecture)
                .normalised(OF_128, OF_128);
    }

    private static Pretrained smallEfficientNetV2(int number, int side, double size, double top1) {
        return efficientNetV2(
                        "b" + number,
                        size,
                        top1,
                        InputGeometry.centerCrop(side, side + 32).bicubic(),
                        input -> EfficientNetV2.kerasB(number, input))
                .normalised(TorchvisionWeights.MEAN, TorchvisionWeights.DEVIATION);
    }

    private static List<Pretrained> convNeXts() {
        return List.of(
                convNeXt("tiny", 109.4, "Tiny", ModelCard.IMAGENET, 81.3),
                convNeXt("small", 192.3, "Small", ModelCard.IMAGENET, 82.3),
                convNeXt("base", 338.6, "Base", FROM_21K, 85.3),
                convNeXt("large", 755.1, "Large", FROM_21K, 86.3));
    }

    private static Pretrained convNeXt(String variant, double size, String title, String pictures, double top1) {
        return of(
                        "convnext_" + variant + "_keras",
                        "convnext_" + variant + ".h5",
                        size,
                        new ModelCard(
                                "ConvNeXt-" + title + " in Keras", pictures, top1, "MIT (Meta), Apache-2.0 (Keras)"),
                        CROP.bicubic(),
                        input -> ConvNeXt.keras(variant, input))
                .normalised(TorchvisionWeights.MEAN, TorchvisionWeights.DEVIATION);
    }

    private static Pretrained of(
            String name,
            String file,
            double size,
            ModelCard card,
            InputGeometry geometry,
            Function<Node, Backbone> architecture) {
        return new Pretrained(
                name,
                card,
                geometry,
                KerasWeights.HALF,
                KerasWeights.HALF,
                architecture,
                new WeightSource.Published("Keras", file, size));
    }
}
