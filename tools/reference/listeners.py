"""Writes progress.json and event_file.json: Keras' progress lines, and the event file that TensorBoard's writer gives."""

import importlib.util
import io
import re
import sys
import types

from common import write

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter


class Clock:
    def __init__(self):
        self.now = 0.0

    def time(self):
        return self.now


def keras_progbar():
    """Keras' module by itself: the package around it needs a backend, the bar does not."""
    printed = []
    stubs = {name: types.ModuleType(name) for name in ("keras.src", "keras.src.api_export", "keras.src.utils")}
    stubs["keras.src.api_export"].keras_export = lambda name: lambda type: type
    stubs["keras.src.utils"].io_utils = types.SimpleNamespace(
        print_msg=lambda message, line_break=True: printed.append(message))
    sys.modules.update(stubs)
    folder = importlib.util.find_spec("keras").submodule_search_locations[0]
    spec = importlib.util.spec_from_file_location("progbar", f"{folder}/src/utils/progbar.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.time = Clock()
    return module, printed


def line(step, steps, per_step, metrics):
    """What the bar shows of a step when each took as long as the others; without colours and control characters."""
    module, printed = keras_progbar()
    bar = module.Progbar(target=steps, interval=0)
    bar.update(1, finalize=False)
    module.time.now += per_step * (step - 1)
    bar.update(step, list(metrics.items()), finalize=False)
    text = re.sub(r"\x1b\[\d+m|[\b\r\n]", "", printed[-1]).rstrip()
    return {"step": step, "steps": steps, "per_step": per_step, "metrics": metrics, "text": text}


def progress():
    values = [0.8912, 0.3012, 1.0, 123.456, 0.00100001, 0.001, 0.00012345, 1e-12, 0.0, -0.5, -0.0002]
    durations = [0.0, 4e-7, 2.5e-5, 0.00099, 0.001, 0.0449, 0.9994, 1.0, 1.51, 62.0]
    lefts = [0.25, 59.0, 60.0, 61.0, 125.0, 3600.0, 3601.0, 7325.0, 90061.0]
    return [
        line(12, 38, 0.0451, {"accuracy": 0.8912, "loss": 0.3012}),
        line(7, 1000, 0.0012, {"loss": 2.3026}),
        *(line(2, 5, 0.5, {"m": value}) for value in values),
        *(line(2, 4, seconds, {}) for seconds in durations),
        *(line(2, 3, seconds, {}) for seconds in lefts),
    ]


def event_file():
    """Two epochs, told a second apart."""
    seconds = 1700000000.25
    epochs = [
        {"epoch_accuracy": 0.5, "epoch_loss": 0.7, "epoch_learning_rate": 0.001},
        {"epoch_accuracy": 0.8125, "epoch_loss": 0.0, "epoch_learning_rate": 0.0001},
    ]
    events = [event_pb2.Event(wall_time=seconds, file_version="brain.Event:2")]
    for step, values in enumerate(epochs):
        summary = summary_pb2.Summary(
            value=[summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()])
        events.append(event_pb2.Event(wall_time=seconds + 1 + step, step=step, summary=summary))
    out = io.BytesIO()
    writer = RecordWriter(out)
    for event in events:
        writer.write(event.SerializeToString())
    return {"first_wall_time": seconds, "epochs": epochs, "hex": out.getvalue().hex()}


write("progress.json", progress())
write("event_file.json", event_file())
