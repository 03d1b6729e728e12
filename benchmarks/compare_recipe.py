#!/usr/bin/env python3
"""
The default recipe of `graft train` against the usual one in PyTorch: the head alone for 10 epochs (Adam, 1e-3), then
everything unfrozen for 10 epochs (1e-5), the same backbone weights, the same pictures to learn from and to be tested on.
Both learn from the training folder alone, of which Graft keeps a fifth back to decide by; the test folder is looked at
once. Per set and seed the two run in turn.
"""

import argparse
import random
import shutil
import statistics
from dataclasses import dataclass
from pathlib import Path

from measure import PEERS, SHARED, graft, print_machine, read_all, read_json, require, run, scratch

DEMO = "demo"


@dataclass
class Trained:
    accuracy: float
    frozen: float
    epoch: float | None
    total: float


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", default=["cats_dogs", DEMO, "cifar10"], help="default: %(default)s")
    parser.add_argument("--demo", type=Path, default=Path.home() / ".graft/samples/emoji", help="after `graft demo`")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--graft-arg", action="append", default=[], help="one more argument for graft train")
    parser.add_argument("--peer-arg", action="append", default=[], help="one more argument for pytorch_recipe.py")
    parser.add_argument("--peer-python", default="/usr/bin/python3", help="a Python that has torch and torchvision")
    return parser.parse_args()


def parted(pictures, target):
    """A folder of classes as train and test folders: a quarter of each class is to test on."""
    drawn = random.Random(0)
    for kind in sorted(path for path in pictures.iterdir() if path.is_dir()):
        files = sorted(kind.iterdir())
        drawn.shuffle(files)
        for index, file in enumerate(files):
            folder = target / ("test" if index < len(files) // 4 else "train") / kind.name
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / file.name)
    return target


def ours(arguments, folder, seed):
    with scratch() as temporary:
        run(
            graft(
                *("train", folder / "train", "--test", folder / "test", "--seed", seed),
                *("--cache", temporary / "cache", "--out", temporary / "model.graft", "--json", temporary / "json"),
                *arguments.graft_arg,
            )
        )
        result = read_json(temporary / "json")
        epochs = [epoch["seconds"] for phase in result["phases"][1:] for epoch in phase["epochs"]]
        timing = result["timing"]
        accuracy = result["test"]["accuracy"]
        return Trained(accuracy, timing["frozen"], statistics.median(epochs) if epochs else None, timing["total"])


def theirs(arguments, folder, seed):
    with scratch() as temporary:
        run(
            [
                *(arguments.peer_python, PEERS / "pytorch_recipe.py", folder / "train", folder / "test"),
                *("--fine-tune-epochs", 10, "--seed", seed, "--json", temporary / "json"),
                *arguments.peer_arg,
            ]
        )
        result = read_json(temporary / "json")
        head = sum(epoch["seconds"] for epoch in result["epochs"] if epoch["phase"] == "head")
        tuning = [epoch["seconds"] for epoch in result["epochs"] if epoch["phase"] == "fine_tune"]
        return Trained(result["accuracy"], head, statistics.median(tuning), result["seconds"])


def mean(runs, field):
    values = [getattr(one, field) for one in runs if getattr(one, field) is not None]
    return statistics.mean(values) if values else float("nan")


def row(name, runs):
    accuracies = ", ".join(f"{one.accuracy:.3f}" for one in runs)
    return (
        f"| {name} | **{mean(runs, 'accuracy'):.3f}** ({accuracies}) | {mean(runs, 'frozen'):.1f} "
        f"| {mean(runs, 'epoch'):.2f} | {mean(runs, 'total'):.0f} |"
    )


def ratio(mine, other, field):
    pairs = [
        getattr(one, field) / getattr(two, field) for one, two in zip(mine, other) if getattr(one, field) is not None
    ]
    return f"{statistics.median(pairs):.2f}" if pairs else "–"


def main():
    arguments = parse()
    print_machine(arguments.peer_python)
    with scratch() as temporary:
        print("not measured: builds Graft if needed, unpacks its natives", flush=True)
        run(graft("warm-up", "--train"))
        lines = [
            "| | test accuracy, mean (each seed) | frozen phase, s | epoch of fine-tuning, s | in all, s |",
            "| --- | --- | ---: | ---: | ---: |",
        ]
        for name in arguments.sets:
            require(arguments.demo if name == DEMO else SHARED / "data" / name)
            folder = parted(arguments.demo, temporary / DEMO) if name == DEMO else SHARED / "data" / name
            read_all(folder)
            mine, other = [], []
            for seed in arguments.seeds:
                for title, runs, contender in (("graft", mine, ours), ("PyTorch", other, theirs)):
                    runs.append(contender(arguments, folder, seed))
                    print(f"{name}, seed {seed}: {title} {runs[-1]}", flush=True)
            lines += [row(f"{name}, graft", mine), row(f"{name}, PyTorch", other)]
            lines.append(
                f"| {name}, graft's share | | {ratio(mine, other, 'frozen')} | {ratio(mine, other, 'epoch')} "
                f"| {ratio(mine, other, 'total')} |"
            )
        print("\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
