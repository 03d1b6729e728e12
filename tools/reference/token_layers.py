"""Writes layers_tokens.json: torch's and torchvision's layers of ConvNeXt and Vision Transformers, as layers.py does."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.stateless import functional_call
from torchvision.models.convnext import LayerNorm2d
from torchvision.models.vision_transformer import interpolate_embeddings

from common import Numbers, write
from layers import case, merge


def weighted(name, layer, config, shape, weights, forward):
    numbers = Numbers(name)
    drawn = {key: numbers.distinct(*sizes, low=-1, high=1) for key, sizes in weights.items()}
    return case(name, layer, config, [numbers.distinct(*shape)], forward, drawn)


def module(name, layer, config, shape, build, call=None):
    """A case of a torch module by the names of its parameters."""
    built = build.double()
    forward = lambda x, w, _: functional_call(built, w, (x[0],))
    weights = {key: tuple(value.shape) for key, value in built.state_dict().items()}
    return weighted(name, layer, config, shape, weights, call(built) if call else forward)


def normalizations():
    return [
        module(f"layer_norm_rank{len(shape)}", "LayerNormalization", {"epsilon": epsilon}, shape, build)
        for shape, epsilon, build in [
            ((3, 5), 1e-6, nn.LayerNorm(5, eps=1e-6)),
            ((2, 4, 6), 1e-3, nn.LayerNorm(6, eps=1e-3)),
            ((2, 5, 3, 4), 1e-6, LayerNorm2d(5, eps=1e-6)),
        ]
    ]


def attention(name, shape, heads):
    # Called with the same tensor as query, key and value.
    call = lambda built: lambda x, w, _: functional_call(built, w, (x[0],) * 3, {"need_weights": False})[0]
    build = nn.MultiheadAttention(shape[2], heads, batch_first=True)
    return module(name, "MultiHeadAttention", {"heads": heads}, shape, build, call)


def position_embedding(name, grid, side, size=3):
    def forward(inputs, weights, _):
        state = {"encoder.pos_embedding": weights[""]}
        # The sizes of picture and patch serve to count the tokens along a side.
        places = interpolate_embeddings(side, 1, state)["encoder.pos_embedding"]
        return inputs[0] + places

    weights = {"": (1, 1 + grid * grid, size)}
    return weighted(name, "PositionEmbedding", {"grid": grid}, (2, 1 + side * side, size), weights, forward)


def tokens():
    shape = (2, 3, 4, 5)
    return [
        module("dense_tokens", "Dense", {"units": 4, "use_bias": True}, (2, 3, 6), nn.Linear(6, 4)),
        weighted(
            "pixel_dense",
            "PixelDense",
            {"units": 4},
            shape,
            {"weight": (4, 3), "bias": (4,)},
            lambda x, w, _: F.linear(x[0].permute(0, 2, 3, 1), w["weight"], w["bias"]).permute(0, 3, 1, 2),
        ),
        weighted("layer_scale", "LayerScale", {"initial": 1e-6}, shape, {"": (3, 1, 1)}, lambda x, w, _: w[""] * x[0]),
        merge("tokens", "Tokens", [shape], lambda x: x[0].flatten(2).permute(0, 2, 1)),
        weighted(
            "class_token",
            "ClassToken",
            {},
            (2, 3, 4),
            {"": (1, 1, 4)},
            lambda x, w, _: torch.cat([w[""].expand(2, -1, -1), x[0]], 1),
        ),
        merge("first_token", "FirstToken", [(2, 3, 4)], lambda x: x[0][:, 0]),
        position_embedding("position_embedding", 3, 3),
        position_embedding("position_embedding_larger", 3, 5),
        position_embedding("position_embedding_smaller", 5, 3),
        position_embedding("position_embedding_single", 2, 1),
        attention("attention_one_head", (2, 3, 4), 1),
        attention("attention_three_heads", (2, 4, 6), 3),
    ]


if __name__ == "__main__":
    write("layers_tokens.json", normalizations() + tokens())
