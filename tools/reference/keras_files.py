#!/usr/bin/env python3
"""Writes the small Keras files that the tests read.

    KERAS_BACKEND=numpy python3 tools/reference/keras_files.py

Needs h5py, and PyPI's keras for the files that Keras 3 itself writes; without it only the others are written. Those of
Keras 2 are laid out by hand as its hdf5_format.py does. Element i of the weight at place t of its file is
((37 i + 11 + t) mod 101 - 50) / 8, as in weight_files.py, in Keras' own layout.
"""

import os
from pathlib import Path

import h5py
import numpy as np

OUT = Path(__file__).parents[2] / "graft-runtime/src/fixtures/resources/dev/graft/weights"
NORM = [("gamma", (4,)), ("beta", (4,)), ("moving_mean", (4,)), ("moving_variance", (4,))]
LAYERS = {
    "conv2d_5": [("kernel", (3, 2, 3, 4)), ("bias", (4,))],
    "batch_normalization_7": NORM,
    "named_depthwise": [("depthwise_kernel", (3, 2, 4, 1))],
    "multiplied": [("depthwise_kernel", (2, 2, 4, 2))],
    "named_separable": [("depthwise_kernel", (3, 3, 8, 1)), ("pointwise_kernel", (1, 1, 8, 5)), ("bias", (5,))],
    "conv2d_11": [("kernel", (1, 1, 5, 4))],
    "named_dense": [("kernel", (4, 3)), ("bias", (3,))],
}


def values(t, shape, dtype=np.float32):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (((37 * i + 11 + t) % 101 - 50) / 8).astype(dtype).reshape(shape)


def keras2(group, dtype=np.float32):
    group.attrs["layer_names"] = [name.encode() for name in ["input_1", *LAYERS]]
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = b"2.15.0"
    group.create_group("input_1").attrs["weight_names"] = np.array([], dtype="S1")
    place = 0
    for layer, weights in LAYERS.items():
        inner = group.create_group(layer)
        inner.attrs["weight_names"] = [f"{layer}/{name}:0".encode() for name, _ in weights]
        for name, shape in weights:
            inner.create_dataset(f"{layer}/{name}:0", data=values(place, shape, dtype))
            place += 1


def file(name, **options):
    return h5py.File(OUT / name, "w", **options)


def slashes():
    """Layers with slashes in their names, one's name the beginning of another's, as in MobileNetV3's first files."""
    with file("tiny_keras2_slashes.h5") as f:
        for layer, name, shape in [
            ("block/project", "kernel", (1, 1, 2, 3)),
            ("block/project/BatchNorm", "gamma", (3,)),
            ("block/squeeze/Conv", "kernel", (1, 1, 2, 3)),
            ("Conv/BatchNorm", "beta", (3,)),
            ("Conv", "kernel", (1, 1, 2, 3)),
        ]:
            f.create_dataset(f"{layer}/{layer}/{name}:0", data=values(0, shape))


def keras1():
    """The names of Keras 1, as in the first files of the applications."""
    with file("tiny_keras1.h5") as f:
        for layer, weights in {
            "convolution2d_3": [("W", (1, 1, 2, 3)), ("b", (3,))],
            "batchnormalization_2": [("gamma", (3,)), ("beta", (3,)), ("running_mean", (3,)), ("running_std", (3,))],
            "predictions": [("W", (3, 2)), ("b", (2,))],
        }.items():
            for name, shape in weights:
                f.create_dataset(f"{layer}/{layer}_{name}_1:0", data=values(0, shape))


def hostile():
    with file("external_link.h5") as f:
        f["dense/dense/kernel:0"] = h5py.ExternalLink("/etc/passwd.h5", "/x")
    with file("soft_link.h5") as f:
        f["dense/dense/kernel:0"] = h5py.SoftLink("/dense")
    with file("hard_loop.h5") as f:
        f["dense/loop"] = f.create_group("dense/inner") and f["dense"]
    with file("hard_alias.h5") as f:
        f["dense/kernel:0"] = values(0, (3,))
        f["dense/bias:0"] = f["dense/kernel:0"]
    with file("compressed.h5") as f:
        f.create_dataset("dense/kernel:0", data=np.zeros((1000, 1000), "<f4"), compression="gzip")
    with file("external_storage.h5") as f:
        f.create_dataset("dense/kernel:0", (4,), "<f4", external=[("/etc/passwd", 0, 16)])
    with file("virtual.h5", libver="latest") as f:
        layout = h5py.VirtualLayout((4,), "<f4")
        layout[:] = h5py.VirtualSource("/etc/passwd.h5", "x", (4,))
        f.create_virtual_dataset("kernel:0", layout)
    with file("big_endian.h5") as f:
        f["dense/kernel:0"] = np.zeros(4, ">f4")
    with file("text.h5") as f:
        f["dense/kernel:0"] = "cos\nsystem"
    with file("deep.h5") as f:
        f.create_group("/".join("d" * 40))


def keras3():
    import keras

    keras.utils.set_random_seed(1)

    def layers():
        return [
            keras.layers.Input((5, 5, 3)),
            keras.layers.Conv2D(4, (3, 2), name="stem"),
            keras.layers.BatchNormalization(),
            keras.layers.SeparableConv2D(5, 2, name="apart"),
            keras.layers.DepthwiseConv2D(2, use_bias=False, name="alone"),
            keras.layers.Flatten(),
        ]

    inner = keras.Sequential(layers(), name="inner")
    x = keras.Input((5, 5, 3))
    model = keras.Model(x, keras.layers.Dense(2, name="head")(inner(x)))
    place = 0
    for variable in model.weights:
        variable.assign(values(place, tuple(variable.shape)))
        print(place, variable.path, tuple(variable.shape))
        place += 1
    for name in ("tiny_keras3.keras", "tiny_keras3.weights.h5", "tiny_keras3.h5"):
        (model.save_weights if ".weights." in name else model.save)(OUT / name)


if __name__ == "__main__":
    with file("tiny_keras2_weights.h5") as f:
        keras2(f)
    with file("tiny_keras2_latest.h5", libver="latest") as f:
        keras2(f, np.float16)
    with file("tiny_keras2_model.h5") as f:
        f.attrs["model_config"] = b'{"class_name": "Functional"}'
        keras2(f.create_group("model_weights"), np.float64)
        f["optimizer_weights/Adam/iter:0"] = np.int64(3)
    keras1()
    slashes()
    hostile()
    try:
        keras3()
    except ImportError as missing:
        print("without Keras' own files:", missing)
