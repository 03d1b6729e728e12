package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.data.InputGeometry;
import dev.graft.weights.PackedWeights;
import java.util.List;
import java.util.function.IntFunction;

/** The backbones by name. Top-1 is the share of ImageNet's validation pictures that the publisher gets right. */
public final class Zoo {
    /** What is used where nothing else is asked for; its weights are packed with Graft. */
    public static final String DEFAULT = "mobilenet_v3_small";

    private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
    private static final List<Double> IMAGENET_DEVIATION = List.of(0.229, 0.224, 0.225);
    private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

    private static final InputGeometry CROP_224 = InputGeometry.centerCrop(224, 256);
    /** For the weights of torchvision's second recipe. */
    private static final InputGeometry WIDE_224 = InputGeometry.centerCrop(224, 232);

    private static final List<Pretrained> ALL = List.of(
            new Pretrained(
                    DEFAULT,
                    "MobileNetV3-Small, 2.5 million parameters, ImageNet weights fine-tuned for photo triage; packed with"
                            + " Graft",
                    "Apache-2.0 (weights), BSD-3-Clause (torchvision)",
                    CROP_224,
                    IMAGENET_MEAN,
                    IMAGENET_DEVIATION,
                    MobileNetV3::small,
                    new WeightSource.Packed(
                            () -> PackedWeights.mobileNetV3Small().file())),
            torchvision("mobilenet_v2-7ebf99e0.pth", "MobileNetV2", 72.2, WIDE_224, size -> MobileNetV2.draw(1, size)),
            torchvision("resnet18-f37072fd.pth", "ResNet-18", 69.8, CROP_224, ResNet::resNet18),
            torchvision("resnet34-b627a593.pth", "ResNet-34", 73.3, CROP_224, ResNet::resNet34),
            torchvision("resnet50-11ad3fa6.pth", "ResNet-50", 80.9, WIDE_224, ResNet::resNet50),
            torchvision("resnet101-cd907fc2.pth", "ResNet-101", 81.9, WIDE_224, ResNet::resNet101),
            torchvision("resnet152-f82ba261.pth", "ResNet-152", 82.3, WIDE_224, ResNet::resNet152),
            torchvision(
                    "efficientnet_v2_s-dd5fe13b.pth",
                    "EfficientNetV2-S",
                    84.2,
                    InputGeometry.centerCrop(384),
                    EfficientNetV2::small),
            torchvision(
                    "efficientnet_v2_m-dc08266a.pth",
                    "EfficientNetV2-M",
                    85.1,
                    InputGeometry.centerCrop(480),
                    EfficientNetV2::medium),
            new Pretrained(
                    "xception",
                    "Xception, ImageNet weights of Keras, top-1 79.0 %",
                    "MIT (Keras)",
                    InputGeometry.stretch(299),
                    HALF,
                    HALF,
                    Xception::draw,
                    new WeightSource.Published(
                            "Keras",
                            "xception_weights_tf_dim_ordering_tf_kernels.h5",
                            "the names and layouts of Graft (block1_conv1.weight is [32, 3, 3, 3])")),
            torchvision("vgg11-8a719046.pth", "VGG-11", 69.0, CROP_224, size -> Vgg.plain(Vgg.VGG_11, size)),
            torchvision("vgg13-19584684.pth", "VGG-13", 69.9, CROP_224, size -> Vgg.plain(Vgg.VGG_13, size)),
            torchvision("vgg16-397923af.pth", "VGG-16", 71.6, CROP_224, size -> Vgg.plain(Vgg.VGG_16, size)),
            torchvision("vgg19-dcbb9e9d.pth", "VGG-19", 72.4, CROP_224, size -> Vgg.plain(Vgg.VGG_19, size)),
            torchvision("vgg11_bn-6002323d.pth", "VGG-11", 70.4, CROP_224, size -> Vgg.normalised(Vgg.VGG_11, size)),
            torchvision("vgg13_bn-abd245e5.pth", "VGG-13", 71.6, CROP_224, size -> Vgg.normalised(Vgg.VGG_13, size)),
            torchvision("vgg16_bn-6c64b313.pth", "VGG-16", 73.4, CROP_224, size -> Vgg.normalised(Vgg.VGG_16, size)),
            torchvision("vgg19_bn-c79401a0.pth", "VGG-19", 74.2, CROP_224, size -> Vgg.normalised(Vgg.VGG_19, size)));

    private Zoo() {}

    /** The record of a file of torchvision's, which is named after the network. */
    private static Pretrained torchvision(
            String file, String title, double top1, InputGeometry geometry, IntFunction<Backbone> architecture) {
        String name = file.substring(0, file.lastIndexOf('-'));
        String norm = name.endsWith("_bn") ? " with batch normalisation" : "";
        return new Pretrained(
                name,
                title + norm + ", ImageNet weights of torchvision, top-1 " + top1 + " %",
                "BSD-3-Clause (torchvision)",
                geometry,
                IMAGENET_MEAN,
                IMAGENET_DEVIATION,
                architecture,
                new WeightSource.Published("torchvision", file, "the names it has there"));
    }

    public static List<Pretrained> all() {
        return ALL;
    }

    /**
     * The backbone of that name.
     *
     * @throws GraftException if there is none; suggests the nearest
     */
    public static Pretrained pretrained(String name) {
        List<String> names = ALL.stream().map(Pretrained::name).toList();
        return ALL.stream()
                .filter(pretrained -> pretrained.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GraftException("no backbone '" + name + "'; there are "
                        + String.join(", ", names) + Nearest.hint(name, names)));
    }
}
