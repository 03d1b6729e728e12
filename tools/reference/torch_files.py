#!/usr/bin/env python3
"""Writes the small files of torch.save that the tests read. Needs torch.

    python3 tools/reference/torch_files.py

Element i of tensor t is ((37 i + 11 + t) mod 101 - 50) / 8 as in weight_files.py, t being the place of the tensor in
the file. A second run writes the same bytes but for the legacy files, whose storages are called after addresses.
"""

import argparse
import collections
import dataclasses
import datetime
import enum
import io
import os
import pathlib
import zipfile
from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).parents[2] / "graft-runtime/src/fixtures/resources/dev/graft/weights"


def values(t, *shape):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return torch.from_numpy((((37 * i + 11 + t) % 101 - 50) / 8).reshape(shape))


def tensors():
    """Every dtype, and every way a tensor may lie in its storage."""
    shared = torch.empty(20)
    shared[:12], shared[12:] = values(6, 12).float(), values(7, 8).float()
    sparse = torch.zeros(4, 6)
    sparse[::2, 1::2] = values(8, 2, 3).float()
    return collections.OrderedDict(
        [
            ("conv.weight", values(0, 4, 3, 2, 2).float()),
            ("conv.bias", values(1, 4).half()),
            ("norm.running_var", values(2, 4).bfloat16()),
            ("fc.weight", values(3, 2, 32)),
            ("norm.num_batches_tracked", torch.tensor(7)),
            ("empty", torch.empty(0, 3)),
            ("shared.first", shared[:12].view(3, 4)),
            ("shared.second", shared[12:].view(2, 2, 2)),
            ("stepped", sparse[::2, 1::2]),
            ("transposed", values(9, 5, 3).float().t().contiguous().t()),
            ("channels_last", values(10, 2, 3, 2, 2).float().contiguous(memory_format=torch.channels_last)),
            ("parameter", torch.nn.Parameter(values(11, 3).float())),
            ("bytes", torch.tensor([1, 2, 3], dtype=torch.uint8)),
            ("flags", torch.tensor([True, False])),
            ("half.transposed", values(14, 2, 3).half().t().contiguous().t()),
        ]
    )


def module():
    """What a script saves of a model: an ordered dict with attributes, which torch.save keeps by a BUILD."""
    state = torch.nn.Sequential(torch.nn.Conv2d(3, 2, 1), torch.nn.BatchNorm2d(2)).state_dict()
    for t, (name, tensor) in enumerate(state.items()):
        if tensor.is_floating_point():
            state[name] = values(t, *tensor.shape).float()
    return state


def checkpoint():
    model = torch.nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    return {
        "epoch": 12,
        "arch": "größer",
        "best": 0.75,
        "huge": 2**70,
        "nothing": None,
        "optimizer": optimizer.state_dict(),
        "state_dict": module(),
    }


class Color(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Settings:
    size: int = 224


class Easy(dict):
    """A dict of a class of its own, as configurations often are."""


def remarks():
    """What training scripts keep beside the weights, none of which is a tensor's."""
    cycle = []
    cycle.append((cycle,))
    return {
        "args": argparse.Namespace(lr=0.1, data=pathlib.PurePosixPath("/data"), nested=argparse.Namespace(a=(1, 2))),
        "best": np.float64(0.5),
        "step": np.int64(7),
        "curve": np.arange(3),
        "text": np.array(["a"], dtype=object),
        "date": datetime.datetime(2024, 1, 1),
        "path": pathlib.PosixPath("/x"),
        "color": Color.RED,
        "settings": Settings(),
        "counts": collections.defaultdict(list, {1: [2]}),
        "counter": collections.Counter("aab"),
        "names": {"a", "b"},
        "frozen": frozenset([1]),
        "size": torch.Size([1, 2]),
        "dtype": torch.float16,
        "device": torch.device("cpu"),
        "raw": b"\xff\x00",
        "wide": bytearray(b"\xff"),
        "complex": 1j,
        "range": range(3),
        "slice": slice(1, 2),
        "keys": {(1, 2): "tuple", Color.RED: "enum", frozenset([3]): "set", None: "none"},
        "cycle": cycle,
        "easy": Easy(a=1),
        "function": torch.nn.functional.relu,
        "type": torch.nn.Linear,
        "huge": -(2**3000),
        "surrogate": "\udcff",
    }


def training():
    """A state dict with tensors and other things beside it."""
    return {**remarks(), "temperature": torch.tensor(3.5), "state_dict": module()}


class Block(torch.nn.Module):
    """A part of a module with one more that has no weights and stands in two places."""

    def __init__(self, activation):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 3, 1, bias=False)
        self.norm = torch.nn.BatchNorm2d(3)
        self.first = activation
        self.second = activation
        self.register_buffer("passing", torch.zeros(2), persistent=False)
        self.register_buffer("kept", torch.zeros(2))
        self.register_parameter("nothing", None)
        self.settings = Settings()
        self.hook = torch.nn.functional.relu


