"""Classifies one picture with a state that pytorch_recipe.py saved: what `graft predict` does, as a whole process."""

import argparse

import torch
from PIL import Image

from recipe import PREPROCESSING, network


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", help="written by pytorch_recipe.py --save")
    parser.add_argument("image")
    arguments = parser.parse_args()
    saved = torch.load(arguments.state)
    model = network(len(saved["classes"]))
    model.load_state_dict(saved["state"])
    model.eval()
    with Image.open(arguments.image) as image, torch.inference_mode():
        probabilities = model(PREPROCESSING(image.convert("RGB")).unsqueeze(0)).softmax(1)[0]
    for name, probability in sorted(zip(saved["classes"], probabilities.tolist()), key=lambda pair: -pair[1]):
        print(f"{name}  {probability:.4f}")


if __name__ == "__main__":
    main()
