"""
Writes zoo_*_keras*.json: networks of Keras itself with formula weights; keras_facts.json: the weights and settings of all
their variants; keras_names_*.json: what Keras calls the weights of some. Run with KERAS_BACKEND=torch.
"""

import argparse
import re
import string
import zlib

import keras
import torch
from keras import applications, layers

from common import (
    formula_input,
    formula_weight,
    gradient_json,
    numbers,
    require_agreement,
    require_telling,
    sample,
    write,
)
from keras_floats import compute_in

CLASSES = 10


def block_of_letters(match):
    return f"features.{match[1]}.{string.ascii_lowercase.index(match[2])}.block."


def mobilenet_v2(model, layer):
    outside = {"Conv1": "features.0.0", "bn_Conv1": "features.0.1", "Conv_1": "features.18.0", "Conv_1_bn": "features.18.1"}
    if layer in outside:
        return outside[layer]
    number, part = re.fullmatch(r"(?:expanded_conv|block_(\d+))_(\w+)", layer).groups()
    places = ["expand", "expand_BN", "depthwise", "depthwise_BN", "project", "project_BN"]
    names = ["0.0", "0.1", "1.0", "1.1", "2", "3"] if number else [None, None, "0.0", "0.1", "1", "2"]
    return f"features.{int(number or 0) + 1}.conv.{names[places.index(part)]}"


def mobilenet_v3(model, layer):
    blocks = sum(each.name.endswith("_project") for each in model.layers)
    outside = {
        "conv": "features.0.0",
        "conv_bn": "features.0.1",
        "conv_1": f"features.{blocks + 1}.0",
        "conv_1_bn": f"features.{blocks + 1}.1",
        "conv_2": "classifier.0",
        "logits": "classifier.3",
    }
    if layer in outside:
        return outside[layer]
    prefix, number, part = re.fullmatch(r"(expanded_conv_(?:(\d+)_)?)(\w+?)", layer).groups()
    has = {each.name for each in model.layers}
    parts = [name for name in ("expand", "depthwise", "squeeze_excite_conv", "project") if prefix + name in has]
    block = f"features.{int(number or 0) + 1}.block."
    if part.startswith("squeeze"):
        return f"{block}{parts.index('squeeze_excite_conv')}.fc{2 if part.endswith('_1') else 1}"
    return f"{block}{parts.index(part.removesuffix('_bn'))}.{int(part.endswith('_bn'))}"


def efficientnet(model, layer):
    groups = max(int(each.name[5]) for each in model.layers if each.name.startswith("block"))
    outside = {
        "stem_conv": "features.0.0",
        "stem_bn": "features.0.1",
        "top_conv": f"features.{groups + 1}.0",
        "top_bn": f"features.{groups + 1}.1",
    }
    if layer in outside:
        return outside[layer]
    prefix, number, letter, part = re.fullmatch(r"(block(\d)(\w)_)(\w+)", layer).groups()
    has = {each.name.removesuffix("2") for each in model.layers}
    parts = [name for name in ("expand_conv", "dwconv", "se_reduce", "project_conv") if prefix + name in has]
    same = {"bn": "dwconv", "dwconv2": "dwconv", "se_expand": "se_reduce"}
    place = parts.index(same.get(part, part.replace("_bn", "_conv")))
    end = {"se_reduce": "fc1", "se_expand": "fc2"}.get(part, str(int(part.endswith("bn"))))
    return f"features.{number}.{string.ascii_lowercase.index(letter)}.block.{place}.{end}"


def convnext(model, layer):
    name = re.sub("^convnext_[a-z]+_", "", layer)
    outside = {"stem_conv": "features.0.0", "stem_layernorm": "features.0.1", "head_layernorm": "classifier.0"}
    if name in outside:
        return outside[name]
    if match := re.fullmatch(r"downsampling_(layernorm|conv)_(\d)", name):
        return f"features.{2 * int(match[2]) + 2}.{int(match[1] == 'conv')}"
    stage, block, part = re.fullmatch(r"stage_(\d)_block_(\d+)_(\w+)", name).groups()
    parts = {"depthwise_conv": 0, "layernorm": 2, "pointwise_conv_1": 3, "pointwise_conv_2": 5}
    end = f"block.{parts[part]}" if part in parts else part
    return f"features.{2 * int(stage) + 1}.{block}.{end}"


