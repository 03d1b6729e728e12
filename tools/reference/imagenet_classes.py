"""Writes the names of ImageNet's 1000 classes, one a line in the order of the logits, for dev.graft.zoo.ImageNet."""

from pathlib import Path

from torchvision.models._meta import _IMAGENET_CATEGORIES as CATEGORIES

TARGET = Path(__file__).parents[2] / "graft-zoo/src/main/resources/dev/graft/zoo/imagenet_classes.txt"

if len(CATEGORIES) != 1000:
    raise ValueError(f"expected 1000 classes, got {len(CATEGORIES)}")
TARGET.write_text("".join(f"{name}\n" for name in CATEGORIES))
