"""What the comparisons share: whole processes run and measured, medians, a markdown table. Standard library only."""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "benchmarks/peers"
SHARED = Path(os.environ.get("GRAFT_SHARED", ROOT.parent / "shared"))


@dataclass
class Run:
    """One whole process and the children it waited for. The peak is that of the largest of these processes."""

    wall_seconds: float
    cpu_seconds: float
    peak_mb: float
    accuracy: float | None = None


def run(command, log=None):
    """Runs a command to its end. When it fails, its last lines are shown and the comparison stops."""
    command = [str(part) for part in command]
    with open(log, "w+") if log else tempfile.TemporaryFile("w+") as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            tail = "".join(output.readlines()[-20:])
            sys.exit(f"exit code {process.returncode} from: {' '.join(command)}\n{tail}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Run(wall, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def graft(*arguments):
    """The command line of Graft in this repository."""
    script = ROOT / "graft"
    if not script.is_file():
        sys.exit(f"{script} is missing: this comparison runs Graft from the repository it lies in")
    return [script, *arguments]


def graft_accuracy(model, folder):
    """What a saved model reaches on a folder, asked of Graft in a run of its own that is not measured."""
    with scratch() as temporary:
        run(graft("evaluate", model, folder, "--json", temporary / "evaluate.json"))
        return read_json(temporary / "evaluate.json")["accuracy"]


def read_json(path):
    return json.loads(Path(path).read_text())


@contextmanager
def scratch():
    with tempfile.TemporaryDirectory(prefix="graft-benchmark-") as folder:
        yield Path(folder)


def folder_argument(parser, name, default):
    parser.add_argument(name, type=Path, default=default, help="default: %(default)s")


def require(*paths):
    for path in paths:
        if not Path(path).exists():
            sys.exit(f"{path} does not exist; set GRAFT_SHARED to the folder of sample data, or name another path")


def read_all(*folders):
    """Reads every file once, so that the first contender does not pay for a cold disk."""
    for folder in folders:
        for path in Path(folder).rglob("*"):
            if path.is_file():
                path.read_bytes()


def print_machine(peer_python=None):
    """The machine in one line, and a warning when it is busy: then no figure means anything."""
    model = platform.processor()
    if Path("/proc/cpuinfo").is_file():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), model)
    java = "java"
    if shutil.which("java"):
        java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    parts = [model, f"{os.cpu_count()} cores", platform.platform(terse=True), java]
    if peer_python:
        versions = "import torch, torchvision as tv; print('torch', torch.__version__, 'torchvision', tv.__version__)"
        found = subprocess.run([peer_python, "-c", versions], capture_output=True, text=True)
        if found.returncode != 0:
            sys.exit(f"{peer_python} has no torch and torchvision; name another with --peer-python")
        parts.append(found.stdout.strip())
    print(f"Machine: {', '.join(parts)}")
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"Warning: the machine is busy (load {load:.1f}); measure again when it is quiet.", file=sys.stderr)


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)


def table(contenders, references=()):
    """
    Markdown: medians for each contender (name -> runs), the range of the wall time in brackets, and how many times
    faster than each reference it is, by the medians of the wall time.
    """
    references = [name for name in references if contenders.get(name)]
    head = ["", "wall s", "CPU s", "peak MB", "accuracy", *(f"speed against {name}" for name in references)]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    for name, runs in contenders.items():
        walls = [run.wall_seconds for run in runs]
        accuracies = [run.accuracy for run in runs if run.accuracy is not None]
        rows.append(
            [
                name,
                f"{statistics.median(walls):.2f} ({min(walls):.2f}–{max(walls):.2f})",
                f"{median(runs, 'cpu_seconds'):.2f}",
                f"{median(runs, 'peak_mb'):.0f}",
                f"{statistics.median(accuracies):.4f}" if accuracies else "",
                *(
                    f"{median(contenders[reference], 'wall_seconds') / statistics.median(walls):.1f}×"
                    for reference in references
                ),
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def save(path, contenders):
    """Every single run, for those who want more than medians."""
    if path:
        document = {name: [asdict(run) for run in runs] for name, runs in contenders.items()}
        Path(path).write_text(json.dumps(document, indent=2) + "\n")
