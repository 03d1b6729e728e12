#!/usr/bin/env python3
"""Writes the small weight files the tests read, and prints the numbers they compare with.

    python3 tools/reference/weight_files.py [GGUF of the default backbone]

Needs numpy only: both formats are written by hand from their specifications, so that the readers are checked against
something that shares no code with them. Element i of tensor t is ((37 i + 11 + t) mod 101 - 50) / 8, exact in every
format used, t being the place of the tensor in the list.
"""

import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np

OUT = Path(__file__).parents[2] / "graft-runtime/src/fixtures/resources/dev/graft/weights"
TENSORS = [
    ("conv.weight", (4, 3, 2, 2), "F32"),
    ("conv.bias", (4,), "F16"),
    ("norm.running_var", (4,), "BF16"),
    ("fc.weight", (2, 32), "F64"),
    ("norm.num_batches_tracked", (), "I64"),
    ("empty", (0, 3), "F32"),
]


def values(t, shape):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (((37 * i + 11 + t) % 101 - 50) / 8).astype(np.float64)


def encode(numbers, dtype):
    if dtype == "BF16":
        return (numbers.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
    if dtype == "Q8_0":
        blocks = numbers.reshape(-1, 32) * 8  # whole numbers from -50 to 50, with the scale 1/8
        return b"".join(struct.pack("<e", 1 / 8) + block.astype("i1").tobytes() for block in blocks)
    return numbers.astype({"F32": "<f4", "F16": "<f2", "F64": "<f8", "I64": "<i8"}[dtype]).tobytes()


def safetensors():
    header, data = {"__metadata__": {"format": "pt", "note": "größer\n\"quoted\""}}, b""
    for t, (name, shape, dtype) in enumerate(TENSORS):
        raw = encode(values(t, shape), dtype)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def string(text):
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def gguf():
    types = {"F32": 0, "F16": 1, "Q8_0": 8, "I64": 27, "F64": 28, "BF16": 30}
    tensors = TENSORS + [("fc.quantised", (2, 64), "Q8_0")]
    pairs = [
        (string("general.alignment"), 4, struct.pack("<I", 64)),
        (string("u8"), 0, b"\xff"),
        (string("i8"), 1, b"\xff"),
        (string("u16"), 2, b"\xff\xff"),
        (string("i16"), 3, b"\xff\xff"),
        (string("i32"), 5, struct.pack("<i", -7)),
        (string("f32"), 6, struct.pack("<f", 0.485)),
        (string("bool"), 7, b"\x01"),
        (string("string"), 8, string("größer")),
        (string("array"), 9, struct.pack("<IQ", 8, 2) + string("cat") + string("dog")),
        (string("long array"), 9, struct.pack("<IQ", 0, 1500) + bytes(1500)),
        (string("u64"), 10, b"\xff" * 8),
        (string("i64"), 11, b"\xff" * 8),
        (string("f64"), 12, struct.pack("<d", 1e-5)),
    ]
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs))
    for key, kind, value in pairs:
        head += key + struct.pack("<I", kind) + value
    data = b""
    for t, (name, shape, dtype) in enumerate(tensors):
        head += string(name) + struct.pack("<I", len(shape))
        head += b"".join(struct.pack("<Q", size) for size in reversed(shape))
        head += struct.pack("<IQ", types[dtype], len(data))
        data += encode(values(t, shape), dtype)
        data += bytes(-len(data) % 64)
    return head + bytes(-len(head) % 64) + data


def halves():
    every = np.arange(65536, dtype="<u2").view("<f2").astype("<f4")
    return zlib.crc32(every[~np.isnan(every)].tobytes())


def backbone(path):
    """Reads the real file the short way: its layout is known (no arrays in the metadata)."""
    raw, at = Path(path).read_bytes(), 8
    sizes = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

    def number(code):
        nonlocal at
        at += struct.calcsize(code)
        return struct.unpack_from("<" + code, raw, at - struct.calcsize(code))[0]

    def text():
        nonlocal at
        length = number("Q")
        at += length
        return raw[at - length : at].decode()

    tensors, pairs = number("Q"), number("Q")
    for _ in range(pairs):
        text()
        kind = number("I")
        if kind == 8:
            text()
        else:
            at += sizes[kind]
    infos = []
    for _ in range(tensors):
        name = text()
        dims = [number("Q") for _ in range(number("I"))]
        infos.append((name, dims[::-1], {0: "<f4", 1: "<f2"}[number("I")], number("Q")))
    start = at + -at % 32
    for name, shape, dtype, offset in infos:
        if name in ("features.0.0.weight", "features.1.block.1.fc1.weight", "classifier.3.weight", "classifier.0.bias"):
            array = np.frombuffer(raw, dtype, int(np.prod(shape)), start + offset).astype(np.float64).reshape(shape)
            print(name, shape, "first", array.flat[0], "last", array.flat[-1], "sum", array.sum())
    print("all", sum(np.frombuffer(raw, d, int(np.prod(s)), start + o).astype(np.float64).sum() for _, s, d, o in infos))


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "tiny.safetensors").write_bytes(safetensors())
    (OUT / "tiny.gguf").write_bytes(gguf())
    print(f"CRC-32 of all half-precision numbers but NaN as floats: {halves():#x}")
    if len(sys.argv) > 1:
        backbone(sys.argv[1])
