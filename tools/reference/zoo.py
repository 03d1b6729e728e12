"""
Writes zoo_*.json: torchvision's networks with formula weights, and zoo_state_dicts.json: the names, shapes and settings of
all their variants.
"""

import argparse
import zlib

import torch
from torch import nn
from torchvision import models

from common import formula_input, gradient_json, load_formula_weights, numbers, require_agreement, require_telling, sample, write
from zoo_networks import NETWORKS, OURS, VARIANTS


def outputs(model, modules, picture):
    """The outputs of modules by name, and the network's."""
    if modules is None:
        return model(picture), dict(model.outputs)
    found = {}
    hooks = [
        model.get_submodule(name).register_forward_hook(lambda module, _, out, name=name: found.update({name: out.clone()}))
        for name in modules
    ]
    logits = model(picture)
    for hook in hooks:
        hook.remove()
    return logits, found


def network(name):
    build, shape, gain, modules, gradients = NETWORKS[name]
    model = load_formula_weights(build().eval(), gain)
    with torch.no_grad():
        single = model(formula_input(*shape))
    model = model.double()
    picture = formula_input(*shape).double()
    require_telling(model, picture)
    model.zero_grad()
    logits, stages = outputs(model, modules, picture)
    (logits * formula_input(*logits.shape)).sum().backward()
    parameters = dict(model.named_parameters())
    return {
        "input_shape": list(shape),
        "gain": gain,
        "float32_difference": require_agreement(single, logits),
        "stages": {stage: sample(value) for stage, value in stages.items()},
        "logits": numbers(logits),
        "gradients": {weight: gradient_json(weight, parameters[weight].grad) for weight in gradients},
    }


def facts(model):
    """What a variant is by its state_dict and by the settings that no weight shows."""
    state = [(name, list(value.shape)) for name, value in model.state_dict().items() if value.is_floating_point()]
    lines = "".join(f"{name} {shape}\n" for name, shape in sorted(state))
    modules = list(model.modules())
    blocks = [m for m in modules if hasattr(m, "stochastic_depth") and getattr(m, "use_res_connect", True)]
    return {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "entries": len(state),
        "crc32": zlib.crc32(lines.encode()),
        "norms": [list(norm) for norm in {(m.eps, m.momentum) for m in modules if isinstance(m, nn.BatchNorm2d)}],
        "layer_norms": list({m.eps for m in modules if isinstance(m, nn.LayerNorm)}),
        "dropouts": [m.p for m in modules if isinstance(m, nn.Dropout) and m.p > 0],
        "depths": [m.stochastic_depth.p for m in blocks],
    }


def normalisation(name, preset):
    """The mean and deviation by which pixels are normalised, where the network does so once more too."""
    if name != "inception_v3":
        return list(preset.mean), list(preset.std)
    model = models.inception_v3(transform_input=True, init_weights=False)
    mean, std = (torch.tensor(values, dtype=torch.float64).view(1, 3, 1, 1) for values in (preset.mean, preset.std))
    low, high = (model._transform_input((pixel - mean) / std).flatten() for pixel in (0.0, 1.0))
    rounded = lambda values: [round(value, 9) for value in values.tolist()]
    return rounded(low / (low - high)), rounded(1 / (high - low))


# Files whose names had a wrong hash, as torchvision calls them from 0.15 on.
RENAMED = {
    "efficientnet_b0_rwightman-3dd342df.pth": "efficientnet_b0_rwightman-7f5810bc.pth",
    "efficientnet_b1_rwightman-533bc792.pth": "efficientnet_b1_rwightman-bac287d4.pth",
    "efficientnet_b2_rwightman-bcdf34b7.pth": "efficientnet_b2_rwightman-c35c1473.pth",
    "efficientnet_b3_rwightman-cf984f9c.pth": "efficientnet_b3_rwightman-b3899882.pth",
    "efficientnet_b4_rwightman-7eb33cd5.pth": "efficientnet_b4_rwightman-23ab8bcd.pth",
    "efficientnet_b5_lukemelas-b6417697.pth": "efficientnet_b5_lukemelas-1a07897c.pth",
    "efficientnet_b6_lukemelas-c76e70fd.pth": "efficientnet_b6_lukemelas-24a108a5.pth",
    "efficientnet_b7_lukemelas-dcc49843.pth": "efficientnet_b7_lukemelas-c5b4e57e.pth",
}


def published(name):
    """The files of weights that torchvision has for a network, and how it prepares pictures for them."""
    files = {}
    for weights in models.get_model_weights(name):
        # Not those without classifier, nor SWAG, which may not be used commercially.
        if not weights.name.startswith("IMAGENET1K_V"):
            continue
        preset = weights.transforms()
        mean, std = normalisation(name, preset)
        file = weights.url.rpartition("/")[2]
        files[RENAMED.get(file, file)] = {
            "network": name,
            "version": weights.name,
            "crop": preset.crop_size[0],
            "resize": preset.resize_size[0],
            "interpolation": preset.interpolation.value,
            "mean": mean,
            "std": std,
            "top1": weights.meta["_metrics"]["ImageNet-1K"]["acc@1"],
        }
    return files


def variant(name):
    # Inception's auxiliary classifier is part of no network of ours.
    options = {"aux_logits": False, "init_weights": False} if name == "inception_v3" else {}
    return getattr(models, name)(**options)


def state_dicts():
    variants = {OURS.get(name, name): facts(variant(name)) for name in VARIANTS}
    for width in (0.35, 1.4):
        variants[f"mobilenet_v2 x {width}"] = facts(models.mobilenet_v2(width_mult=width))
    return variants


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="some of the networks; without any, all and the variants")
    names = parser.parse_args().names
    torch.manual_seed(0)
    for name in names or NETWORKS:
        write(f"zoo_{name}.json", network(name))
    if not names:
        write("zoo_state_dicts.json", state_dicts())
        write("zoo_published.json", {file: facts for name in (*VARIANTS, "mobilenet_v3_small") for file, facts in published(name).items()})
