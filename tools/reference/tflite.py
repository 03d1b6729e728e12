#!/usr/bin/env python3
"""Writes the small TensorFlow Lite files that the tests read, and what their tensors stand for.

    python3 tools/reference/tflite.py

Needs PyPI's flatbuffers; and tensorflow for tiny_{float,half,int8}.tflite, which its converter writes and its interpreter
reads: without it only tiny_uint8.tflite is made, laid out by hand as the converter of 2018 did it (names of old graphs,
codes of operators in one byte, one scale a tensor). Element i of the weight at place t of that file is the byte
(37 i + 11 + t) mod 101; biases are 1000 times that.

tflite.json has the floats of the other files' constants in torch's layout, restated with numpy.
"""

import json
from pathlib import Path

import flatbuffers
import numpy as np

RESOURCES = Path(__file__).resolve().parents[2] / "graft-runtime/src/fixtures/resources"
OUT = RESOURCES / "dev/graft/weights"
UINT8, INT32 = 3, 2
CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED = 3, 4, 9
# Name, sizes, type, scale, zero point, operator that takes it for its kernel.
WEIGHTS = [
    ("Net/conv/weights_quant/FakeQuantWithMinMaxVars", (4, 3, 2, 3), UINT8, 0.044160082936286926, 131, CONV_2D),
    ("Net/conv/Conv2D_Fold_bias", (4,), INT32, 0.0003450006479397416, 0, None),
    ("Net/depthwise/weights_quant/FakeQuantWithMinMaxVars", (1, 2, 3, 8), UINT8, 0.25, 0, DEPTHWISE_CONV_2D),
    ("Net/fc/weights_quant/FakeQuantWithMinMaxVars", (3, 8), UINT8, 0.011490139178931713, 255, FULLY_CONNECTED),
    ("Net/reshape/shape", (2,), INT32, None, 0, None),
]


def content(weight, t):
    _, shape, kind, *_ = weight
    numbers = (37 * np.arange(int(np.prod(shape)), dtype=np.int64) + 11 + t) % 101
    return numbers.astype("u1") if kind == UINT8 else (1000 * numbers).astype("<i4")


def table(builder, count, **fields):
    """A table of `count` fields; `fields` are f0=(how to prepend it, value), and so on."""
    builder.StartObject(count)
    for field, (kind, value) in fields.items():
        if kind == "offset":
            builder.PrependUOffsetTRelativeSlot(int(field[1:]), value, 0)
        else:
            getattr(builder, f"Prepend{kind}Slot")(int(field[1:]), value, 0)
    return builder.EndObject()


def tables(builder, offsets):
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return builder.EndVector()


def by_hand(weights=WEIGHTS, shared=False):
    """:param shared: whether all tensors name the first buffer"""
    b = flatbuffers.Builder(0)
    numbers = lambda values, dtype: b.CreateNumpyVector(np.array(values, dtype))
    buffers = [table(b, 1)]
    tensors = []
    for t, (name, shape, kind, scale, zero, _) in enumerate(weights):
        if t == 0 or not shared:
            buffers.append(table(b, 1, f0=("offset", b.CreateNumpyVector(content(weights[t], t).view("u1")))))
        quantization = None
        if scale is not None:
            scale, zero = np.atleast_1d(scale), np.atleast_1d(zero)
            scales, zeros = numbers(scale, "<f4"), numbers(zero, "<i8")
            quantization = table(b, 7, f2=("offset", scales), f3=("offset", zeros))
        text, sizes = b.CreateString(name), numbers(shape, "<i4")
        fields = {"f0": ("offset", sizes), "f1": ("Int8", kind), "f2": ("Uint32", 1 if shared else t + 1), "f3": ("offset", text)}
        if quantization is not None:
            fields["f4"] = ("offset", quantization)
        tensors.append(table(b, 5, **fields))
    text, sizes = b.CreateString("input"), numbers([1, 8, 8, 3], "<i4")
    tensors.append(table(b, 5, f0=("offset", sizes), f1=("Int8", UINT8), f3=("offset", text)))
    codes = sorted({w[5] for w in weights if w[5]})
    operators = []
    for t, weight in enumerate(weights):
        if weight[5]:
            inputs, outputs = numbers([len(weights), t, 1], "<i4"), numbers([len(weights)], "<i4")
            index = codes.index(weight[5])
            operators.append(table(b, 3, f0=("Uint32", index), f1=("offset", inputs), f2=("offset", outputs)))
    graph = table(b, 4, f0=("offset", tables(b, tensors)), f3=("offset", tables(b, operators)))
    codes = tables(b, [table(b, 3, f0=("Int8", code)) for code in codes])
    graphs, buffers = tables(b, [graph]), tables(b, buffers)
    model = table(b, 5, f0=("Uint32", 3), f1=("offset", codes), f2=("offset", graphs), f4=("offset", buffers))
    b.Finish(model, file_identifier=b"TFL3")
    return bytes(b.Output())


