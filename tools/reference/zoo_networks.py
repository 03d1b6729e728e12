"""
The networks of zoo.py: which there are (VARIANTS), and of each family one or two by numbers (NETWORKS): torchvision's, with
few classes, and what torchvision does not have, restated.
"""

import torch
import torch.nn.functional as F
from torch import nn
from torchvision import models
from torchvision.models.vision_transformer import VisionTransformer, interpolate_embeddings

CLASSES = 10

# All of torchvision's networks that the zoo has: names, shapes, settings and published weights.
VARIANTS = (
    "mobilenet_v3_large mobilenet_v2 resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d "
    "wide_resnet50_2 wide_resnet101_2 efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3 efficientnet_b4 "
    "efficientnet_b5 efficientnet_b6 efficientnet_b7 efficientnet_v2_s efficientnet_v2_m efficientnet_v2_l "
    "densenet121 densenet161 densenet169 densenet201 inception_v3 "
    "convnext_tiny convnext_small convnext_base convnext_large vit_b_16 "
    "vgg11 vgg13 vgg16 vgg19 vgg11_bn vgg13_bn vgg16_bn vgg19_bn"
).split()

# What the zoo calls a network, where that is not torchvision's name: Google's Inception V3 has the plain one.
OURS = {"inception_v3": "inception_v3_torchvision"}


class SeparableConv2d(nn.Sequential):
    def __init__(self, channels, filters):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
        self.pointwise = nn.Conv2d(channels, filters, 1, bias=False)


class SamePool(nn.Module):
    """TensorFlow's SAME for windows of 3 at stride 2: always a row below, one above only if the size is odd."""

    def forward(self, x):
        top, left = (size % 2 for size in x.shape[2:])
        return F.max_pool2d(F.pad(x, (left, 1, top, 1), value=-torch.inf), 3, 2)


class Xception(nn.Module):
    """Keras' layers by Keras' names: the unnamed ones are conv2d, conv2d_1 …, batch_normalization …"""

    def __init__(self, classes):
        super().__init__()
        self.conv_bn("block1_conv1", nn.Conv2d(3, 32, 3, 2, bias=False))
        self.conv_bn("block1_conv2", nn.Conv2d(32, 64, 3, bias=False))
        self.shrinking = {2: (64, 128, 128), 3: (128, 256, 256), 4: (256, 728, 728), 13: (728, 728, 1024)}
        for block in range(2, 14):
            shrinking = self.shrinking.get(block)
            widths = shrinking or (728, 728, 728, 728)
            for number, (channels, filters) in enumerate(zip(widths, widths[1:]), 1):
                self.conv_bn(f"block{block}_sepconv{number}", SeparableConv2d(channels, filters))
            if shrinking:
                index = self.shortcut(block)
                self.add_module("conv2d" + index, nn.Conv2d(widths[0], widths[-1], 1, 2, bias=False))
                self.add_module("batch_normalization" + index, self.norm(widths[-1]))
                self.add_module(f"block{block}_pool", SamePool())
        self.conv_bn("block14_sepconv1", SeparableConv2d(1024, 1536))
        self.conv_bn("block14_sepconv2", SeparableConv2d(1536, 2048))
        self.predictions = nn.Linear(2048, classes)
        self.outputs = {}

    @staticmethod
    def norm(channels):
        return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)

    @staticmethod
    def shortcut(block):
        return ("", "_1", "_2", "_3")[min(block - 2, 3)]

    def conv_bn(self, name, convolution):
        self.add_module(name, convolution)
        self.add_module(name + "_bn", self.norm(list(convolution.parameters())[-1].shape[0]))

    def run(self, x, *names):
        for name in names:
            x = getattr(self, name)(x)
        return x

    def block(self, number, x):
        name = f"block{number}_sepconv"
        if number not in self.shrinking:
            y = x
            for i in (1, 2, 3):
                y = self.run(F.relu(y), f"{name}{i}", f"{name}{i}_bn")
            return y + x
        y = self.run(x if number == 2 else F.relu(x), f"{name}1", f"{name}1_bn")
        y = self.run(F.relu(y), f"{name}2", f"{name}2_bn", f"block{number}_pool")
        index = self.shortcut(number)
        return y + self.run(x, "conv2d" + index, "batch_normalization" + index)

    def forward(self, x):
        for name in ("block1_conv1", "block1_conv2"):
            x = F.relu(self.run(x, name, name + "_bn"))
        self.outputs = {"block1_conv2_act": x}
        for number in range(2, 14):
            x = self.block(number, x)
            self.outputs["add" + (f"_{number - 2}" if number > 2 else "")] = x
        for name in ("block14_sepconv1", "block14_sepconv2"):
            x = F.relu(self.run(x, name, name + "_bn"))
            self.outputs[name + "_act"] = x
        return self.predictions(x.mean((2, 3)))


