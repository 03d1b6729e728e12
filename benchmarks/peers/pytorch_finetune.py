"""
Fine-tuning as one does it in PyTorch: the layers from a stage on train, those before it are frozen, BatchNorm keeps its
statistics (inference mode), a DataLoader decodes in every epoch and every epoch ends with a validation. Says what each
epoch took. With --make it only writes weights to fine-tune from: random ones, with BatchNorm statistics of noise, since
the time that a step takes does not depend on them.
"""

import argparse
import json
import time

import torch
import torchvision
from torchvision.datasets import ImageFolder

from pytorch_recipe import loader, run_epoch
from recipe import GGUF, PREPROCESSING, read_gguf

CLASSIFIERS = {"resnet": "fc", "mobilenet_v2": "classifier.1", "mobilenet_v3": "classifier.3"}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="?", help="folder with one subfolder a class")
    parser.add_argument("val", nargs="?", help="the same classes, for validation after each epoch")
    parser.add_argument("--model", default="mobilenet_v3_small", help="a name of torchvision.models")
    parser.add_argument("--weights", help="a state saved by --make; else those of Graft's default backbone")
    parser.add_argument("--make", help="writes random weights to that file and ends")
    parser.add_argument("--unfreeze", default="all", help="the first module that trains, such as layer4, or all")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--lr", type=float, default=1e-5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--workers", type=int, default=2, help="processes that decode")
    parser.add_argument("--threads", type=int, default=1, help="threads that compute")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--json", help="where to write the result")
    return parser.parse_args()


def draw(name, classes=1000):
    return getattr(torchvision.models, name)(num_classes=classes)


def make(name, file):
    torch.manual_seed(0)
    model = draw(name).train()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        model(torch.randn(16, 3, 224, 224))
    torch.save(model.state_dict(), file)


def network(arguments, classes):
    if arguments.weights:
        model = draw(arguments.model)
        model.load_state_dict(torch.load(arguments.weights))
    else:
        model = draw(arguments.model, 3)
        model.load_state_dict({name: torch.from_numpy(array) for name, array in read_gguf(GGUF).items()})
    path = next(path for prefix, path in CLASSIFIERS.items() if arguments.model.startswith(prefix))
    outer, _, last = path.rpartition(".")
    parent = model.get_submodule(outer)
    parent._modules[last] = torch.nn.Linear(model.get_submodule(path).in_features, classes)
    return model


def freeze_before(model, stage):
    """Parameters come in the order of computation."""
    training = stage == "all"
    for name, parameter in model.named_parameters():
        training = training or name.startswith(stage + ".")
        parameter.requires_grad_(training)
    if not training:
        raise SystemExit(f"no module {stage}")


def main():
    arguments = parse()
    if arguments.make:
        make(arguments.model, arguments.make)
        return
    torch.manual_seed(0)
    torch.set_num_threads(arguments.threads)
    train_data = ImageFolder(arguments.train, PREPROCESSING)
    train = loader(train_data, arguments, True)
    val = loader(ImageFolder(arguments.val, PREPROCESSING), arguments, False)
    memory_format = torch.channels_last if arguments.channels_last else torch.contiguous_format
    model = network(arguments, len(train_data.classes)).to(memory_format=memory_format).eval()
    freeze_before(model, arguments.unfreeze)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], arguments.lr)
    seconds = []
    for _ in range(arguments.epochs):
        begun = time.perf_counter()
        run_epoch(model, train, memory_format, optimizer)
        run_epoch(model, val, memory_format)
        seconds.append(time.perf_counter() - begun)
        print(f"{seconds[-1]:.2f} s", flush=True)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"epochs": seconds}, file)


if __name__ == "__main__":
    main()
