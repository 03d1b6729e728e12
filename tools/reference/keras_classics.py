"""
Writes zoo_{resnet50,densenet121,vgg16}_keras.json: networks of keras.applications with formula weights, and keras_layers.json:
the layers of all their variants with how many weights each has.

    KERAS_BACKEND=torch python3 tools/reference/keras_classics.py

Needs PyPI's keras with torch. The formula goes by Graft's names and layouts, so the file also restates which layer of Keras
is which of Graft.
"""

import argparse
import re

import keras
import torch
from keras import applications, layers

from common import formula_input, formula_weight, gradient_json, numbers, require_agreement, require_telling, sample, write
from keras_floats import compute_in

CLASSES = 10
UNITS = 32
VARIANTS = {
    "resnet50_keras": applications.ResNet50,
    "resnet101_keras": applications.ResNet101,
    "resnet152_keras": applications.ResNet152,
    "densenet121_keras": applications.DenseNet121,
    "densenet169_keras": applications.DenseNet169,
    "densenet201_keras": applications.DenseNet201,
    "vgg16_keras": applications.VGG16,
    "vgg19_keras": applications.VGG19,
}


def resnet_layer(name):
    block = re.fullmatch(r"conv(\d)_block(\d+)_(\d)_(conv|bn)", name)
    if not block:
        return {"conv1_conv": "conv1", "conv1_bn": "bn1", "predictions": "fc"}[name]
    stage, number, part, kind = int(block[1]) - 1, int(block[2]) - 1, block[3], block[4]
    inner = {"conv": "downsample.0", "bn": "downsample.1"}[kind] if part == "0" else kind + part
    return f"layer{stage}.{number}.{inner}"


def densenet_layer(name):
    if block := re.fullmatch(r"conv(\d)_block(\d+)_(\d_\w+)", name):
        inner = {"0_bn": "norm1", "1_conv": "conv1", "1_bn": "norm2", "2_conv": "conv2"}[block[3]]
        return f"features.denseblock{int(block[1]) - 1}.denselayer{block[2]}.{inner}"
    if pool := re.fullmatch(r"pool(\d)_(bn|conv)", name):
        return f"features.transition{int(pool[1]) - 1}." + {"bn": "norm", "conv": "conv"}[pool[2]]
    outside = {"conv1_conv": "features.conv0", "conv1_bn": "features.norm0", "bn": "features.norm5"}
    return outside.get(name, "classifier")


VGG16 = [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2), (3, 3), (4, 1), (4, 2), (4, 3), (5, 1), (5, 2), (5, 3)]


def vgg_layer(name):
    dense = {"fc1": "classifier.0", "fc2": "classifier.3", "predictions": "classifier.6"}
    if name in dense:
        return dense[name]
    block, number = map(int, re.fullmatch(r"block(\d)_conv(\d)", name).groups())
    # A ReLU behind each convolution, a pooling behind each block.
    return f"features.{2 * VGG16.index((block, number)) + block - 1}"


def vgg16():
    """With few units in fc1 and fc2, which have 4096: they would be 400 MB."""
    base = applications.VGG16(weights=None, include_top=False, input_shape=(224, 224, 3))
    x = layers.Flatten(name="flatten")(base.output)
    x = layers.Dense(UNITS, activation="relu", name="fc1")(x)
    x = layers.Dense(UNITS, activation="relu", name="fc2")(x)
    return keras.Model(base.input, layers.Dense(CLASSES, name="predictions")(x))


def whole(build, size):
    return lambda: build(weights=None, classes=CLASSES, classifier_activation=None, input_shape=(size, size, 3))


