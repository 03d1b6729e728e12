#!/usr/bin/env python3
"""
Training, as whole processes run in turn: `graft train` with an empty and with a warm cache, and the PyTorch recipe that
it replaces as the tutorial has it and with channels_last, which the tutorial leaves out.
"""

import argparse

from measure import (
    PEERS,
    SHARED,
    folder_argument,
    graft,
    graft_accuracy,
    print_machine,
    read_all,
    read_json,
    require,
    run,
    save,
    scratch,
    table,
)

COLD, WARM = "graft, empty cache", "graft, warm cache"
RECIPE, CHANNELS_LAST = "PyTorch recipe", "PyTorch recipe, channels_last"
NAMES = {"graft-cold": COLD, "graft-warm": WARM, "recipe": RECIPE, "recipe-channels-last": CHANNELS_LAST}


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    folder_argument(parser, "--train", SHARED / "data/cats_dogs/train")
    folder_argument(parser, "--val", SHARED / "data/cats_dogs/test")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contenders", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--epochs", type=int, help="default: ten for the recipe, Graft's own default for Graft")
    parser.add_argument("--fine-tune-epochs", type=int, default=0)
    parser.add_argument("--graft-arg", action="append", default=[], help="one more argument for graft train")
    parser.add_argument("--peer-arg", action="append", default=[], help="one more argument for pytorch_recipe.py")
    parser.add_argument("--peer-python", default="/usr/bin/python3", help="a Python that has torch and torchvision")
    parser.add_argument("--json", help="where to write every single run")
    return parser.parse_args()


def graft_train(arguments, cache):
    with scratch() as temporary:
        model = temporary / "model.graft"
        epochs = ["--epochs", arguments.epochs] if arguments.epochs else []
        result = run(
            graft(
                "train",
                arguments.train,
                *("--val", arguments.val),
                *("--fine-tune-epochs", arguments.fine_tune_epochs),
                *epochs,
                *("--cache", cache),
                *("--out", model),
                *("--json", temporary / "train.json"),
                *arguments.graft_arg,
            )
        )
        result.accuracy = graft_accuracy(model, arguments.val)
        return result


def recipe(arguments, *extra):
    with scratch() as temporary:
        json = temporary / "recipe.json"
        result = run(
            [
                *(arguments.peer_python, PEERS / "pytorch_recipe.py", arguments.train, arguments.val),
                *("--epochs", arguments.epochs or 10),
                *("--fine-tune-epochs", arguments.fine_tune_epochs),
                *("--json", json),
                *extra,
                *arguments.peer_arg,
            ]
        )
        result.accuracy = read_json(json)["accuracy"]
        return result


def run_once(name, arguments, warm_cache):
    if name == COLD:
        with scratch() as empty:
            return graft_train(arguments, empty)
    if name == WARM:
        return graft_train(arguments, warm_cache)
    return recipe(arguments, *(["--channels-last"] if name == CHANNELS_LAST else []))


def main():
    arguments = parse()
    require(arguments.train, arguments.val)
    names = [NAMES[key] for key in arguments.contenders]
    print_machine(arguments.peer_python if {RECIPE, CHANNELS_LAST} & set(names) else None)
    read_all(arguments.train, arguments.val)
    contenders = {name: [] for name in names}
    with scratch() as warm_cache:
        if {COLD, WARM} & set(names):
            print("not measured: builds Graft if needed, unpacks its natives, fills the warm cache", flush=True)
            graft_train(arguments, warm_cache)
        for number in range(1, arguments.rounds + 1):
            for name, runs in contenders.items():
                runs.append(run_once(name, arguments, warm_cache))
                print(f"round {number}: {name} {runs[-1].wall_seconds:.2f} s", flush=True)
    print("\n" + table(contenders, [RECIPE, CHANNELS_LAST]))
    save(arguments.json, contenders)


if __name__ == "__main__":
    main()
