#!/usr/bin/env python3
"""
Memory: the peak resident size of `graft train` on few and on ten times as many pictures. The larger folder repeats the
sample pictures; each copy carries a comment of its own, so that no cache can take two copies for one picture.
"""

import argparse
import struct
import sys
import zlib

from measure import SHARED, Run, folder_argument, graft, median, print_machine, require, run, save, scratch

LIMIT = 1.15


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    folder_argument(parser, "--pictures", SHARED / "data/cifar10/train")
    folder_argument(parser, "--val", SHARED / "data/cifar10/test")
    parser.add_argument("--sizes", type=int, nargs=2, default=[800, 8000], metavar=("FEW", "MANY"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, help="default: Graft's own")
    parser.add_argument("--fine-tune-epochs", type=int, default=0)
    parser.add_argument("--graft-arg", action="append", default=[], help="one more argument for graft train")
    parser.add_argument("--json", help="where to write every single run")
    return parser.parse_args()


def with_comment(picture, text):
    """The same picture, different bytes: a JPEG comment segment or a PNG tEXt chunk."""
    if picture.startswith(b"\xff\xd8"):
        segment = struct.pack(">BBH", 0xFF, 0xFE, len(text) + 2) + text
        return picture[:2] + segment + picture[2:]
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        chunk = b"tEXt" + b"Comment\0" + text
        after_header = 8 + 25
        packed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        return picture[:after_header] + packed + picture[after_header:]
    raise ValueError("only JPEG and PNG pictures can be copied with a comment")


def multiply(source, target, count):
    """Fills the target with that many pictures, as many of each class, going round the source's as often as needed."""
    classes = sorted(path for path in source.iterdir() if path.is_dir())
    if not classes or count % len(classes):
        sys.exit(f"{source}: {count} pictures cannot be shared out evenly over {len(classes)} classes")
    for folder in classes:
        pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
        if not pictures:
            sys.exit(f"{folder}: no JPEG or PNG pictures")
        (target / folder.name).mkdir(parents=True)
        for number in range(count // len(classes)):
            copy, position = divmod(number, len(pictures))
            path = pictures[position]
            content = with_comment(path.read_bytes(), b"copy %d" % copy) if copy else path.read_bytes()
            (target / folder.name / f"{path.stem}-{copy}{path.suffix}").write_bytes(content)


def train(arguments, folder) -> Run:
    with scratch() as temporary:
        epochs = ["--epochs", arguments.epochs] if arguments.epochs else []
        return run(
            graft(
                "train",
                folder,
                *("--val", arguments.val),
                *("--fine-tune-epochs", arguments.fine_tune_epochs),
                *epochs,
                *("--cache", temporary / "cache"),
                *("--out", temporary / "model.graft"),
                *("--json", temporary / "train.json"),
                *arguments.graft_arg,
            )
        )


def main():
    arguments = parse()
    require(arguments.pictures, arguments.val)
    print_machine()
    with scratch() as folders:
        runs = {size: [] for size in arguments.sizes}
        for size in runs:
            multiply(arguments.pictures, folders / str(size), size)
        run(graft("models"))  # not measured: builds Graft if needed
        for number in range(1, arguments.rounds + 1):
            for size, measured in runs.items():
                measured.append(train(arguments, folders / str(size)))
                print(f"round {number}: {size} pictures, peak {measured[-1].peak_mb:.0f} MB", flush=True)
    few, many = arguments.sizes
    ratio = median(runs[many], "peak_mb") / median(runs[few], "peak_mb")
    print("\n| pictures | peak MB | wall s |\n|---:|---:|---:|")
    for size, measured in runs.items():
        print(f"| {size} | {median(measured, 'peak_mb'):.0f} | {median(measured, 'wall_seconds'):.1f} |")
    print(f"\nratio {ratio:.3f}: {'within' if ratio <= LIMIT else 'OVER'} the limit of {LIMIT}")
    save(arguments.json, runs)


if __name__ == "__main__":
    main()
