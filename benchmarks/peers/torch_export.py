#!/usr/bin/env python3
"""Exports torchvision's networks with fresh weights by torch's own exporter: NAME.onnx in the folder given, and
the state dict of ResNet-50, resnet50.pth."""
import sys
from pathlib import Path

import torch
import torchvision

NAMES = ["resnet50", "mobilenet_v2", "mobilenet_v3_small"]

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
torch.manual_seed(0)
for name in NAMES:
    torch.onnx.export(
        getattr(torchvision.models, name)(weights=None).eval(),
        torch.zeros(1, 3, 224, 224),
        str(folder / f"{name}.onnx"),
        opset_version=14,
        do_constant_folding=True,
        input_names=["input"],
        output_names=["logits"],
        dynamic_axes={"input": {0: "N"}, "logits": {0: "N"}},
    )
torch.save(torchvision.models.resnet50(weights=None).state_dict(), folder / "resnet50.pth")