FAMILIES = {"MobileNetV2": mobilenet_v2, "MobileNetV3": mobilenet_v3, "EfficientNet": efficientnet, "ConvNeXt": convnext}
LAST = {"MobileNetV2": "classifier.1", "EfficientNet": "classifier.1", "ConvNeXt": "classifier.2", "MobileNetV3": "classifier.3"}
TORCH = {"kernel": "weight", "gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}


def family(kind):
    return next(name for name in FAMILIES if kind.startswith(name))


def all_layers(model):
    for layer in model.layers:
        yield from all_layers(layer) if isinstance(layer, keras.Sequential) else [layer]


def our_layer(model, kind, layer):
    last = ("predictions", "logits", "head_dense")
    return LAST[family(kind)] if layer.name.endswith(last) else FAMILIES[family(kind)](model, layer.name)


def to_torch(tensor, layer, name):
    """From Keras' layout to torchvision's."""
    if name != "kernel":
        return tensor.reshape(-1, 1, 1) if isinstance(layer, type_of_scale()) else tensor
    if tensor.ndim == 2:
        return tensor.T
    if isinstance(layer, layers.DepthwiseConv2D):
        return tensor.permute(2, 3, 0, 1)
    kernel = tensor.permute(3, 2, 0, 1)
    return kernel.flatten(1) if layer.name in ("conv_2", "logits") else kernel


def type_of_scale():
    from keras.src.applications.convnext import LayerScale

    return LayerScale


def weights(model, kind):
    """Keras' variable, its layer, Keras' name of the weight and ours."""
    for layer in all_layers(model):
        if isinstance(layer, layers.Normalization):
            continue
        for variable in layer.weights:
            ours = our_layer(model, kind, layer)
            if isinstance(layer, type_of_scale()):
                yield variable, layer, "gamma", ours
            else:
                yield variable, layer, variable.name, f"{ours}.{TORCH.get(variable.name, variable.name)}"


class Network:
    """A network of Keras as torch has them: [N, C, H, W] to logits, parameters by torchvision's names."""

    def __init__(self, kind, size, dtype, gain, options, stages):
        compute_in(dtype)
        self.model = build(kind, input_shape=(size, size, 3), classes=CLASSES, **options)
        self.weights = {ours: (variable, layer, name) for variable, layer, name, ours in weights(self.model, kind)}
        for ours, (variable, layer, name) in self.weights.items():
            like = to_torch(variable.value, layer, name)
            value = formula_weight(ours, tuple(like.shape), gain).to(like.dtype)
            # A permuted view of the variable's own memory.
            like.data.copy_(value)
        self.scale = 255.0 if re.match("EfficientNetB", kind) else 1.0
        tensors = {name: self.tensor(place) for name, place in stages.items()}
        self.staged = keras.Model(self.model.inputs, [*tensors.values(), self.model.outputs[0]])
        self.names = list(tensors)
        self.stages = {}

    def tensor(self, place):
        """The output of a layer, of what follows it after a +, what enters it after a <."""
        name, mode = place.rstrip("+<"), place[-1]
        layer = self.model.get_layer(name)
        if mode == "<":
            return layer._inbound_nodes[-1].input_tensors[0]
        if mode == "+":
            return layer._outbound_nodes[0].outputs[0]
        return layer._inbound_nodes[-1].outputs[0]

    def __call__(self, picture):
        *stages, logits = self.staged(picture.permute(0, 2, 3, 1) * self.scale, training=False)
        self.stages = {name: stage.permute(0, 3, 1, 2) for name, stage in zip(self.names, stages)}
        return logits

    def named_parameters(self):
        return [(ours, variable.value) for ours, (variable, *_) in self.weights.items() if variable.trainable]

    def zero_grad(self):
        for _, parameter in self.named_parameters():
            parameter.grad = None

    def gradient(self, ours):
        variable, layer, name = self.weights[ours]
        return to_torch(variable.value.grad, layer, name)


def build(kind, **options):
    if not kind.startswith(("EfficientNetB", "MobileNetV2")):
        options["include_preprocessing"] = False
    return getattr(applications, kind)(weights=None, classifier_activation=None, **options)


def network(name):
    kind, options, shape, gain, stages, gradients = NETWORKS[name]
    picture = formula_input(*shape)
    with torch.no_grad():
        single = Network(kind, shape[2], "float32", gain, options, stages)(picture)
    double = Network(kind, shape[2], "float64", gain, options, stages)
    picture = picture.double()
    require_telling(double, picture)
    double.zero_grad()
    logits = double(picture)
    (logits * formula_input(*logits.shape)).sum().backward()
    return {
        "input_shape": list(shape),
        "gain": gain,
        "float32_difference": require_agreement(single, logits),
        "stages": {stage: sample(value) for stage, value in double.stages.items()},
        "logits": numbers(logits),
        "gradients": {weight: gradient_json(weight, double.gradient(weight)) for weight in gradients},
    }


def facts(kind, options):
    with keras.device("meta"):
        model = build(kind, **options)
    state = {ours: list(to_torch(variable.value, layer, name).shape) for variable, layer, name, ours in weights(model, kind)}
    lines = "".join(f"{name} {shape}\n" for name, shape in sorted(state.items()))
    every = list(all_layers(model))
    norms = {(each.epsilon, round(1 - each.momentum, 6)) for each in every if isinstance(each, layers.BatchNormalization)}
    drops = [each for each in every if isinstance(each, layers.Dropout)]
    return model, {
        "keras_parameters": model.count_params(),
        "entries": len(state),
        "crc32": zlib.crc32(lines.encode()),
        "norms": [list(norm) for norm in norms],
        "layer_norms": list({each.epsilon for each in every if isinstance(each, layers.LayerNormalization)}),
        "dropouts": [each.rate for each in drops if not each.noise_shape],
        "depths": [each.rate for each in drops if each.noise_shape],
    }


def names(model, kind):
    """By layer, with the model inside which it is: the shapes of its weights in Keras."""
    found = {}
    for outer in model.layers:
        for layer in outer.layers if isinstance(outer, keras.Sequential) else [outer]:
            prefix = "" if layer is outer else outer.name + "/"
            for variable in layer.weights:
                found.setdefault(prefix + layer.name, {})[variable.name] = list(variable.shape)
    return found


def groups(count):
    return {f"features.{index}": f"block{index}" for index in range(1, count + 1)}


def last_of(kind, options, stages):
    """Names of groups replaced by those of their last layers."""
    with keras.device("meta"):
        every = [layer.name for layer in build(kind, **options).layers]
    return {stage: [name for name in every if name.startswith(place)][-1] for stage, place in stages.items()}


NETWORKS = {
    "mobilenet_v2_keras_0.35": (
        "MobileNetV2",
        {"alpha": 0.35},
        (2, 3, 75, 75),
        2.0,
        {"features.0": "Conv1_relu", "features.2": "block_1_project_BN", "features.5": "block_4_add",
         "features.8": "block_7_add", "features.17": "block_16_project_BN", "features.18": "out_relu"},
        ["features.0.0.weight", "features.1.conv.1.weight", "features.8.conv.3.bias", "classifier.1.weight"],
    ),
    "mobilenet_v3_small_keras": (
        "MobileNetV3Small",
        {},
        (2, 3, 64, 64),
        2.5,
        {"features.0": "conv_bn+", "features.1": "expanded_conv_project_bn", "features.3": "expanded_conv_2_add",
         "features.4": "expanded_conv_3_project_bn", "features.9": "expanded_conv_8_project_bn",
         "features.11": "expanded_conv_10_add", "features.12": "conv_1_bn+"},
        ["features.0.0.weight", "features.1.block.1.fc1.weight", "features.4.block.3.0.weight", "classifier.0.weight"],
    ),
    "mobilenet_v3_large_keras": (
        "MobileNetV3Large",
        {},
        (2, 3, 75, 75),
        2.25,
        {"features.0": "conv_bn+", "features.2": "expanded_conv_1_project_bn", "features.4": "expanded_conv_3_project_bn",
         "features.7": "expanded_conv_6_project_bn", "features.13": "expanded_conv_12_project_bn",
         "features.15": "expanded_conv_14_add", "features.16": "conv_1_bn+"},
        ["features.1.block.0.0.weight", "features.7.block.1.1.bias", "features.15.block.3.0.weight", "classifier.0.bias"],
    ),
    "efficientnet_b0_keras": (
        "EfficientNetB0",
        {},
        (2, 3, 75, 75),
        2.6,
        {"features.0": "stem_activation", **groups(7), "features.8": "top_activation"},
        ["features.0.0.weight", "features.3.1.block.1.0.weight", "features.6.3.block.2.fc2.bias", "classifier.1.weight"],
    ),
    "efficientnet_v2_b0_keras": (
        "EfficientNetV2B0",
        {},
        (2, 3, 64, 64),
        2.4,
        {"features.0": "stem_activation", **groups(6), "features.7": "top_activation"},
        ["features.0.0.weight", "features.2.0.block.0.0.weight", "features.4.1.block.2.fc1.weight", "classifier.1.weight"],
    ),
    "convnext_tiny_keras": (
        "ConvNeXtTiny",
        {},
        (1, 3, 64, 64),
        2.0,
        {"features.0": "convnext_tiny_stem", "features.1": "convnext_tiny_downsampling_block_0<",
         "features.2": "convnext_tiny_downsampling_block_0", "features.3": "convnext_tiny_downsampling_block_1<",
         "features.5": "convnext_tiny_downsampling_block_2<", "features.7": "convnext_tiny_head_gap<"},
        ["features.1.2.block.0.weight", "features.3.1.layer_scale", "features.5.8.block.3.weight", "classifier.0.weight"],
    ),
}

VARIANTS = {
    **{f"mobilenet_v2_keras_{alpha}": ("MobileNetV2", {"alpha": alpha}) for alpha in (0.35, 0.5, 0.75, 1.3, 1.4)},
    "mobilenet_v2_keras": ("MobileNetV2", {}),
    **{f"mobilenet_v3_{size.lower()}_keras": ("MobileNetV3" + size, {"input_shape": (224, 224, 3)}) for size in ("Small", "Large")},
    **{f"efficientnet_b{number}_keras": (f"EfficientNetB{number}", {}) for number in range(8)},
    **{f"efficientnet_v2_{size.lower()}_keras": (f"EfficientNetV2{size}", {}) for size in "B0 B1 B2 B3 S M L".split()},
    **{f"convnext_{size.lower()}_keras": (f"ConvNeXt{size}", {}) for size in "Tiny Small Base Large".split()},
}
NAMED = ("mobilenet_v3_small_keras", "efficientnet_b0_keras", "efficientnet_v2_b0_keras", "convnext_tiny_keras")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="some of the networks; without any, all and the variants")
    chosen = parser.parse_args().names
    keras.utils.set_random_seed(1)
    for name, (kind, options, shape, gain, stages, gradients) in NETWORKS.items():
        if kind.startswith("EfficientNet"):
            stages = last_of(kind, options, stages)
            NETWORKS[name] = (kind, options, shape, gain, stages, gradients)
    for name in chosen or NETWORKS:
        write(f"zoo_{name}.json", network(name))
    if not chosen:
        found = {}
        for name, (kind, options) in VARIANTS.items():
            model, found[name] = facts(kind, options)
            if name in NAMED:
                write(f"keras_names_{name}.json", names(model, kind))
        write("keras_facts.json", found)
