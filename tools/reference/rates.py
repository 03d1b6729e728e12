"""Writes rates.json: torch's OneCycleLR and LinearLR, steps with clipped gradients, exponential means of weights."""

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from common import Numbers, float32_json, tensor_json, write
from training import optimizer_case

RATE = 0.01


def schedule_case(name, schedule, config, steps_per_epoch, epochs, build):
    """The rate of each step by the highest."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], RATE)
    scheduler = build(optimizer, steps_per_epoch * epochs)
    factors = []
    for _ in range(steps_per_epoch * epochs):
        factors.append(optimizer.param_groups[0]["lr"] / RATE)
        optimizer.step()
        if len(factors) < steps_per_epoch * epochs:
            scheduler.step()
    return {
        "name": name,
        "schedule": schedule,
        "config": config,
        "steps_per_epoch": steps_per_epoch,
        "epochs": epochs,
        "factors": float32_json(factors),
    }


def one_cycle(name, steps_per_epoch, epochs, div=25.0, final_div=1e4, up=0.3):
    def build(optimizer, total):
        return torch.optim.lr_scheduler.OneCycleLR(
            optimizer,
            RATE,
            total_steps=total,
            pct_start=up,
            div_factor=div,
            final_div_factor=final_div,
            cycle_momentum=False,
        )

    config = {"div": div, "final_div": final_div, "up": up}
    return schedule_case(name, "one_cycle", config, steps_per_epoch, epochs, build)


def linear(name, steps_per_epoch, epochs):
    def build(optimizer, total):
        return torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total)

    return schedule_case(name, "linear", {}, steps_per_epoch, epochs, build)


def clipping_case(name, kind, maximum, optimizer="SGD", groups=None):
    """The gradients of the optimizers' cases, whose norm is 1.43 in each step and whose numbers are below 0.8."""

    def prepare(parameters):
        if kind == "norm":
            clip_grad_norm_(parameters, maximum)
        else:
            clip_grad_value_(parameters, maximum)

    if optimizer == "SGD":
        config = {"learning_rate": 0.1, "momentum": 0.9, "nesterov": False, "weight_decay": 0.0}
        build = lambda parameters: torch.optim.SGD(parameters, 0.1, momentum=0.9)
    else:
        config = {"learning_rate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.1}
        build = lambda parameters: torch.optim.AdamW(parameters, 0.01, weight_decay=0.1)
    case = optimizer_case(name, optimizer, config, build, groups, prepare=prepare)
    return {**case, "clip": {"kind": kind, "max": maximum}}


def average_case(name, decay, steps=12):
    """The mean after each step t, counted from 1: with d = min(decay, (1 + t) / (10 + t)), d * mean + (1 - d) * weight."""
    numbers = Numbers(name)
    initial = numbers.distinct(2, 3)
    weights = [numbers.distinct(2, 3) for _ in range(steps)]
    mean, means = initial.clone(), []
    for step, weight in enumerate(weights, 1):
        kept = min(decay, (1 + step) / (10 + step))
        mean = mean.mul(kept).add(weight, alpha=1 - kept)
        means.append(tensor_json(mean))
    return {
        "name": name,
        "decay": decay,
        "initial": tensor_json(initial),
        "weights": [tensor_json(weight) for weight in weights],
        "means": means,
    }


if __name__ == "__main__":
    write(
        "rates.json",
        {
            "schedules": [
                one_cycle("one_cycle", 5, 4),
                one_cycle("one_cycle_settings", 3, 5, div=10.0, final_div=100.0, up=0.25),
                one_cycle("one_cycle_uneven", 7, 1, up=0.4),
                one_cycle("one_cycle_late", 4, 3, up=0.9),
                one_cycle("one_cycle_short", 3, 1),
                linear("linear", 4, 3),
            ],
            "clipping": [
                clipping_case("norm", "norm", 0.5),
                clipping_case("norm_a_little", "norm", 1.4),
                clipping_case("norm_of_none", "norm", 10.0),
                clipping_case("norm_groups", "norm", 0.5, groups=[(0.02, 0.1), (0.005, 0.0)]),
                clipping_case("norm_adamw", "norm", 0.25, "AdamW"),
                clipping_case("value", "value", 0.3),
                clipping_case("value_adamw", "value", 0.1, "AdamW"),
            ],
            "averages": [average_case("warming", 0.999), average_case("low", 0.3)],
        },
    )