def vgg(build, units):
    """VGG with so many units in fc1 and fc2, which have 4096: they would be 400 MB."""
    model = build(num_classes=CLASSES)
    for index, (inputs, outputs) in {0: (512 * 49, units), 3: (units, units), 6: (units, CLASSES)}.items():
        model.classifier[index] = nn.Linear(inputs, outputs)
    return model


def densenet121():
    """With the last ReLU as a module too, which torchvision calls as a function and in place; that changes nothing."""
    model = models.densenet121(num_classes=CLASSES)
    model.features.add_module("relu5", nn.Threshold(0.0, 0.0))
    return model


class SmallTransformer(VisionTransformer):
    """
    A small Vision Transformer for pictures of 64 pixels. For others its position embedding is interpolated as torchvision
    does before it loads one, so that the embedding has a gradient there too.
    """

    def __init__(self):
        super().__init__(64, 16, num_layers=4, num_heads=3, hidden_dim=48, mlp_dim=192, num_classes=CLASSES)

    def forward(self, x):
        if x.shape[2] == self.image_size:
            return super().forward(x)
        state = {"encoder.pos_embedding": self.encoder.pos_embedding}
        places = interpolate_embeddings(x.shape[2], self.patch_size, state)["encoder.pos_embedding"]
        patches = self.conv_proj(x).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.class_token.expand(len(x), -1, -1), patches], 1)
        return self.heads(self.encoder.ln(self.encoder.layers(tokens + places))[:, 0])


VIT_STAGES = ["conv_proj"] + [f"encoder.layers.encoder_layer_{index}" for index in range(4)] + ["encoder.ln"]
VIT_GRADIENTS = [
    "class_token",
    "conv_proj.weight",
    "encoder.pos_embedding",
    "encoder.layers.encoder_layer_0.self_attention.in_proj_weight",
    "encoder.layers.encoder_layer_1.self_attention.in_proj_bias",
    "encoder.layers.encoder_layer_2.mlp.0.weight",
    "encoder.ln.weight",
]