def whole():
    """A module as torch.save(model) keeps it, in parallel training."""
    model = torch.nn.Sequential(collections.OrderedDict(a=Block(torch.nn.ReLU()), fc=torch.nn.Linear(3, 2)))
    for t, tensor in enumerate(model.state_dict().values()):
        if tensor.is_floating_point():
            tensor.copy_(values(t, *tensor.shape))
    return torch.nn.DataParallel(model)


def unknown():
    """Two tensors that cannot be read beside one that can."""
    weight = torch.nn.Linear(2, 2).weight.detach()
    return collections.OrderedDict(
        [
            ("plain", values(0, 3).float()),
            ("quantized", torch.quantize_per_tensor(weight, 0.1, 0, torch.qint8)),
            ("sparse", weight.to_sparse()),
            ("complex", torch.zeros(2, dtype=torch.complex64)),
        ]
    )


class Mixed(torch.nn.Module):
    """Weights of three formats; each is used, or the exporter would drop it."""

    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 2)
        self.wide = torch.nn.Parameter(torch.zeros(4).double())
        self.narrow = torch.nn.Parameter(torch.zeros(2, 2).half())
        for t, parameter in enumerate([self.wide, self.narrow, self.conv.weight, self.conv.bias]):
            parameter.data = values(t, *parameter.shape).to(parameter.dtype)

    def forward(self, x):
        return self.conv(x), self.wide + 1, self.narrow + 1


class Evil:
    """A pickle of this calls os.system when Python reads it."""

    def __reduce__(self):
        return os.system, ("touch graft-was-here",)


def save(content, zipped, protocol=2):
    out = io.BytesIO()
    torch.save(content, out, pickle_protocol=protocol, _use_new_zipfile_serialization=zipped)
    return out.getvalue()


def repacked(raw):
    """The zip as other tools pack it: nothing is aligned."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for entry in source.infolist():
            target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry))
    return out.getvalue()


if __name__ == "__main__":
    torch.manual_seed(1)
    files = {
        "tiny_zip.pth": save(tensors(), True),
        "tiny_legacy.pth": save(tensors(), False),
        "tiny_protocol4.pth": save(tensors(), True, 4),
        "tiny_unaligned.pth": repacked(save(tensors(), True)),
        "tiny_checkpoint.pth": save(checkpoint(), True),
        "tiny_checkpoint_legacy.pth": save(checkpoint(), False),
        "evil_zip.pth": save({"weight": torch.zeros(1), "x": Evil()}, True),
        "evil_legacy.pth": save({"weight": torch.zeros(1), "x": Evil()}, False),
        "evil_protocol4.pth": save({"weight": torch.zeros(1), "x": Evil()}, True, 4),
        "whole_model.pth": save(torch.nn.Linear(1, 1), True),
        "training.pth": save(training(), True),
        "training_protocol1.pth": save(training(), True, 1),
        "training_protocol5.pth": save(training(), True, 5),
        "training_legacy.pth": save(training(), False),
        "whole_parallel.pth": save(whole(), True),
        "whole_in_checkpoint.pth": save({"epoch": 3, "model": whole(), "ema": whole()}, True, 4),
        "unknown_tensors.pth": save(unknown(), True),
        "optimizer.pth": save(checkpoint()["optimizer"], True),
        "numpy_scalar.pth": save({"weight": torch.zeros(1), "best": np.float64(0.5)}, True),
    }
    for name, raw in files.items():
        (OUT / name).write_bytes(raw)
        print(f"{len(raw):6d} bytes  {name}")
    torch.onnx.export(
        Mixed(), torch.ones(1, 3, 4, 4), str(OUT / "tiny.onnx"), opset_version=14, do_constant_folding=False
    )
    script = torch.jit.script(torch.nn.Linear(1, 1))
    torch.jit.save(script, str(OUT / "torchscript.pt"))
