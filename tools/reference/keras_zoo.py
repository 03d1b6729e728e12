#!/usr/bin/env python3
"""What Keras' own networks give with weights by formula: zoo_inception_v3.json.

    KERAS_BACKEND=torch python3 tools/reference/keras_zoo.py [FOLDER]

Needs PyPI's keras 3 and torch. Everything is computed in double. Weights are called as in Graft, so as in torchvision,
for the formula; `order` has Graft's name of each convolution in the order in which Keras makes them. With a folder, the
network is saved there as Keras saves it too, with 1000 classes: 90 MB, to load by hand.
"""

import sys

import keras
import numpy as np

from common import float32_json, formula_input, formula_weight, write
from keras_floats import compute_in

CLASSES = 10
GAIN = 2.5
SIZE = 107


def branches(blocks, names):
    return [f"Mixed_{block}.branch{name}" for block in blocks.split() for name in names.split()]


# Block by block of keras.applications.inception_v3, beside the attributes of torchvision's modules.
INCEPTION = (
    ["Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3"]
    + branches("5b 5c 5d", "1x1 5x5_1 5x5_2 3x3dbl_1 3x3dbl_2 3x3dbl_3 _pool")
    + branches("6a", "3x3 3x3dbl_1 3x3dbl_2 3x3dbl_3")
    + branches("6b 6c 6d 6e", "1x1 7x7_1 7x7_2 7x7_3 7x7dbl_1 7x7dbl_2 7x7dbl_3 7x7dbl_4 7x7dbl_5 _pool")
    + branches("7a", "3x3_1 3x3_2 7x7x3_1 7x7x3_2 7x7x3_3 7x7x3_4")
    + branches("7b 7c", "1x1 3x3_1 3x3_2a 3x3_2b 3x3dbl_1 3x3dbl_2 3x3dbl_3a 3x3dbl_3b _pool")
)


def order_key(layer):
    """The number that Keras gave it, which is the order in which layers were made."""
    number = layer.name.rpartition("_")[2]
    return int(number) if number.isdigit() else 0


def fill(model):
    convolutions = sorted((x for x in model.layers if isinstance(x, keras.layers.Conv2D)), key=order_key)
    norms = sorted((x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)), key=order_key)
    assert len(convolutions) == len(norms) == len(INCEPTION)
    for name, convolution, norm in zip(INCEPTION, convolutions, norms):
        h, w, inside, out = convolution.kernel.shape
        kernel = formula_weight(f"{name}.conv.weight", (out, inside, h, w), GAIN).numpy()
        convolution.kernel.assign(kernel.transpose(2, 3, 1, 0))
        for ours, weight in (("bias", norm.beta), ("running_mean", norm.moving_mean), ("running_var", norm.moving_variance)):
            weight.assign(formula_weight(f"{name}.bn.{ours}", tuple(weight.shape), GAIN).numpy())
    top = model.get_layer("predictions")
    inside, out = top.kernel.shape
    top.kernel.assign(formula_weight("fc.weight", (out, inside), GAIN).numpy().T)
    top.bias.assign(formula_weight("fc.bias", (out,), GAIN).numpy())
    return model


if __name__ == "__main__":
    if len(sys.argv) > 1:
        compute_in("float32")
        whole = fill(keras.applications.InceptionV3(weights=None, classifier_activation=None))
        picture = formula_input(1, 3, 299, 299).numpy().transpose(0, 2, 3, 1)
        whole.save(f"{sys.argv[1]}/inception_v3.h5")
        whole.save_weights(f"{sys.argv[1]}/inception_v3.weights.h5")
        print([float(str(x)) for x in whole.predict(picture, verbose=0)[0, :8]])
        keras.backend.clear_session()
    compute_in("float64")
    model = fill(
        keras.applications.InceptionV3(
            weights=None, classes=CLASSES, input_shape=(SIZE, SIZE, 3), classifier_activation=None
        )
    )
    picture = formula_input(1, 3, SIZE, SIZE).double().numpy().transpose(0, 2, 3, 1)
    logits, other = model.predict(picture, verbose=0), model.predict(-picture, verbose=0)
    assert np.abs(logits - other).max() > 0.05 * np.abs(logits).max(), "choose another gain"
    document = {
        "input_shape": [1, 3, SIZE, SIZE],
        "gain": GAIN,
        "order": INCEPTION,
        "logits": {"shape": list(logits.shape), "data": float32_json(logits.reshape(-1))},
    }
    write("zoo_inception_v3.json", document)
