"""
Writes mobilenet_v3_small_3class.json (the default backbone's own weights, with its original head) and
zoo_mobilenet_v3_small.json (the 1000-class network with formula weights), both from torchvision's network.
"""

import argparse
import copy

import torch
from torchvision.models import mobilenet_v3_small

from common import (
    ROOT,
    formula_input,
    formula_noise,
    formula_weight,
    gradient_json,
    load_formula_weights,
    numbers,
    require_agreement,
    require_telling,
    sample,
    write,
)
from gguf import read_gguf

PACKAGE = ROOT / "graft-zoo/src/main/npm/node_modules/@qvac/classification-ggml"
GGUF = PACKAGE / "weights/mobilenetv3_3class_v3_fp16.gguf"
INPUT_SHAPE = (2, 3, 224, 224)
FORMULA_GAIN = 2.5
GRADIENTS = [
    "features.0.0.weight",
    "features.0.1.weight",
    "features.0.1.bias",
    "features.1.block.0.0.weight",
    "features.5.block.2.fc1.weight",
    "features.5.block.2.fc2.bias",
    "features.6.block.1.0.weight",
    "features.12.0.weight",
    "classifier.0.weight",
    "classifier.3.weight",
    "classifier.3.bias",
]


def leading(rows):
    """For features of each picture: the first 16 and the sum of all."""
    return [{"size": len(row), "first": numbers(row[:16]), "sum": numbers(row.sum())} for row in rows]


def three_classes(path):
    model = mobilenet_v3_small(num_classes=3).eval()
    # strict: only num_batches_tracked is absent from the file, which torch fills in for checkpoints of that age.
    model.load_state_dict({name: torch.from_numpy(array) for name, array in read_gguf(path).items()})
    with torch.no_grad():
        single = model(formula_input(*INPUT_SHAPE))
    exact = copy.deepcopy(model).double()
    stages, hidden = [], formula_input(*INPUT_SHAPE).double()
    for stage in exact.features:
        hidden = stage(hidden)
        stages.append(hidden)
    pooled = exact.avgpool(hidden).flatten(1)
    features = exact.classifier[1](exact.classifier[0](pooled))
    logits = exact.classifier[3](exact.classifier[2](features))
    grad_logits = torch.tensor([[0.5, -1.0, 0.25], [-0.75, 0.5, 1.0]], dtype=torch.float64)
    (logits * grad_logits).sum().backward()
    gradients = {name: parameter.grad for name, parameter in exact.named_parameters() if name in GRADIENTS}
    return {
        "input_shape": list(INPUT_SHAPE),
        "logits": numbers(logits),
        "float32_difference": require_agreement(single, logits),
        "stages": {f"features.{position}": sample(stage) for position, stage in enumerate(stages)},
        "pooled": leading(pooled),
        "features": leading(features),
        "grad_logits": numbers(grad_logits),
        "gradients": {name: gradient_json(name, gradients[name]) for name in GRADIENTS},
        "state_dict": [[name, list(tensor.shape)] for name, tensor in model.state_dict().items()],
    }


def formula():
    model = load_formula_weights(mobilenet_v3_small().eval(), FORMULA_GAIN)
    picture = formula_input(*INPUT_SHAPE)
    with torch.no_grad():
        single = model(picture)
        logits = model.double()(picture.double())
    require_telling(model, picture.double())
    samples = ["features.0.0.weight", "features.0.1.weight", "features.0.1.running_var", "classifier.3.bias"]
    state = model.state_dict()
    weights = {name: formula_weight(name, tuple(state[name].shape), FORMULA_GAIN).reshape(-1) for name in samples}
    return {
        "input_shape": list(INPUT_SHAPE),
        "gain": FORMULA_GAIN,
        "noise_samples": {name: formula_noise(name, 4).tolist() for name in samples},
        "weight_samples": {name: numbers(weight[:4]) for name, weight in weights.items()},
        "input_first": numbers(formula_input(8)),
        "float32_difference": require_agreement(single, logits),
        "logits": numbers(logits),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", default=GGUF, help="the default backbone's file (fetched by the Maven build)")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    write("mobilenet_v3_small_3class.json", three_classes(arguments.gguf))
    write("zoo_mobilenet_v3_small.json", formula())