def hostile():
    kernel = WEIGHTS[0]
    yield "twice", by_hand([kernel, kernel])
    yield "shared", by_hand([(f"{i}", (40, 5, 5), UINT8, 0.5, 0, None) for i in range(8)], shared=True)
    yield "scales", by_hand([(*kernel[:3], [0.5, 0.25, 0.125], [0, 0, 0], CONV_2D)])
    yield "zeros", by_hand([(*kernel[:3], [0.5] * 4, [0, 0], CONV_2D)])
    yield "infinite", by_hand([(*kernel[:3], np.inf, 0, CONV_2D)])
    yield "axes", by_hand([("kernel", (4, 3), UINT8, 0.5, 0, DEPTHWISE_CONV_2D)])
    yield "sizes", by_hand([kernel, ("large", (1 << 30, 1 << 30), UINT8, 0.5, 0, None)], shared=True)


def converted(tf):
    """The same small network as floats, with kernels of half precision, and with signed bytes and a scale a filter."""
    tf.keras.utils.set_random_seed(1)
    network = tf.keras.Sequential(
        [
            tf.keras.layers.Input((6, 6, 3), batch_size=1),
            tf.keras.layers.Conv2D(4, (3, 2), bias_initializer="normal", activation="relu"),
            tf.keras.layers.DepthwiseConv2D((2, 3), depth_multiplier=2, bias_initializer="normal"),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(3, bias_initializer="normal"),
        ]
    )
    random = np.random.default_rng(1)
    for kind in ("float", "half", "int8"):
        converter = tf.lite.TFLiteConverter.from_keras_model(network)
        if kind != "float":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if kind == "half":
            converter.target_spec.supported_types = [tf.float16]
        if kind == "int8":
            pictures = random.uniform(-1, 1, (20, 1, 6, 6, 3)).astype(np.float32)
            converter.representative_dataset = lambda: ([picture] for picture in pictures)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        yield f"tiny_{kind}.tflite", converter.convert()


def restated(tf, model):
    """Every constant as floats in torch's layout: a scale for the whole tensor or along one axis."""
    interpreter = tf.lite.Interpreter(
        model_content=model, experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF
    )
    operators = interpreter._get_ops_details()
    computed = {int(out) for operator in operators for out in operator["outputs"]}
    computed |= {int(place["index"]) for place in interpreter.get_input_details()}
    widened = {o["outputs"][0]: o["inputs"][0] for o in operators if o["op_name"] == "DEQUANTIZE"}
    axes = {}
    for operator in operators:
        order = {"CONV_2D": (0, 3, 1, 2), "DEPTHWISE_CONV_2D": (3, 0, 1, 2)}.get(operator["op_name"])
        if order:
            kernel = operator["inputs"][1]
            axes[widened.get(kernel, kernel)] = order
    constants = {}
    for tensor in interpreter.get_tensor_details():
        if tensor["index"] in computed or not tensor["name"]:
            continue
        try:
            numbers = interpreter.get_tensor(tensor["index"])
        except ValueError:
            continue
        parameters = tensor["quantization_parameters"]
        scales = parameters["scales"].astype(np.float64)
        if len(scales):
            shape = [1] * numbers.ndim
            if len(scales) > 1:
                shape[parameters["quantized_dimension"]] = len(scales)
            zeros = parameters["zero_points"].astype(np.int64)
            floats = (numbers.astype(np.int64) - zeros.reshape(shape)) * scales.reshape(shape)
        elif numbers.dtype in (np.float32, np.float16):
            floats = numbers
        else:
            constants[tensor["name"]] = {"type": str(numbers.dtype)}
            continue
        floats = floats.astype(np.float32)
        if tensor["index"] in axes:
            floats = floats.transpose(axes[tensor["index"]])
        data = [float(str(number)) for number in floats.reshape(-1)]
        constants[tensor["name"]] = {"type": str(numbers.dtype), "shape": list(floats.shape), "data": data}
    return constants


if __name__ == "__main__":
    (OUT / "tiny_uint8.tflite").write_bytes(by_hand())
    for name, file in hostile():
        (OUT / f"hostile_{name}.tflite").write_bytes(file)
    try:
        import tensorflow as tf
    except ImportError as missing:
        raise SystemExit(f"without the converter's files: {missing}")
    expected = {}
    for name, model in converted(tf):
        (OUT / name).write_bytes(model)
        expected[name] = restated(tf, model)
        print(len(model), name, {key: value.get("shape") for key, value in expected[name].items()})
    lines = [f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in expected.items()]
    (RESOURCES / "reference/tflite.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