# Network, input, gain, Graft's name of a layer, Keras' layers that end a stage by Graft's names, gradients.
NETWORKS = {
    "resnet50_keras": (
        whole(applications.ResNet50, 64),
        (2, 3, 64, 64),
        1.75,
        resnet_layer,
        {
            "relu": "conv1_relu",
            "maxpool": "pool1_pool",
            "layer1": "conv2_block3_out",
            "layer2": "conv3_block4_out",
            "layer3": "conv4_block6_out",
            "layer4": "conv5_block3_out",
        },
        ["conv1.weight", "layer2.0.conv1.weight", "layer2.0.downsample.0.bias", "layer3.5.bn2.weight", "fc.weight"],
    ),
    "densenet121_keras": (
        whole(applications.DenseNet121, 64),
        (1, 3, 64, 64),
        2.5,
        densenet_layer,
        {
            "features.pool0": "pool1",
            "features.denseblock1": "conv2_block6_concat",
            "features.denseblock2": "conv3_block12_concat",
            "features.transition2": "pool3_pool",
            "features.denseblock3": "conv4_block24_concat",
            "features.denseblock4": "conv5_block16_concat",
            "features.relu5": "relu",
        },
        ["features.conv0.weight", "features.transition2.conv.weight", "features.norm5.bias", "classifier.weight"],
    ),
    "vgg16_keras": (
        vgg16,
        (1, 3, 224, 224),
        2.5,
        vgg_layer,
        {f"features.{end}": f"block{block}_pool" for block, end in enumerate((4, 9, 16, 23, 30), 1)},
        ["features.0.weight", "features.28.bias", "classifier.0.weight", "classifier.3.bias", "classifier.6.weight"],
    ),
}


class Graft:
    """A network of Keras that is seen as Graft's: names, layouts, channels first."""

    KINDS = {
        "kernel": "weight",
        "gamma": "weight",
        "bias": "bias",
        "beta": "bias",
        "moving_mean": "running_mean",
        "moving_variance": "running_var",
    }

    def __init__(self, network, layer_name, ends, gain):
        self.model = keras.Model(network.input, [network.get_layer(end).output for end in ends] + [network.output])
        self.parameters = {}
        for layer in network.layers:
            for variable in layer.weights:
                name = f"{layer_name(layer.name)}.{self.KINDS[variable.name]}"
                shape = self.from_keras(variable.value, layer).shape
                variable.assign(self.to_keras(formula_weight(name, tuple(shape), gain), layer, variable.shape))
                if variable.trainable:
                    self.parameters[name] = (variable.value, layer)

    @staticmethod
    def behind_flatten(layer):
        return layer.name == "fc1"

    def from_keras(self, value, layer):
        if self.behind_flatten(layer) and value.ndim == 2:
            return value.reshape(7, 7, -1, value.shape[1]).permute(3, 2, 0, 1).reshape(value.shape[1], -1)
        return value.permute(3, 2, 0, 1) if value.ndim == 4 else value.T if value.ndim == 2 else value

    def to_keras(self, value, layer, shape):
        if self.behind_flatten(layer) and value.ndim == 2:
            return value.reshape(len(value), -1, 7, 7).permute(2, 3, 1, 0).reshape(tuple(shape))
        return value.permute(2, 3, 1, 0) if value.ndim == 4 else value.T if value.ndim == 2 else value

    def outputs(self, picture):
        values = self.model(picture.permute(0, 2, 3, 1), training=False)
        return [value.permute(0, 3, 1, 2) if value.ndim == 4 else value for value in values]

    def __call__(self, picture):
        return self.outputs(picture)[-1]

    def named_parameters(self):
        return [(name, value) for name, (value, _) in self.parameters.items()]

    def zero_grad(self):
        for value, _ in self.parameters.values():
            value.grad = None

    def gradient(self, name):
        value, layer = self.parameters[name]
        return self.from_keras(value.grad, layer)


def network(name):
    build, shape, gain, layer_name, stages, gradients = NETWORKS[name]
    compute_in("float32")
    with torch.no_grad():
        single = Graft(build(), layer_name, stages.values(), gain)(formula_input(*shape))
    compute_in("float64")
    model = Graft(build(), layer_name, stages.values(), gain)
    picture = formula_input(*shape).double()
    require_telling(model, picture)
    model.zero_grad()
    *values, logits = model.outputs(picture)
    assert logits.dtype == torch.float64
    (logits * formula_input(*logits.shape)).sum().backward()
    return {
        "input_shape": list(shape),
        "gain": gain,
        "float32_difference": require_agreement(single, logits),
        "stages": {stage: sample(value) for stage, value in zip(stages, values)},
        "logits": numbers(logits),
        "gradients": {weight: gradient_json(weight, model.gradient(weight)) for weight in gradients},
    }


def counts(build):
    """As Keras' summary has them: how many weights a layer has, statistics among them."""
    compute_in("float32")
    return {layer.name: layer.count_params() for layer in build(weights=None).layers if layer.weights}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="some of the networks; without any, all and the layers")
    names = parser.parse_args().names
    for name in names or NETWORKS:
        write(f"zoo_{name}.json", network(name))
    if not names:
        write("keras_layers.json", {name: counts(build) for name, build in VARIANTS.items()})
