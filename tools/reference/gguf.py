"""Reads the tensors of a GGUF file (version 2 or 3) that holds plain float32 or float16 numbers."""

import struct

import numpy as np

SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9
ELEMENTS = {0: np.dtype("<f4"), 1: np.dtype("<f2")}


class Cursor:
    def __init__(self, data):
        self.data = data
        self.position = 0

    def number(self, letter):
        (value,) = struct.unpack_from("<" + letter, self.data, self.position)
        self.position += struct.calcsize("<" + letter)
        return value

    def string(self):
        length = self.number("Q")
        end = self.position + length
        text = self.data[self.position : end].decode("utf-8")
        self.position = end
        return text

    def value(self, kind):
        if kind == STRING:
            return self.string()
        if kind == ARRAY:
            element = self.number("I")
            return [self.value(element) for _ in range(self.number("Q"))]
        return self.number(SCALARS[kind])


def read_gguf(path):
    """Name -> float32 array in the file's order, with torch's order of dimensions (GGUF writes the fastest first)."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"GGUF":
        raise ValueError(f"{path}: not a GGUF file")
    cursor = Cursor(data)
    cursor.position = 4
    version = cursor.number("I")
    if version not in (2, 3):
        raise ValueError(f"{path}: GGUF version {version}, expected 2 or 3")
    tensor_count, metadata_count = cursor.number("Q"), cursor.number("Q")
    metadata = {cursor.string(): cursor.value(cursor.number("I")) for _ in range(metadata_count)}
    entries = [tensor_entry(cursor) for _ in range(tensor_count)]
    alignment = metadata.get("general.alignment", 32)
    start = -(-cursor.position // alignment) * alignment
    return {name: elements(data, name, shape, kind, start + offset) for name, shape, kind, offset in entries}


def tensor_entry(cursor):
    name = cursor.string()
    sizes = [cursor.number("Q") for _ in range(cursor.number("I"))]
    return name, tuple(reversed(sizes)), cursor.number("I"), cursor.number("Q")


def elements(data, name, shape, kind, offset):
    if kind not in ELEMENTS:
        raise ValueError(f"{name}: GGUF tensor type {kind} is quantised, expected float32 (0) or float16 (1)")
    count = int(np.prod(shape))
    return np.frombuffer(data, ELEMENTS[kind], count, offset).astype(np.float32).reshape(shape)
