"""
Writes zoo_*.json: torchvision's networks with formula weights, and zoo_state_dicts.json: the names, shapes and settings of
all their variants. Xception, which torchvision does not have, is restated here from Keras' definition.
"""

import copy
import zlib

import torch
import torch.nn.functional as F
from torch import nn
from torchvision import models

from common import formula_input, load_formula_weights, require_telling, write
from mobilenet_v3_small import gradient_json, numbers, require_agreement, sample

CLASSES = 10


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
}

VARIANTS = (
    "resnet18 resnet34 resnet50 resnet101 resnet152 mobilenet_v2 efficientnet_v2_s efficientnet_v2_m "
    "vgg11 vgg13 vgg16 vgg19 vgg11_bn vgg13_bn vgg16_bn vgg19_bn"
).split()


def outputs(model, modules, picture):
    """The outputs of modules by name, and the network's."""
    if modules is None:
        return model(picture), dict(model.outputs)
    found = {}
    hooks = [
        model.get_submodule(name).register_forward_hook(lambda module, _, out, name=name: found.update({name: out.clone()}))
        for name in modules
    ]
    logits = model(picture)
    for hook in hooks:
        hook.remove()
    return logits, found


def network(name):
    build, shape, gain, modules, gradients = NETWORKS[name]
    model = load_formula_weights(build().eval(), gain)
    with torch.no_grad():
        single = model(formula_input(*shape))
    model = model.double()
    picture = formula_input(*shape).double()
    require_telling(model, picture)
    model.zero_grad()
    logits, stages = outputs(model, modules, picture)
    (logits * formula_input(*logits.shape)).sum().backward()
    parameters = dict(model.named_parameters())
    return {
        "input_shape": list(shape),
        "gain": gain,
        "float32_difference": require_agreement(single, logits),
        "stages": {stage: sample(value) for stage, value in stages.items()},
        "logits": numbers(logits),
        "gradients": {weight: gradient_json(weight, parameters[weight].grad) for weight in gradients},
    }


def facts(model):
    """What a variant is by its state_dict and by the settings that no weight shows."""
    state = [(name, list(value.shape)) for name, value in model.state_dict().items() if value.is_floating_point()]
    lines = "".join(f"{name} {shape}\n" for name, shape in state)
    norms = {(m.eps, m.momentum) for m in model.modules() if isinstance(m, nn.BatchNorm2d)}
    blocks = [m for m in model.modules() if hasattr(m, "stochastic_depth") and m.use_res_connect]
    return {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "entries": len(state),
        "crc32": zlib.crc32(lines.encode()),
        "norms": [list(norm) for norm in norms],
        "dropouts": [m.p for m in model.modules() if isinstance(m, nn.Dropout)],
        "depths": [m.stochastic_depth.p for m in blocks],
    }


def published(name):
    """The file of the weights that torchvision takes by default, and how it prepares pictures for them."""
    weights = models.get_model_weights(name).DEFAULT
    preset = weights.transforms()
    return {
        "file": weights.url.rpartition("/")[2],
        "crop": preset.crop_size[0],
        "resize": preset.resize_size[0],
        "interpolation": preset.interpolation.value,
        "mean": list(preset.mean),
        "std": list(preset.std),
        "top1": weights.meta["_metrics"]["ImageNet-1K"]["acc@1"],
    }


def state_dicts():
    variants = {name: {**facts(getattr(models, name)()), "published": published(name)} for name in VARIANTS}
    for width in (0.35, 1.4):
        variants[f"mobilenet_v2 x {width}"] = facts(models.mobilenet_v2(width_mult=width))
    return variants


if __name__ == "__main__":
    torch.manual_seed(0)
    for name in NETWORKS:
        write(f"zoo_{name}.json", network(name))
    write("zoo_state_dicts.json", state_dicts())
