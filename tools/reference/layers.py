"""Writes layers_*.json: what torch gives for every layer, forward and backward. The format is in README.md here."""

import torch
import torch.nn.functional as F
from torch.nn.utils.stateless import functional_call
from torchvision.ops import SqueezeExcitation

from common import Numbers, tensor_json, write


def case(name, layer, config, inputs, forward, weights=None, buffers=None, training=False):
    """One case. forward(inputs, weights, buffers) runs in double, so the stored float32 numbers are exact."""
    inputs = [tensor.requires_grad_() for tensor in inputs]
    weights = {key: tensor.requires_grad_() for key, tensor in (weights or {}).items()}
    buffers = buffers or {}
    result = {
        "name": name,
        "layer": layer,
        "config": config,
        "training": training,
        "inputs": [tensor_json(tensor) for tensor in inputs],
        "weights": {key: tensor_json(tensor) for key, tensor in weights.items()},
        "buffers": {key: tensor_json(tensor) for key, tensor in buffers.items()},
    }
    output = forward(inputs, weights, buffers)
    grad_output = Numbers(name + "/grad_output").distinct(*output.shape, low=-1, high=1)
    (output * grad_output).sum().backward()
    result["output"] = tensor_json(output)
    result["grad_output"] = tensor_json(grad_output)
    result["input_grads"] = [tensor_json(tensor.grad) for tensor in inputs]
    result["weight_grads"] = {key: tensor_json(tensor.grad) for key, tensor in weights.items()}
    result["new_buffers"] = {key: tensor_json(tensor) for key, tensor in buffers.items()}
    return result


def padding_json(top, bottom, left, right):
    return {"top": top, "bottom": bottom, "left": left, "right": right}


