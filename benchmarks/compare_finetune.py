#!/usr/bin/env python3
"""
Fine-tuning: seconds an epoch (training and validation) of `graft train` and of PyTorch, with the last stages unfrozen and
with everything unfrozen. Processes run in turn; of each the fastest epoch counts, which leaves out what is done once. What
Graft does once before the epochs, running the frozen layers over all pictures, has a column of its own.
"""

import argparse
import shutil
import statistics
from dataclasses import dataclass
from pathlib import Path

from measure import PEERS, SHARED, folder_argument, graft, print_machine, read_all, read_json, require, run, scratch

GRAFT, TORCH, CHANNELS_LAST = "graft", "PyTorch", "PyTorch, channels_last"
STAGES = {"mobilenet_v3_small": "features.9", "mobilenet_v2": "features.14", "resnet18": "layer4", "resnet50": "layer4"}


@dataclass
class Epochs:
    seconds: float
    once: float = 0.0


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    folder_argument(parser, "--train", SHARED / "data/cats_dogs/train")
    folder_argument(parser, "--val", SHARED / "data/cats_dogs/test")
    parser.add_argument("--model", default="mobilenet_v3_small", choices=STAGES, help="default: %(default)s")
    parser.add_argument("--unfreeze", nargs="+", help="default: the last stages, then all")
    parser.add_argument("--pictures", type=int, help="only so many of each class, and a quarter of that to validate on")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--graft-arg", action="append", default=[], help="one more argument for graft train")
    parser.add_argument("--peer-arg", action="append", default=[], help="one more argument for pytorch_finetune.py")
    parser.add_argument("--peer-python", default="/usr/bin/python3", help="a Python that has torch and torchvision")
    return parser.parse_args()


def few(folder, count, target):
    for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
        (target / kind.name).mkdir(parents=True)
        for picture in sorted(kind.iterdir())[:count]:
            shutil.copy(picture, target / kind.name)
    return target


def graft_epochs(arguments, stage, weights):
    with scratch() as temporary:
        run(
            graft(
                "train",
                arguments.train,
                *("--val", arguments.val, "--model", arguments.model, "--epochs", 1, "--batch", arguments.batch),
                *("--fine-tune-epochs", arguments.epochs, "--fine-tune-lr", 1e-5, "--unfreeze", stage),
                *("--views", 1, "--patience", arguments.epochs, "--layer-decay", 1),
                *("--cache", temporary / "cache", "--out", temporary / "model.graft", "--json", temporary / "json"),
                *(["--weights", weights] if weights else []),
                *arguments.graft_arg,
            )
        )
        result = read_json(temporary / "json")
        epochs = next(phase for phase in result["phases"] if phase["name"] == "fine-tune")["epochs"]
        once = result["timing"]["decode"] + result["timing"]["prefix"]
        return Epochs(min(epoch["seconds"] for epoch in epochs), once)


def torch_epochs(arguments, stage, weights, *extra):
    with scratch() as temporary:
        run(
            [
                *(arguments.peer_python, PEERS / "pytorch_finetune.py", arguments.train, arguments.val),
                *("--model", arguments.model, "--unfreeze", stage, "--epochs", arguments.epochs),
                *("--batch", arguments.batch, "--json", temporary / "json"),
                *(["--weights", weights] if weights else []),
                *extra,
                *arguments.peer_arg,
            ]
        )
        return Epochs(min(read_json(temporary / "json")["epochs"]))


CONTENDERS = {
    GRAFT: graft_epochs,
    TORCH: torch_epochs,
    CHANNELS_LAST: lambda *arguments: torch_epochs(*arguments, "--channels-last"),
}


def table(stage, results, pictures):
    print(f"\n{stage} unfrozen:\n")
    print("| | s an epoch | pictures a second | once, s | time against PyTorch | against channels_last |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, runs in results.items():
        seconds = [one.seconds for one in runs]
        middle = statistics.median(seconds)
        # Of runs in the same round, so that a machine that slows down slows both.
        ratios = [
            statistics.median(ours.seconds / theirs.seconds for ours, theirs in zip(runs, results[other]))
            for other in (TORCH, CHANNELS_LAST)
        ]
        once = statistics.median(one.once for one in runs)
        print(
            f"| {name} | {middle:.2f} ({min(seconds):.2f}–{max(seconds):.2f}) | {pictures / middle:.1f} "
            f"| {once:.2f} | {ratios[0]:.2f} | {ratios[1]:.2f} |"
        )


def compare(arguments, temporary):
    if arguments.pictures:
        arguments.train = few(arguments.train, arguments.pictures, temporary / "train")
        arguments.val = few(arguments.val, max(1, arguments.pictures // 4), temporary / "val")
    read_all(arguments.train, arguments.val)
    weights = None
    if arguments.model != "mobilenet_v3_small":
        weights = temporary / "weights.pth"
        run([arguments.peer_python, PEERS / "pytorch_finetune.py", "--model", arguments.model, "--make", weights])
    print("not measured: builds Graft if needed, unpacks its natives", flush=True)
    run(graft("warm-up", "--train"))
    pictures = sum(path.is_file() for path in Path(arguments.train).rglob("*"))
    for stage in arguments.unfreeze or [STAGES[arguments.model], "all"]:
        results = {name: [] for name in CONTENDERS}
        for number in range(1, arguments.rounds + 1):
            for name, epochs in CONTENDERS.items():
                results[name].append(epochs(arguments, stage, weights))
                print(f"round {number}: {stage} {name} {results[name][-1].seconds:.2f} s an epoch", flush=True)
        table(stage, results, pictures)


def main():
    arguments = parse()
    require(arguments.train, arguments.val)
    print_machine(arguments.peer_python)
    with scratch() as temporary:
        compare(arguments, temporary)


if __name__ == "__main__":
    main()
