#!/usr/bin/env python3
"""
Writes vgg16.h5 into a folder: random weights with the names and layouts of the file that Keras publishes, 553 MB. Needs
h5py.
"""

import argparse
from pathlib import Path

import h5py
import numpy as np

FILTERS = {"block1": (64, 2), "block2": (128, 2), "block3": (256, 3), "block4": (512, 3), "block5": (512, 3)}
DENSE = {"fc1": (7 * 7 * 512, 4096), "fc2": (4096, 4096), "predictions": (4096, 1000)}


def kernels():
    inputs = 3
    for block, (filters, layers) in FILTERS.items():
        for number in range(1, layers + 1):
            yield f"{block}_conv{number}", (3, 3, inputs, filters)
            inputs = filters
        yield f"{block}_pool", None
    yield "flatten", None
    yield from DENSE.items()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    random = np.random.default_rng(1)
    with h5py.File(parser.parse_args().folder / "vgg16.h5", "w") as file:
        file.attrs["layer_names"] = [name.encode() for name, _ in kernels()]
        file.attrs["backend"] = b"tensorflow"
        file.attrs["keras_version"] = b"2.15.0"
        for name, shape in kernels():
            group = file.create_group(name)
            weights = {f"{name}/kernel:0": shape, f"{name}/bias:0": shape[-1:]} if shape else {}
            group.attrs["weight_names"] = np.array([weight.encode() for weight in weights], dtype="S")
            for weight, sizes in weights.items():
                group.create_dataset(weight, data=random.standard_normal(sizes, dtype=np.float32))


if __name__ == "__main__":
    main()
