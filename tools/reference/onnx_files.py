#!/usr/bin/env python3
"""Writes small networks as ONNX files that Graft did not write, and what they give. Needs torch 1.13.

    python3 tools/reference/onnx_files.py

tiny_9.onnx to tiny_16.onnx are one network in several versions of ONNX's operators: convolutions, batch normalisation
(folded by the exporter), ReLU6, a residual sum, two dense layers. Its weights are by the formula of common.py. fixed.onnx
is exported for one picture, with that number in a Reshape. reference/onnx_files.json holds what torch gives for the picture of the
formula: at named values, and at the end.
"""

from pathlib import Path

import torch
from common import float32_json, formula_input, load_formula_weights, write

OUT = Path(__file__).parents[2] / "graft-runtime/src/fixtures/resources/dev/graft/onnx"
SIZE = 16


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(8)
        self.conv2 = torch.nn.Conv2d(8, 8, 3, padding=1, groups=4)
        self.fc1 = torch.nn.Linear(8, 6)
        self.fc2 = torch.nn.Linear(6, 4)

    def forward(self, x):
        x = torch.nn.functional.relu6(self.bn1(self.conv1(x)))
        x = x + self.conv2(x)
        self.map = x
        x = torch.flatten(torch.nn.functional.adaptive_avg_pool2d(x, 1), 1)
        self.pooled = x
        x = torch.relu(self.fc1(x))
        self.features = x
        return torch.softmax(self.fc2(x), 1)


class Fixed(Tiny):
    def forward(self, x):
        x = torch.relu(self.conv1(x))
        return self.fc1(x.view(int(x.shape[0]), 8, -1).mean(2))


def export(module, picture, name, opset, axes):
    torch.onnx.export(
        module, picture, str(OUT / name), opset_version=opset, input_names=["x"], output_names=["y"], dynamic_axes=axes
    )
    print(f"{(OUT / name).stat().st_size:6d} bytes  {name}")


if __name__ == "__main__":
    picture = formula_input(1, 3, SIZE, SIZE)
    tiny, fixed = load_formula_weights(Tiny(), 2.0).eval(), load_formula_weights(Fixed(), 2.0).eval()
    with torch.no_grad():
        output = tiny(picture)
        expected = {
            "map_means": tiny.map.mean((2, 3)),
            "pooled": tiny.pooled,
            "features": tiny.features,
            "output": output,
            "fixed": torch.relu(fixed.conv1(picture)).mean((2, 3)),
        }
    for opset in (9, 11, 13, 16):
        export(tiny, picture, f"tiny_{opset}.onnx", opset, {"x": {0: "n"}})
    export(fixed, picture, "fixed.onnx", 13, None)
    write("onnx_files.json", {name: float32_json(value.flatten()) for name, value in expected.items()})
