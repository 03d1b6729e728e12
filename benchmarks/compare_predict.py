#!/usr/bin/env python3
"""Prediction of one picture, as whole processes run in turn: `graft predict`, and PyTorch with the same network."""

import argparse
from pathlib import Path

from measure import PEERS, SHARED, folder_argument, graft, print_machine, require, run, save, scratch, table

GRAFT, PEER = "graft predict", "PyTorch"


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    folder_argument(parser, "--image", SHARED / "data/cats_dogs/test/cat")
    folder_argument(parser, "--train", SHARED / "data/cats_dogs/train")
    folder_argument(parser, "--val", SHARED / "data/cats_dogs/test")
    parser.add_argument("--model", type=Path, help="a .graft file (default: one is trained first, on --train)")
    parser.add_argument("--state", type=Path, help="what pytorch_recipe.py --save wrote (default: trained first)")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--contenders", nargs="+", choices=["graft", "peer"], default=["graft", "peer"])
    parser.add_argument("--peer-python", default="/usr/bin/python3", help="a Python that has torch and torchvision")
    parser.add_argument("--json", help="where to write every single run")
    return parser.parse_args()


def graft_command(arguments, image, temporary):
    model = arguments.model
    if not model:
        model = temporary / "model.graft"
        settings = ["--epochs", 1, "--fine-tune-epochs", 0, "--cache", temporary / "cache"]
        run(graft("train", arguments.train, "--val", arguments.val, *settings, "--out", model))
    return graft("predict", model, image)


def peer_command(arguments, image, temporary):
    state = arguments.state
    if not state:
        state = temporary / "state.pt"
        script = PEERS / "pytorch_recipe.py"
        run([arguments.peer_python, script, arguments.train, arguments.val, "--epochs", 1, "--save", state])
    return [arguments.peer_python, PEERS / "predict_one.py", state, image]


def main():
    arguments = parse()
    require(arguments.image)
    image = arguments.image
    if image.is_dir():
        image = min(path for path in image.iterdir() if path.is_file() and not path.name.startswith("."))
    print_machine(arguments.peer_python if "peer" in arguments.contenders else None)
    with scratch() as temporary:
        commands = {}
        if "graft" in arguments.contenders:
            commands[GRAFT] = graft_command(arguments, image, temporary)
        if "peer" in arguments.contenders:
            commands[PEER] = peer_command(arguments, image, temporary)
        contenders = {name: [] for name in commands}
        for number in range(arguments.rounds + 1):
            for name, command in commands.items():
                log = temporary / f"{name}.log"
                measured = run(command, log)
                if number == 0:  # not measured: unpacks natives and brings the files into memory
                    print(f"{name} says:\n{log.read_text()}", flush=True)
                else:
                    contenders[name].append(measured)
    print(table(contenders, [PEER]))
    save(arguments.json, contenders)


if __name__ == "__main__":
    main()
