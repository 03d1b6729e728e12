package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.model.Node;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What torchvision publishes. Of two sets of weights for one network the newer, from its second training recipe, has the
 * network's name, the older {@code _v1} after it.
 *
 * @see <a href="https://pytorch.org/vision/stable/models.html">torchvision's table</a>
 */
final class TorchvisionWeights {
    static final List<Double> MEAN = List.of(0.485, 0.456, 0.406);
    static final List<Double> DEVIATION = List.of(0.229, 0.224, 0.225);

    private static final InputGeometry CROP = InputGeometry.centerCrop(224, 256);
    /** For the second recipe. */
    private static final InputGeometry WIDE = InputGeometry.centerCrop(224, 232);

    private TorchvisionWeights() {}

    static Stream<Pretrained> all() {
        return Stream.of(mobileNets(), resNets(), efficientNets(), denseNets(), convNeXts(), others(), vggs())
                .flatMap(List::stream);
    }

    private static List<Pretrained> mobileNets() {
        return List.of(
                of("mobilenet_v3_large-5c1a4163.pth", 21.1, "MobileNetV3-Large", 75.274, WIDE, MobileNetV3::large),
                first("mobilenet_v3_large-8738ca79.pth", 21.1, "MobileNetV3-Large", 74.042, MobileNetV3::large),
                first("mobilenet_v3_small-047dcff4.pth", 9.8, "MobileNetV3-Small", 67.668, MobileNetV3::small),
                of("mobilenet_v2-7ebf99e0.pth", 13.6, "MobileNetV2", 72.154, WIDE, MobileNetV2::torchvision),
                first("mobilenet_v2-b0353104.pth", 13.6, "MobileNetV2", 71.878, MobileNetV2::torchvision));
    }

    private static List<Pretrained> resNets() {
        return List.of(
                of("resnet18-f37072fd.pth", 44.7, "ResNet-18", 69.758, CROP, ResNet::resNet18),
                of("resnet34-b627a593.pth", 83.3, "ResNet-34", 73.314, CROP, ResNet::resNet34),
                of("resnet50-11ad3fa6.pth", 97.8, "ResNet-50", 80.858, WIDE, ResNet::resNet50),
                first("resnet50-0676ba61.pth", 97.8, "ResNet-50", 76.13, ResNet::resNet50),
                of("resnet101-cd907fc2.pth", 170.5, "ResNet-101", 81.886, WIDE, ResNet::resNet101),
                first("resnet101-63fe2227.pth", 170.5, "ResNet-101", 77.374, ResNet::resNet101),
                of("resnet152-f82ba261.pth", 230.5, "ResNet-152", 82.284, WIDE, ResNet::resNet152),
                first("resnet152-394f9c45.pth", 230.4, "ResNet-152", 78.312, ResNet::resNet152),
                of("resnext50_32x4d-1a0047aa.pth", 95.8, "ResNeXt-50 32x4d", 81.198, WIDE, ResNet::resNeXt50),
                first("resnext50_32x4d-7cdf4587.pth", 95.8, "ResNeXt-50 32x4d", 77.618, ResNet::resNeXt50),
                of("resnext101_32x8d-110c445d.pth", 339.7, "ResNeXt-101 32x8d", 82.834, WIDE, ResNet::resNeXt101),
                first("resnext101_32x8d-8ba56ff5.pth", 339.6, "ResNeXt-101 32x8d", 79.312, ResNet::resNeXt101),
                of("wide_resnet50_2-9ba9bcbe.pth", 263.1, "Wide ResNet-50-2", 81.602, WIDE, ResNet::wideResNet50),
                first("wide_resnet50_2-95faca4d.pth", 131.8, "Wide ResNet-50-2", 78.468, ResNet::wideResNet50),
                of("wide_resnet101_2-d733dc28.pth", 484.7, "Wide ResNet-101-2", 82.51, WIDE, ResNet::wideResNet101),
                first("wide_resnet101_2-32ee1156.pth", 242.9, "Wide ResNet-101-2", 78.848, ResNet::wideResNet101));
    }

    private static List<Pretrained> efficientNets() {
        return List.of(
                efficientNet("b0_rwightman-7f5810bc", 20.5, 0, 77.692, bicubic(224, 256)),
                efficientNet("b1-c27df63c", 30.1, 1, 79.838, InputGeometry.centerCrop(240, 255)),
                efficientNet("b1_rwightman-bac287d4", 30.1, 1, 78.642, bicubic(240, 256))
                        .named("efficientnet_b1_v1"),
                efficientNet("b2_rwightman-c35c1473", 35.2, 2, 80.608, bicubic(288, 288)),
                efficientNet("b3_rwightman-b3899882", 47.2, 3, 82.008, bicubic(300, 320)),
                efficientNet("b4_rwightman-23ab8bcd", 74.5, 4, 83.384, bicubic(380, 384)),
                efficientNet("b5_lukemelas-1a07897c", 116.9, 5, 83.444, bicubic(456, 456)),
                efficientNet("b6_lukemelas-24a108a5", 165.4, 6, 84.008, bicubic(528, 528)),
                efficientNet("b7_lukemelas-c5b4e57e", 254.7, 7, 84.122, bicubic(600, 600)),
                of(
                        "efficientnet_v2_s-dd5fe13b.pth",
                        82.7,
                        "EfficientNetV2-S",
                        84.228,
                        InputGeometry.centerCrop(384),
                        EfficientNetV2::small),
                of(
                        "efficientnet_v2_m-dc08266a.pth",
                        208.0,
                        "EfficientNetV2-M",
                        85.112,
                        InputGeometry.centerCrop(480),
                        EfficientNetV2::medium),
                of(
                                "efficientnet_v2_l-59c71312.pth",
                                454.6,
                                "EfficientNetV2-L",
                                85.808,
                                bicubic(480, 480),
                                EfficientNetV2::large)
                        .normalised(KerasWeights.HALF, KerasWeights.HALF));
    }

