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
            torchvision("mobilenet_v3_large-5c1a4163.pth", "MobileNetV3-Large", 75.3, WIDE_224, MobileNetV3::large),
            torchvision("mobilenet_v2-7ebf99e0.pth", "MobileNetV2", 72.2, WIDE_224, size -> MobileNetV2.draw(1, size)),
            new Pretrained(
                    "mobilenet_v2_keras",
                    "MobileNetV2 as Keras pads it, ImageNet weights of Keras, top-1 71.3 %",
                    "Apache-2.0 (Keras)",
                    CROP_224,
                    HALF,
                    HALF,
                    size -> MobileNetV2.draw(1, size, MobileNetV2.Flavour.KERAS),
                    new WeightSource.Published(
                            "Keras",
                            "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
                            "the names that Keras gives them")),
            torchvision("resnet18-f37072fd.pth", "ResNet-18", 69.8, CROP_224, ResNet::resNet18),
            torchvision("resnet34-b627a593.pth", "ResNet-34", 73.3, CROP_224, ResNet::resNet34),
            torchvision("resnet50-11ad3fa6.pth", "ResNet-50", 80.9, WIDE_224, ResNet::resNet50),
            torchvision("resnet101-cd907fc2.pth", "ResNet-101", 81.9, WIDE_224, ResNet::resNet101),
            torchvision("resnet152-f82ba261.pth", "ResNet-152", 82.3, WIDE_224, ResNet::resNet152),
            torchvision("resnext50_32x4d-1a0047aa.pth", "ResNeXt-50 32x4d", 81.2, WIDE_224, ResNet::resNeXt50),
            torchvision("resnext101_32x8d-110c445d.pth", "ResNeXt-101 32x8d", 82.8, WIDE_224, ResNet::resNeXt101),
            torchvision("wide_resnet50_2-9ba9bcbe.pth", "Wide ResNet-50-2", 81.6, WIDE_224, ResNet::wideResNet50),
            torchvision("wide_resnet101_2-d733dc28.pth", "Wide ResNet-101-2", 82.5, WIDE_224, ResNet::wideResNet101),
            bicubic(efficientNet(
                    "efficientnet_b0_rwightman-3dd342df.pth", 0, 77.7, InputGeometry.centerCrop(224, 256))),
            efficientNet("efficientnet_b1-c27df63c.pth", 1, 79.8, InputGeometry.centerCrop(240, 255)),
            bicubic(efficientNet("efficientnet_b2_rwightman-bcdf34b7.pth", 2, 80.6, InputGeometry.centerCrop(288))),
            bicubic(efficientNet(
                    "efficientnet_b3_rwightman-cf984f9c.pth", 3, 82.0, InputGeometry.centerCrop(300, 320))),
            bicubic(efficientNet(
                    "efficientnet_b4_rwightman-7eb33cd5.pth", 4, 83.4, InputGeometry.centerCrop(380, 384))),
            bicubic(efficientNet("efficientnet_b5_lukemelas-b6417697.pth", 5, 83.4, InputGeometry.centerCrop(456))),
            bicubic(efficientNet("efficientnet_b6_lukemelas-c76e70fd.pth", 6, 84.0, InputGeometry.centerCrop(528))),
            bicubic(efficientNet("efficientnet_b7_lukemelas-dcc49843.pth", 7, 84.1, InputGeometry.centerCrop(600))),
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
            bicubic(torchvision(
                            "efficientnet_v2_l-59c71312.pth",
                            "EfficientNetV2-L",
                            85.8,
                            InputGeometry.centerCrop(480),
                            EfficientNetV2::large)
                    .withNormalization(HALF, HALF)),
            torchvision("densenet121-a639ec97.pth", "DenseNet-121", 74.4, CROP_224, DenseNet::denseNet121),
            torchvision("densenet161-8d451a50.pth", "DenseNet-161", 77.1, CROP_224, DenseNet::denseNet161),
            torchvision("densenet169-b2777c0a.pth", "DenseNet-169", 75.6, CROP_224, DenseNet::denseNet169),
            torchvision("densenet201-c1103571.pth", "DenseNet-201", 76.9, CROP_224, DenseNet::denseNet201),
            torchvision(
                    "convnext_tiny-983f1562.pth",
                    "ConvNeXt-Tiny",
                    82.5,
                    InputGeometry.centerCrop(224, 236),
                    ConvNeXt::tiny),
            torchvision(
                    "convnext_small-0c510722.pth",
                    "ConvNeXt-Small",
                    83.6,
                    InputGeometry.centerCrop(224, 230),
                    ConvNeXt::small),
            torchvision("convnext_base-6075fbad.pth", "ConvNeXt-Base", 84.1, WIDE_224, ConvNeXt::base),
            torchvision("convnext_large-ea097f82.pth", "ConvNeXt-Large", 84.4, WIDE_224, ConvNeXt::large),
            torchvision("vit_b_16-c867db91.pth", "Vision Transformer B/16", 81.1, CROP_224, VisionTransformer::b16),
            bicubic(new Pretrained(
                    "vit_s_16",
                    "Vision Transformer S/16, ImageNet-21k weights of Google fine-tuned on ImageNet, top-1 81.4 %",
                    "Apache-2.0 (timm)",
                    InputGeometry.centerCrop(224, 248),
                    HALF,
                    HALF,
                    VisionTransformer::s16,
                    new WeightSource.Published(
                            "timm",
                            "vit_small_patch16_224.augreg_in21k_ft_in1k/model.safetensors",
                            "the names it has there"))),
            // Google's own normalisation, into which torchvision's network turns ImageNet's (transform_input).
            torchvision(
                            "inception_v3_google-0cc3c7bd.pth",
                            "Inception V3",
                            77.3,
                            InputGeometry.centerCrop(299, 342),
                            InceptionV3::draw)
                    .withNormalization(HALF, HALF),
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
                            "the names that Keras gives them")),
            torchvision("vgg11-8a719046.pth", "VGG-11", 69.0, CROP_224, size -> Vgg.plain(Vgg.VGG_11, size)),
            torchvision("vgg13-19584684.pth", "VGG-13", 69.9, CROP_224, size -> Vgg.plain(Vgg.VGG_13, size)),
            torchvision("vgg16-397923af.pth", "VGG-16", 71.6, CROP_224, size -> Vgg.plain(Vgg.VGG_16, size)),
            torchvision("vgg19-dcbb9e9d.pth", "VGG-19", 72.4, CROP_224, size -> Vgg.plain(Vgg.VGG_19, size)),
            torchvision("vgg11_bn-6002323d.pth", "VGG-11", 70.4, CROP_224, size -> Vgg.normalised(Vgg.VGG_11, size)),
            torchvision("vgg13_bn-abd245e5.pth", "VGG-13", 71.6, CROP_224, size -> Vgg.normalised(Vgg.VGG_13, size)),
            torchvision("vgg16_bn-6c64b313.pth", "VGG-16", 73.4, CROP_224, size -> Vgg.normalised(Vgg.VGG_16, size)),
            torchvision("vgg19_bn-c79401a0.pth", "VGG-19", 74.2, CROP_224, size -> Vgg.normalised(Vgg.VGG_19, size)));

    private Zoo() {}

    /** The record of a file of torchvision's, which is named after the network and whose port it is. */
    private static Pretrained torchvision(
            String file, String title, double top1, InputGeometry geometry, IntFunction<Backbone> architecture) {
        String name = file.substring(0, file.lastIndexOf('-')).replaceFirst("_(rwightman|lukemelas|google)$", "");
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

    private static Pretrained efficientNet(String file, int number, double top1, InputGeometry geometry) {
        return torchvision(file, "EfficientNet-B" + number, top1, geometry, size -> EfficientNet.b(number, size));
    }

    /** With the remark that the weights' pictures were resized in another way than {@code data.PictureReader} does. */
    private static Pretrained bicubic(Pretrained pretrained) {
        return pretrained.withDescription(pretrained.description() + " with bicubic resizing, here bilinear");
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
