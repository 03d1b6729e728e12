"""What the peer scripts share: the pretrained network with a new head, and torchvision's usual preprocessing."""

import sys
from pathlib import Path

import torch
from torchvision import transforms
from torchvision.models import mobilenet_v3_small

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/reference"))
from gguf import read_gguf  # noqa: E402 (the path is needed first)

GGUF = ROOT / (
    "graft-zoo/src/main/npm/node_modules/@qvac/classification-ggml/weights/mobilenetv3_3class_v3_fp16.gguf"
)

PREPROCESSING = transforms.Compose(
    [
        transforms.Resize(256),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]
)


def network(classes):
    """MobileNetV3-Small with a linear head for that many classes, all weights random."""
    model = mobilenet_v3_small(num_classes=3)
    model.classifier[3] = torch.nn.Linear(model.classifier[3].in_features, classes)
    return model


def pretrained(gguf, classes):
    """The same with the weights of Graft's default backbone; the head is new."""
    model = mobilenet_v3_small(num_classes=3)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in read_gguf(gguf).items()})
    model.classifier[3] = torch.nn.Linear(model.classifier[3].in_features, classes)
    return model