    private static List<Pretrained> denseNets() {
        return List.of(
                of("densenet121-a639ec97.pth", 30.8, "DenseNet-121", 74.434, CROP, DenseNet::denseNet121),
                of("densenet161-8d451a50.pth", 110.4, "DenseNet-161", 77.138, CROP, DenseNet::denseNet161),
                of("densenet169-b2777c0a.pth", 54.7, "DenseNet-169", 75.6, CROP, DenseNet::denseNet169),
                of("densenet201-c1103571.pth", 77.4, "DenseNet-201", 76.896, CROP, DenseNet::denseNet201));
    }

    private static List<Pretrained> convNeXts() {
        InputGeometry tiny = InputGeometry.centerCrop(224, 236);
        InputGeometry small = InputGeometry.centerCrop(224, 230);
        return List.of(
                of("convnext_tiny-983f1562.pth", 109.1, "ConvNeXt-Tiny", 82.52, tiny, ConvNeXt::tiny),
                of("convnext_small-0c510722.pth", 191.7, "ConvNeXt-Small", 83.616, small, ConvNeXt::small),
                of("convnext_base-6075fbad.pth", 338.1, "ConvNeXt-Base", 84.062, WIDE, ConvNeXt::base),
                of("convnext_large-ea097f82.pth", 754.5, "ConvNeXt-Large", 84.414, WIDE, ConvNeXt::large));
    }

    private static List<Pretrained> others() {
        InputGeometry crop299 = InputGeometry.centerCrop(299, 342);
        return List.of(
                of("vit_b_16-c867db91.pth", 330.3, "Vision Transformer B/16", 81.072, CROP, VisionTransformer::b16),
                // Google's own normalisation, into which torchvision's network turns ImageNet's (transform_input).
                of("inception_v3_google-0cc3c7bd.pth", 103.9, "Inception V3", 77.294, crop299, InceptionV3::torchvision)
                        .named("inception_v3_torchvision")
                        .normalised(KerasWeights.HALF, KerasWeights.HALF));
    }

    private static List<Pretrained> vggs() {
        return List.of(
                vgg("vgg11-8a719046", 506.8, "VGG-11", 69.02, input -> Vgg.draw(Vgg.VGG_11, Vgg.Flavour.PLAIN, input)),
                vgg("vgg13-19584684", 507.5, "VGG-13", 69.928, input -> Vgg.draw(Vgg.VGG_13, Vgg.Flavour.PLAIN, input)),
                vgg("vgg16-397923af", 527.8, "VGG-16", 71.592, input -> Vgg.draw(Vgg.VGG_16, Vgg.Flavour.PLAIN, input)),
                vgg("vgg19-dcbb9e9d", 548.1, "VGG-19", 72.376, input -> Vgg.draw(Vgg.VGG_19, Vgg.Flavour.PLAIN, input)),
                vgg(
                        "vgg11_bn-6002323d",
                        506.9,
                        "VGG-11-BN",
                        70.37,
                        input -> Vgg.draw(Vgg.VGG_11, Vgg.Flavour.NORMALISED, input)),
                vgg(
                        "vgg13_bn-abd245e5",
                        507.6,
                        "VGG-13-BN",
                        71.586,
                        input -> Vgg.draw(Vgg.VGG_13, Vgg.Flavour.NORMALISED, input)),
                vgg(
                        "vgg16_bn-6c64b313",
                        527.9,
                        "VGG-16-BN",
                        73.36,
                        input -> Vgg.draw(Vgg.VGG_16, Vgg.Flavour.NORMALISED, input)),
                vgg(
                        "vgg19_bn-c79401a0",
                        548.1,
                        "VGG-19-BN",
                        74.218,
                        input -> Vgg.draw(Vgg.VGG_19, Vgg.Flavour.NORMALISED, input)));
    }

    private static Pretrained vgg(
            String file, double size, String title, double top1, Function<Node, Backbone> architecture) {
        return of(file + ".pth", size, title, top1, CROP, architecture);
    }

    private static InputGeometry bicubic(int size, int resize) {
        return InputGeometry.centerCrop(size, resize).bicubic();
    }

    private static Pretrained efficientNet(String file, double size, int number, double top1, InputGeometry geometry) {
        return of(
                "efficientnet_" + file + ".pth",
                size,
                "EfficientNet-B" + number,
                top1,
                geometry,
                input -> EfficientNet.b(number, input));
    }

    /** The weights of the first recipe, where there are others. */
    private static Pretrained first(
            String file, double size, String title, double top1, Function<Node, Backbone> architecture) {
        Pretrained record = of(file, size, title, top1, CROP, architecture);
        return record.named(record.name() + "_v1");
    }

    /** The record of a file, which is named after the network and whose port it is. */
    private static Pretrained of(
            String file,
            double size,
            String title,
            double top1,
            InputGeometry geometry,
            Function<Node, Backbone> architecture) {
        String name = file.substring(0, file.lastIndexOf('-')).replaceFirst("_(rwightman|lukemelas|google)$", "");
        return new Pretrained(
                name,
                ModelCard.of(title, top1, "BSD-3-Clause (torchvision)"),
                geometry,
                MEAN,
                DEVIATION,
                architecture,
                new WeightSource.Published("torchvision", file, size));
    }
}