# network, input, gain, the modules whose outputs are compared, the weights whose gradients are
NETWORKS = {
    "resnet18": (
        lambda: models.resnet18(num_classes=CLASSES),
        (2, 3, 64, 64),
        1.75,
        ["maxpool", "layer1", "layer2", "layer3", "layer4"],
        ["conv1.weight", "layer1.0.bn2.weight", "layer3.0.downsample.0.weight", "layer4.1.conv2.weight", "fc.weight"],
    ),
    "resnet50": (
        lambda: models.resnet50(num_classes=CLASSES),
        (1, 3, 64, 64),
        1.75,
        ["maxpool", "layer1", "layer2", "layer3", "layer4"],
        ["layer1.0.downsample.1.bias", "layer4.0.conv2.weight", "layer4.2.bn3.weight", "fc.bias"],
    ),
    "vgg11": (
        lambda: vgg(models.vgg11, 32),
        (1, 3, 224, 224),
        2.5,
        [f"features.{index}" for index in (2, 5, 10, 15, 20)],
        ["features.0.weight", "features.18.bias", "classifier.0.weight", "classifier.3.bias", "classifier.6.weight"],
    ),
    "vgg16_bn": (
        lambda: vgg(models.vgg16_bn, 32),
        (1, 3, 96, 96),
        2.5,
        [f"features.{index}" for index in (6, 13, 23, 33, 43)],
        ["features.0.weight", "features.41.weight", "classifier.0.weight"],
    ),
    "mobilenet_v2": (
        lambda: models.mobilenet_v2(num_classes=CLASSES),
        (2, 3, 64, 64),
        2.0,
        [f"features.{index}" for index in range(19)],
        ["features.0.0.weight", "features.1.conv.1.weight", "features.8.conv.3.bias", "classifier.1.weight"],
    ),
    "efficientnet_v2_s": (
        lambda: models.efficientnet_v2_s(num_classes=CLASSES),
        (2, 3, 64, 64),
        2.0,
        [f"features.{index}" for index in range(8)],
        [
            "features.0.0.weight",
            "features.2.0.block.0.1.weight",
            "features.4.1.block.2.fc1.weight",
            "features.6.14.block.3.0.weight",
            "classifier.1.weight",
        ],
    ),
    "xception": (
        lambda: Xception(CLASSES),
        (2, 3, 90, 90),
        2.0,
        None,
        [
            "block1_conv1.weight",
            "block2_sepconv1.depthwise.weight",
            "conv2d_1.weight",
            "block9_sepconv2_bn.weight",
            "block14_sepconv2.pointwise.weight",
            "predictions.weight",
        ],
    ),
    "mobilenet_v3_large": (
        lambda: models.mobilenet_v3_large(num_classes=CLASSES),
        (2, 3, 64, 64),
        2.25,
        [f"features.{index}" for index in range(17)],
        [
            "features.1.block.0.0.weight",
            "features.4.block.2.fc1.weight",
            "features.7.block.1.1.bias",
            "features.15.block.3.0.weight",
            "classifier.0.weight",
        ],
    ),
    "resnext50_32x4d": (
        lambda: models.resnext50_32x4d(num_classes=CLASSES),
        (1, 3, 64, 64),
        1.75,
        ["maxpool", "layer1", "layer2", "layer3", "layer4"],
        [
            "layer1.0.conv2.weight",
            "layer3.0.downsample.0.weight",
            "layer4.2.conv2.weight",
            "fc.weight",
        ],
    ),
    "efficientnet_b0": (
        lambda: models.efficientnet_b0(num_classes=CLASSES),
        (2, 3, 64, 64),
        2.7,
        [f"features.{index}" for index in range(9)],
        [
            "features.0.0.weight",
            "features.1.0.block.0.0.weight",
            "features.3.1.block.1.0.weight",
            "features.6.3.block.2.fc2.bias",
            "classifier.1.weight",
        ],
    ),
    "densenet121": (
        densenet121,
        (1, 3, 64, 64),
        2.5,
        [f"features.{name}" for name in "pool0 denseblock1 denseblock2 denseblock3 denseblock4 relu5".split()],
        [
            "features.denseblock2.denselayer5.conv2.weight",
            "features.transition2.conv.weight",
            "features.denseblock4.denselayer16.norm1.weight",
            "features.norm5.bias",
            "classifier.weight",
        ],
    ),
    # The plain name is Google's network in the zoo.
    "inception_v3_torchvision": (
        lambda: models.inception_v3(num_classes=CLASSES, aux_logits=False, init_weights=False),
        (1, 3, 107, 107),
        2.5,
        ["maxpool1", "maxpool2"] + ["Mixed_" + name for name in "5b 5c 5d 6a 6b 6c 6d 6e 7a 7b 7c".split()],
        [
            "Conv2d_2a_3x3.conv.weight",
            "Mixed_5c.branch5x5_2.conv.weight",
            "Mixed_6c.branch7x7dbl_3.conv.weight",
            "Mixed_7b.branch3x3dbl_3b.bn.weight",
            "fc.weight",
        ],
    ),
    "convnext_tiny": (
        lambda: models.convnext_tiny(num_classes=CLASSES),
        (1, 3, 64, 64),
        2.0,
        [f"features.{index}" for index in range(8)],
        [
            "features.0.0.weight",
            "features.1.2.block.0.weight",
            "features.3.1.layer_scale",
            "features.4.0.bias",
            "features.5.8.block.3.weight",
            "classifier.0.weight",
        ],
    ),
    "vit": (
        SmallTransformer,
        (2, 3, 64, 64),
        2.0,
        VIT_STAGES,
        VIT_GRADIENTS,
    ),
    "vit_resized": (
        SmallTransformer,
        # From 4 to 7 places, so in steps of a half: the factors are exact in float32, in which Graft keeps them.
        (1, 3, 112, 112),
        2.0,
        VIT_STAGES,
        VIT_GRADIENTS,
    ),
}
