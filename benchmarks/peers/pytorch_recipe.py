"""
The usual PyTorch recipe that `graft train` replaces, after PyTorch's transfer-learning tutorial ("ConvNet as fixed
feature extractor"): a pretrained network, every weight frozen, a new linear head, Adam, a DataLoader that decodes in
every epoch. Then, with --fine-tune-epochs, everything unfrozen at a low rate.

Where the tutorial leaves a choice, the one that serves the peer best is taken: the network stays in inference mode
(BatchNorm keeps the statistics of its pretraining: more accurate and faster than the tutorial's train mode), frozen
layers record no gradients, DataLoader workers live through all epochs, and --workers and --threads default to what was
fastest on the machine of benchmarks/README.md (two cores: two processes that decode leave none for a second thread).
"""

import argparse
import json
import time

import torch
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder

from recipe import GGUF, PREPROCESSING, pretrained


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", help="folder with one subfolder a class")
    parser.add_argument("val", help="the same classes, for validation after each epoch")
    parser.add_argument("--gguf", default=GGUF, help="weights of the backbone (fetched by the Maven build)")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--fine-tune-epochs", type=int, default=0)
    parser.add_argument("--fine-tune-lr", type=float, default=1e-5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--workers", type=int, default=2, help="processes that decode")
    parser.add_argument("--threads", type=int, default=1, help="threads that compute")
    parser.add_argument("--channels-last", action="store_true", help="not in the tutorial, but faster on a CPU")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", help="where to write the result")
    parser.add_argument("--save", help="where to write the trained state, for predict_one.py")
    return parser.parse_args()


def loader(dataset, arguments, shuffle):
    workers = arguments.workers
    return DataLoader(dataset, arguments.batch, shuffle, num_workers=workers, persistent_workers=workers > 0)


def run_epoch(model, batches, memory_format, optimizer=None):
    """One pass over the batches, training when there is an optimizer: mean loss and accuracy."""
    loss_sum, correct, total = 0.0, 0, 0
    for images, labels in batches:
        with torch.set_grad_enabled(optimizer is not None):
            logits = model(images.to(memory_format=memory_format))
            loss = torch.nn.functional.cross_entropy(logits, labels)
        if optimizer:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        loss_sum += loss.item() * len(labels)
        correct += (logits.argmax(1) == labels).sum().item()
        total += len(labels)
    return loss_sum / total, correct / total


def main():
    started = time.perf_counter()
    arguments = parse()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    train_data = ImageFolder(arguments.train, PREPROCESSING)
    val_data = ImageFolder(arguments.val, PREPROCESSING)
    if train_data.classes != val_data.classes:
        raise SystemExit(f"classes differ: {train_data.classes} in training, {val_data.classes} in validation")
    train, val = loader(train_data, arguments, True), loader(val_data, arguments, False)

    memory_format = torch.channels_last if arguments.channels_last else torch.contiguous_format
    model = pretrained(arguments.gguf, len(train_data.classes)).to(memory_format=memory_format).eval()
    epochs = []

    def phase(name, count, rate):
        optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], rate)
        for epoch in range(1, count + 1):
            begun = time.perf_counter()
            model.classifier.train()  # its dropout; the classifier has no BatchNorm
            loss, accuracy = run_epoch(model, train, memory_format, optimizer)
            model.eval()
            val_loss, val_accuracy = run_epoch(model, val, memory_format)
            seconds = time.perf_counter() - begun
            epochs.append(
                {
                    "phase": name,
                    "epoch": epoch,
                    "loss": loss,
                    "accuracy": accuracy,
                    "val_loss": val_loss,
                    "val_accuracy": val_accuracy,
                    "seconds": seconds,
                }
            )
            print(f"{name} {epoch:2d}/{count}  {loss=:.4f}  {val_accuracy=:.4f}  {seconds:.1f} s", flush=True)

    model.requires_grad_(False)
    model.classifier[3].requires_grad_(True)
    phase("head", arguments.epochs, arguments.lr)
    if arguments.fine_tune_epochs:
        model.requires_grad_(True)
        phase("fine_tune", arguments.fine_tune_epochs, arguments.fine_tune_lr)

    if arguments.save:
        torch.save({"classes": train_data.classes, "state": model.state_dict()}, arguments.save)
    result = {
        "accuracy": epochs[-1]["val_accuracy"],
        "seconds": time.perf_counter() - started,
        "epochs": epochs,
        "workers": arguments.workers,
        "threads": arguments.threads,
        "torch": torch.__version__,
    }
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(result, file, indent=2)
    print(f"accuracy {result['accuracy']:.4f} in {result['seconds']:.1f} s")


if __name__ == "__main__":
    main()