def conv2d(name, shape, filters, kernel, stride=1, padding=(0, 0, 0, 0), dilation=1, groups=1, bias=True):
    numbers = Numbers(name)
    config = {
        "filters": filters,
        "kernel_size": list(kernel),
        "strides": [stride, stride],
        "padding": padding_json(*padding),
        "dilation": [dilation, dilation],
        "groups": groups,
        "use_bias": bias,
    }
    weights = {"weight": numbers.distinct(filters, shape[1] // groups, *kernel, low=-0.5, high=0.5)}
    if bias:
        weights["bias"] = numbers.distinct(filters, low=-0.5, high=0.5)
    top, bottom, left, right = padding

    def forward(inputs, weights, _):
        padded = F.pad(inputs[0], (left, right, top, bottom))
        return F.conv2d(padded, weights["weight"], weights.get("bias"), stride, 0, dilation, groups)

    return case("conv2d_" + name, "Conv2D", config, [numbers.distinct(*shape)], forward, weights)


def convolutions():
    one = (1, 1, 1, 1)
    return [
        conv2d("plain_bias", (2, 3, 5, 4), 4, (3, 3)),
        conv2d("stride2_padding1", (2, 3, 7, 6), 3, (3, 3), stride=2, padding=one, bias=False),
        conv2d("groups2_stride2", (2, 4, 5, 6), 6, (3, 3), stride=2, padding=one, groups=2),
        conv2d("depthwise", (2, 3, 5, 4), 3, (3, 3), padding=one, groups=3, bias=False),
        conv2d("depthwise_multiplier2", (1, 3, 5, 4), 6, (3, 3), padding=one, groups=3),
        conv2d("dilation2", (1, 3, 7, 6), 2, (3, 3), padding=(2, 2, 2, 2), dilation=2),
        conv2d("pointwise", (2, 4, 3, 5), 5, (1, 1), bias=False),
        conv2d("pointwise_stride2", (1, 4, 5, 6), 3, (1, 1), stride=2, bias=False),
        conv2d("kernel_3x5", (1, 3, 4, 7), 3, (3, 5), padding=(1, 1, 2, 2)),
        # TensorFlow's SAME at stride 2 on an even size: nothing above and to the left, one below and to the right.
        conv2d("tensorflow_same_stride2", (2, 3, 4, 6), 4, (3, 3), stride=2, padding=(0, 1, 0, 1), bias=False),
    ]


def separable_conv2d(name, shape, filters, kernel, stride=1, padding=(0, 0, 0, 0), bias=False):
    numbers = Numbers(name)
    config = {
        "filters": filters,
        "kernel_size": [kernel, kernel],
        "strides": [stride, stride],
        "padding": padding_json(*padding),
        "use_bias": bias,
    }
    weights = {
        "depthwise.weight": numbers.distinct(shape[1], 1, kernel, kernel, low=-0.5, high=0.5),
        "pointwise.weight": numbers.distinct(filters, shape[1], 1, 1, low=-0.5, high=0.5),
    }
    if bias:
        weights["pointwise.bias"] = numbers.distinct(filters, low=-0.5, high=0.5)
    top, bottom, left, right = padding

    def forward(inputs, weights, _):
        padded = F.pad(inputs[0], (left, right, top, bottom))
        alone = F.conv2d(padded, weights["depthwise.weight"], None, stride, groups=shape[1])
        return F.conv2d(alone, weights["pointwise.weight"], weights.get("pointwise.bias"))

    return case("separable_" + name, "SeparableConv2D", config, [numbers.distinct(*shape)], forward, weights)


def separable_convolutions():
    return [
        separable_conv2d("conv2d", (2, 3, 5, 4), 4, 3, padding=(1, 1, 1, 1)),
        separable_conv2d("conv2d_stride2_bias", (2, 4, 7, 6), 3, 5, stride=2, padding=(2, 2, 1, 2), bias=True),
    ]


def batch_normalization(name, shape, eps, training, momentum=0.1):
    numbers = Numbers(name)
    channels = shape[1]
    weights = {
        "weight": numbers.distinct(channels, low=0.5, high=1.5),
        "bias": numbers.distinct(channels, low=-0.5, high=0.5),
    }
    buffers = {
        "running_mean": numbers.distinct(channels, low=-1, high=1),
        "running_var": numbers.distinct(channels, low=0.2, high=3),
    }

    def forward(inputs, weights, buffers):
        mean, variance = buffers["running_mean"], buffers["running_var"]
        return F.batch_norm(inputs[0], mean, variance, weights["weight"], weights["bias"], training, momentum, eps)

    config = {"momentum": momentum, "epsilon": eps}
    inputs = [numbers.distinct(*shape)]
    return case("batch_norm_" + name, "BatchNormalization", config, inputs, forward, weights, buffers, training)


def affine_per_channel(name, layer, config, low, high, forward):
    inputs = [Numbers(name).distinct(2, 3, 4, 5, low=low, high=high)]
    return case(name, layer, config, inputs, forward)


def normalizations():
    mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    column = lambda values: torch.tensor(values, dtype=torch.float64).view(1, 3, 1, 1)
    return [
        batch_normalization("inference_eps1e-3", (2, 4, 5, 6), 1e-3, training=False),
        batch_normalization("inference_eps1e-5", (2, 3, 4, 5), 1e-5, training=False),
        batch_normalization("training_eps1e-3", (2, 4, 5, 6), 1e-3, training=True),
        batch_normalization("training_eps1e-5", (3, 3, 4, 5), 1e-5, training=True),
        batch_normalization("training_momentum0.01", (2, 3, 2, 3), 1e-5, training=True, momentum=0.01),
        affine_per_channel(
            "rescaling", "Rescaling", {"scale": 1 / 127.5, "offset": -1.0}, 0, 255, lambda x, *_: x[0] / 127.5 - 1
        ),
        affine_per_channel(
            "normalization",
            "Normalization",
            {"mean": mean, "std": std},
            0,
            1,
            lambda x, *_: (x[0] - column(mean)) / column(std),
        ),
    ]


ACTIVATIONS = {
    "relu": F.relu,
    "relu6": F.relu6,
    "hard_sigmoid": F.hardsigmoid,
    "hard_swish": F.hardswish,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "silu": F.silu,
    "gelu": F.gelu,
}


def activations():
    # The range passes every bend (0, -3, 3, 6) and the even count keeps the grid off them, where slopes are a choice.
    cases = [
        case(
            "activation_" + name,
            "Activation",
            {"activation": name},
            [Numbers(name).distinct(2, 3, 5, 4, low=-8.05, high=8.05)],
            lambda x, *_, function=function: function(x[0]),
        )
        for name, function in ACTIVATIONS.items()
    ]
    for shape in [(3, 5), (2, 4, 3, 2)]:
        name = f"activation_softmax_rank{len(shape)}"
        config = {"activation": "softmax", "axis": 1}
        cases.append(
            case(name, "Activation", config, [Numbers(name).distinct(*shape)], lambda x, *_: F.softmax(x[0], 1))
        )
    return cases


def pooling(name, layer, shape, function, size=None, stride=None, padding=0, **settings):
    config = dict(settings)
    if size:
        config = {
            "pool_size": [size, size],
            "strides": [stride, stride],
            "padding": padding_json(padding, padding, padding, padding),
            **settings,
        }
    return case(name, layer, config, [Numbers(name).distinct(*shape)], lambda x, *_: function(x[0]))


def poolings():
    average = "AveragePooling2D"
    shape = (2, 3, 7, 6)
    return [
        pooling("max_3_2_1", "MaxPooling2D", shape, lambda x: F.max_pool2d(x, 3, 2, 1), 3, 2, 1),
        pooling("max_2_2", "MaxPooling2D", shape, lambda x: F.max_pool2d(x, 2, 2), 2, 2),
        pooling("average_2_2", average, shape, lambda x: F.avg_pool2d(x, 2, 2), 2, 2, count_include_pad=True),
        *[
            pooling(
                f"average_3_2_1_{'including' if include else 'excluding'}_pad",
                average,
                shape,
                lambda x, include=include: F.avg_pool2d(x, 3, 2, 1, count_include_pad=include),
                3,
                2,
                1,
                count_include_pad=include,
            )
            for include in (True, False)
        ],
        *[
            pooling(
                f"adaptive_{height}x{width}",
                "AdaptiveAveragePooling2D",
                (2, 3, 6, 5),
                lambda x, size=(height, width): F.adaptive_avg_pool2d(x, size),
                output_size=[height, width],
            )
            # Windows side by side, overlapping, repeated and the picture as it is.
            for height, width in [(3, 5), (4, 3), (9, 7), (6, 5), (1, 1)]
        ],
        *[
            pooling(
                f"global_{kind}{'_keepdims' if keep else ''}",
                f"Global{kind.capitalize()}Pooling2D",
                (2, 3, 4, 5),
                lambda x, reduce=reduce, keep=keep: reduce(x, dim=(2, 3), keepdim=keep),
                keepdims=keep,
            )
            for kind, reduce in (("average", torch.mean), ("max", torch.amax))
            for keep in (False, True)
        ],
    ]


def dense(bias):
    name = "dense_bias" if bias else "dense_no_bias"
    numbers = Numbers(name)
    weights = {"weight": numbers.distinct(4, 6, low=-0.5, high=0.5)}
    if bias:
        weights["bias"] = numbers.distinct(4, low=-0.5, high=0.5)
    config = {"units": 4, "use_bias": bias}
    inputs = [numbers.distinct(3, 6)]
    return case(name, "Dense", config, inputs, lambda x, w, _: F.linear(x[0], w["weight"], w.get("bias")), weights)


def merge(name, layer, shapes, function, **config):
    numbers = Numbers(name)
    return case(name, layer, config, [numbers.distinct(*shape) for shape in shapes], lambda x, *_: function(x))


def require_distance(block, weights, x):
    """Fails when a number inside the block is so near to a bend that float32 might take the other slope."""
    before = lambda name: F.conv2d(hidden, weights[f"{name}.weight"], weights[f"{name}.bias"])
    hidden = x.mean((2, 3), keepdim=True)
    for name, bends in (("fc1", [0]), ("fc2", [-3, 3])):
        value = before(name)
        if min((value - bend).abs().min() for bend in bends) < 1e-3:
            raise ValueError(f"{name}: a number next to a bend, choose other weights")
        hidden = value.relu()


def squeeze_excite():
    name, channels, squeezed = "squeeze_excite", 6, 3
    numbers = Numbers(name)
    block = SqueezeExcitation(channels, squeezed, scale_activation=torch.nn.Hardsigmoid).double()
    weights = {key: numbers.distinct(*value.shape, low=-0.7, high=0.7) for key, value in block.state_dict().items()}
    config = {"squeezed": squeezed, "activation": "relu", "scale_activation": "hard_sigmoid"}
    inputs = [numbers.distinct(2, channels, 3, 4)]
    require_distance(block, weights, inputs[0])
    return case(name, "SqueezeExcite", config, inputs, lambda x, w, _: functional_call(block, w, (x[0],)), weights)


def core():
    shape = (2, 3, 4, 5)
    return [
        merge("flatten", "Flatten", [shape], lambda x: torch.flatten(x[0], 1)),
        dense(bias=True),
        dense(bias=False),
        merge("add_two", "Add", [shape, shape], sum),
        merge("add_three", "Add", [(2, 3, 2, 3)] * 3, sum),
        merge("multiply_same_shape", "Multiply", [shape, shape], lambda x: x[0] * x[1]),
        merge("multiply_per_channel", "Multiply", [shape, (2, 3, 1, 1)], lambda x: x[0] * x[1]),
        merge("concatenate_channels", "Concatenate", [shape, (2, 2, 4, 5)], lambda x: torch.cat(x, 1), axis=1),
        squeeze_excite(),
    ]


if __name__ == "__main__":
    write("layers_conv.json", convolutions())
    write("layers_separable.json", separable_convolutions())
    write("layers_norm.json", normalizations())
    write("layers_activation.json", activations())
    write("layers_pooling.json", poolings())
    write("layers_core.json", core())
