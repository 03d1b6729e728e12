"""What the reference generators share: tensors as JSON, seeded inputs, and the formulas that Java repeats."""

import json
import zlib
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "graft-runtime/src/fixtures/resources/reference"
MAX_BYTES = 60_000


def float32_json(array):
    """Nested lists of the shortest decimals that read back as the same float32."""
    array = np.asarray(array, dtype=np.float32)
    if not np.isfinite(array).all():
        raise ValueError("a reference value is not finite")
    if array.ndim == 0:
        return float(str(array))
    return [float32_json(element) for element in array]


def tensor_json(tensor):
    """{"shape", "data"}: the elements in row-major order, rounded to float32."""
    flat = tensor.detach().reshape(-1).numpy()
    return {"shape": list(tensor.shape), "data": float32_json(flat)}


def numbers(tensor):
    return float32_json(tensor.detach().numpy())


def sample(tensor, count=8):
    """A fingerprint: values at evenly spread flat indices, the mean and the L2 norm over all elements."""
    flat = tensor.detach().reshape(-1)
    index = [position * (len(flat) - 1) // (count - 1) for position in range(count)]
    return {
        "shape": list(tensor.shape),
        "index": index,
        "values": numbers(flat[index]),
        "mean": numbers(flat.mean()),
        "l2": numbers(flat.norm()),
    }


def gradient_json(name, gradient):
    flat = gradient.reshape(-1)
    if not flat.any():
        raise ValueError(f"{name}: an all-zero gradient tells nothing, choose another weight")
    return {"sum": numbers(flat.sum()), "l2": numbers(flat.norm()), "first": numbers(flat[:4])}


def write(name, document):
    """Writes a list with one element a line and an object with one key a line, so that a change shows as a diff."""
    if isinstance(document, list):
        lines, brackets = [compact(element) for element in document], "[]"
    else:
        lines, brackets = [f"{compact(key)}: {compact(value)}" for key, value in document.items()], "{}"
    text = f"{brackets[0]}\n" + ",\n".join(lines) + f"\n{brackets[1]}\n"
    if len(text) > MAX_BYTES:
        raise ValueError(f"{name} has {len(text)} bytes, more than {MAX_BYTES}: split it or shrink its shapes")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / name).write_text(text)
    print(f"{len(text):6d} bytes  {name}")


def compact(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


class Numbers:
    """Seeded numbers for one case, named after it, so that a new case leaves the others as they are."""

    def __init__(self, name):
        self.random = np.random.default_rng(zlib.crc32(name.encode()))

    def distinct(self, *shape, low=-3.0, high=3.0):
        """
        An even grid over the range in random order. All values differ, so that the gradient of a maximum is unique,
        and each is rounded to three decimals, which keeps the files short.
        """
        count = int(np.prod(shape))
        step = (high - low) / count
        grid = low + step * (np.arange(count) + 0.5)
        values = self.random.permutation(np.round(grid, 3)).astype(np.float32)
        if len(np.unique(values)) != count:
            raise ValueError(f"{shape} has too many elements for distinct values of three decimals")
        return torch.from_numpy(values.reshape(shape)).double()


# The formulas below are repeated by dev.graft's tests, bit for bit. tools/reference/README.md states them in words.


def formula_input(*shape):
    """x[i] = float32(((i * 7919) % 2003) / 2003 * 2 - 1) over the flat index i, in double up to the last cast."""
    index = np.arange(int(np.prod(shape)), dtype=np.int64)
    values = (index * 7919 % 2003).astype(np.float64) / 2003.0 * 2.0 - 1.0
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def formula_noise(name, count):
    """That many doubles in [-1, 1): MurmurHash3's 32-bit finaliser over (CRC-32 of the name) xor (i * golden ratio)."""
    hashed = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
    hashed ^= np.uint32(zlib.crc32(name.encode("utf-8")))
    hashed ^= hashed >> np.uint32(16)
    hashed *= np.uint32(0x85EBCA6B)
    hashed ^= hashed >> np.uint32(13)
    hashed *= np.uint32(0xC2B2AE35)
    hashed ^= hashed >> np.uint32(16)
    return hashed.astype(np.float64) / 2147483648.0 - 1.0


def formula_weight(name, shape, gain):
    """The formula weight of that name and shape, float32; the kind is read from the name's ending and the rank."""
    noise = formula_noise(name, int(np.prod(shape)))
    kind = name.rpartition(".")[2]
    if kind == "running_var":
        values = 1.0 + 0.5 * noise
    elif kind == "weight" and len(shape) >= 2:
        values = noise * (gain / np.sqrt(float(np.prod(shape[1:]))))
    elif kind == "weight":
        values = 1.0 + 0.1 * noise
    else:
        values = 0.1 * noise
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def load_formula_weights(model, gain):
    """Replaces every floating-point entry of the state_dict; counters (num_batches_tracked) stay as they are."""
    state = model.state_dict()
    for name, tensor in state.items():
        if tensor.is_floating_point():
            state[name] = formula_weight(name, tuple(tensor.shape), gain)
    model.load_state_dict(state)
    return model


def require_telling(model, picture):
    """
    Fails when the output would hardly change with the picture or with some weight, because a comparison of outputs
    would then miss mistakes there: too small a gain lets the biases drown the signal, too large a one saturates gates.
    """
    output = model(picture)
    change = (output - model(-picture)).abs().max() / output.abs().max()
    if change < 0.05:
        raise ValueError(f"the output changes by {change:.1e} with the picture: choose another gain")
    model.zero_grad()
    (output * formula_input(*output.shape)).sum().backward()
    for name, weight in model.named_parameters():
        effect = weight.grad.norm() * weight.detach().norm() / output.detach().norm()
        if effect < 1e-3:
            raise ValueError(f"{name} changes the output by {effect:.1e}: choose another gain")


def require_agreement(single, double):
    """The stored numbers come from a run in double; float32 must not be further off than a test may demand."""
    difference = (single.double() - double).abs().max().item()
    if difference > 2e-5 * max(1.0, double.abs().max().item()):
        raise ValueError(f"float32 and double differ by {difference}")
    return float(f"{difference:.1e}")
