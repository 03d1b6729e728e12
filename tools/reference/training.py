"""Writes losses.json and optimizers.json: torch's losses with their gradients, and five steps of its optimizers."""

import numpy as np
import torch
import torch.nn.functional as F

from common import Numbers, float32_json, tensor_json, write


# Keras keeps probabilities this far from 0 and 1, in float32.
LOWEST, HIGHEST = float(np.float32(1e-7)), float(np.float32(1 - 1e-7))
LABELS = torch.tensor([0, 3, 1, 1, 2, 3])
ANSWERS = torch.tensor([[0, 1, 1], [1, 0, 0], [0, 0, 0], [1, 1, 1]]).double()


def loss_case(name, loss, config, outputs, targets, function):
    """
    The function gives one loss an example. The weighted value is Keras' sum_over_batch_size: the sum of the weighted
    losses by the number of examples.
    """
    outputs = outputs.requires_grad_()
    weights = Numbers(name + "_weights").distinct(len(outputs), low=0, high=3)
    losses = function(outputs, targets)
    value, weighted = losses.mean(), (losses * weights).sum() / len(outputs)
    (grad,) = torch.autograd.grad(value, outputs, retain_graph=True)
    (weighted_grad,) = torch.autograd.grad(weighted, outputs)
    return {
        "name": name,
        "loss": loss,
        "config": config,
        "outputs": tensor_json(outputs),
        "targets": tensor_json(targets),
        "per_example": tensor_json(losses),
        "value": float32_json(value.detach().numpy()),
        "grad": tensor_json(grad),
        "weights": tensor_json(weights),
        "weighted_value": float32_json(weighted.detach().numpy()),
        "weighted_grad": tensor_json(weighted_grad),
    }


def shares(*shape):
    """Rows that add up to 1, as MixUp makes them."""
    return torch.softmax(Numbers("shares").distinct(*shape, low=-2, high=2), 1).float().double()


def probabilities(name, *shape):
    """Rows that do not quite add up to 1, with a sure one and an impossible one among them."""
    values = Numbers(name).distinct(*shape, low=0.01, high=0.99)
    values[0] = torch.eye(shape[1]).double()[0]
    values[1] = torch.eye(shape[1]).double()[0]
    return values


def cross_entropy(name, outputs, targets=LABELS, **config):
    """torch's from logits; Keras' formula from probabilities."""
    smoothing = config.get("label_smoothing", 0.0)

    def from_logits(x, t):
        return F.cross_entropy(x, t, reduction="none", label_smoothing=smoothing)

    def from_probabilities(x, t):
        share = F.one_hot(t, x.shape[1]).double() if t.ndim == 1 else t
        share = share * (1 - smoothing) + smoothing / x.shape[1]
        x = (x / x.sum(1, keepdim=True)).clamp(LOWEST, HIGHEST)
        return -(share * x.log()).sum(1)

    kind = "CrossEntropy" if targets.ndim == 1 else "OneHotCrossEntropy"
    function = from_probabilities if config.get("from_probabilities") else from_logits
    return loss_case(name, kind, config, outputs, targets, function)


def binary_cross_entropy(name, outputs, targets, **config):
    """Keras' formulas, the mean over the outputs of an example; those from logits are torch's."""
    smoothing = config.get("label_smoothing", 0.0)

    def function(x, t):
        t = t.reshape(x.shape).double() * (1 - smoothing) + smoothing / 2
        if config.get("from_probabilities"):
            x = x.clamp(LOWEST, HIGHEST)
            return -(t * x.log() + (1 - t) * (1 - x).log()).mean(1)
        return F.binary_cross_entropy_with_logits(x, t, reduction="none").mean(1)

    return loss_case(name, "BinaryCrossEntropy", config, outputs, targets, function)


def squared_error(name, outputs, targets):
    function = lambda x, t: F.mse_loss(x, t.reshape(x.shape), reduction="none").flatten(1).mean(1)
    return loss_case(name, "MeanSquaredError", {}, outputs, targets, function)


def hinge(name, outputs, targets, squared=False):
    """Keras' formula after its labels 0 and 1 have become -1 and 1; class indices are one-hot before that."""

    def function(x, t):
        t = F.one_hot(t, x.shape[1]) if t.ndim == 1 and x.shape[1] > 1 else t.reshape(x.shape)
        losses = (1 - (2 * t.double() - 1) * x).clamp(min=0)
        return (losses**2 if squared else losses).mean(1)

    return loss_case(name, "SquaredHinge" if squared else "Hinge", {}, outputs, targets, function)


def losses():
    numbers = lambda name, *shape, limit=3: Numbers(name).distinct(*shape, low=-limit, high=limit)
    one_hot, yes = F.one_hot(LABELS).double(), LABELS.eq(1).double()
    return [
        cross_entropy("classes", numbers("classes", 6, 4)),
        cross_entropy("classes_large_logits", numbers("classes_large", 6, 4, limit=200)),
        cross_entropy("classes_smoothing", numbers("classes_smoothing", 6, 4), label_smoothing=0.1),
        cross_entropy("classes_probabilities", probabilities("classes", 6, 4), from_probabilities=True),
        cross_entropy(
            "classes_probabilities_smoothing",
            probabilities("classes_smoothing", 6, 4),
            from_probabilities=True,
            label_smoothing=0.1,
        ),
        cross_entropy("one_hot", numbers("one_hot", 6, 4), one_hot),
        cross_entropy("one_hot_large_logits", numbers("one_hot_large", 6, 4, limit=200), one_hot),
        cross_entropy("one_hot_smoothing", numbers("one_hot_smoothing", 6, 4), one_hot, label_smoothing=0.2),
        cross_entropy("mixed", numbers("mixed", 6, 4), shares(6, 4)),
        cross_entropy("mixed_probabilities", probabilities("mixed", 6, 4), shares(6, 4), from_probabilities=True),
        binary_cross_entropy("binary", numbers("binary", 6, 1), yes),
        binary_cross_entropy("binary_column", numbers("binary_column", 6, 1), yes.reshape(6, 1)),
        binary_cross_entropy("binary_large_logits", numbers("binary_large", 6, 1, limit=200), yes),
        binary_cross_entropy("binary_smoothing", numbers("binary_smoothing", 6, 1), yes, label_smoothing=0.2),
        binary_cross_entropy("binary_labels", numbers("binary_labels", 4, 3), ANSWERS),
        binary_cross_entropy("binary_probabilities", probabilities("binary", 4, 3), ANSWERS, from_probabilities=True),
        binary_cross_entropy(
            "binary_probabilities_smoothing",
            probabilities("binary_smoothing", 4, 3),
            ANSWERS,
            from_probabilities=True,
            label_smoothing=0.1,
        ),
        squared_error("squared_error", numbers("squared_error", 4, 3), numbers("squared_error_targets", 4, 3)),
        squared_error("squared_error_column", numbers("squared_error", 6, 1), yes),
        squared_error("squared_error_maps", numbers("maps", 2, 2, 2, 3), numbers("map_targets", 2, 2, 2, 3)),
        *[
            case
            for squared in (False, True)
            for case in (
                hinge(f"hinge_{'squared_' * squared}binary", numbers("hinge", 6, 1), yes, squared),
                hinge(f"hinge_{'squared_' * squared}columns", numbers("hinge", 4, 3), ANSWERS, squared),
                hinge(f"hinge_{'squared_' * squared}classes", numbers("hinge", 6, 4), LABELS, squared),
                hinge(f"hinge_{'squared_' * squared}large", numbers("hinge", 6, 4, limit=200), LABELS, squared),
            )
        ],
    ]


def optimizer_case(name, optimizer, config, build, groups=None, steps=5, prepare=lambda parameters: None):
    """
    The same starting point and gradients for every optimizer; "after" holds both parameters after each step. With groups
    each of the two parameters has settings of its own. What is to happen to gradients before a step happens in prepare.
    """
    numbers = Numbers("optimizers")
    shapes = [(3, 2), (4,)]
    parameters = [torch.nn.Parameter(numbers.distinct(*shape, low=-1, high=1)) for shape in shapes]
    gradients = [[numbers.distinct(*shape, low=-0.8, high=0.8) for shape in shapes] for _ in range(steps)]
    result = {
        "name": name,
        "optimizer": optimizer,
        "config": config,
        "groups": [{"learning_rate": lr, "weight_decay": decay} for lr, decay in groups or []],
        "initial": [tensor_json(parameter) for parameter in parameters],
        "gradients": [[tensor_json(gradient) for gradient in step] for step in gradients],
        "after": [],
    }
    stepper = build(
        [{"params": [p], "lr": lr, "weight_decay": decay} for p, (lr, decay) in zip(parameters, groups)]
        if groups
        else parameters
    )
    for step in gradients:
        for parameter, gradient in zip(parameters, step):
            parameter.grad = gradient.clone()
        prepare(parameters)
        stepper.step()
        result["after"].append([tensor_json(parameter) for parameter in parameters])
    return result


def adam(name, optimizer="Adam", lr=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.0, groups=None):
    config = {
        "learning_rate": lr,
        "beta1": beta1,
        "beta2": beta2,
        "epsilon": epsilon,
        "weight_decay": weight_decay,
    }
    kind = getattr(torch.optim, optimizer)
    build = lambda parameters: kind(parameters, lr, (beta1, beta2), epsilon, weight_decay)
    return optimizer_case(name, optimizer, config, build, groups)


def sgd(name, lr=0.1, momentum=0.0, nesterov=False, weight_decay=0.0, groups=None):
    config = {"learning_rate": lr, "momentum": momentum, "nesterov": nesterov, "weight_decay": weight_decay}
    build = lambda parameters: torch.optim.SGD(
        parameters, lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay
    )
    return optimizer_case(name, "SGD", config, build, groups)


def rms_prop(name, lr=0.01, groups=None, **changes):
    config = {"alpha": 0.99, "epsilon": 1e-8, "momentum": 0.0, "centered": False, "weight_decay": 0.0, **changes}
    settings = {"eps" if key == "epsilon" else key: value for key, value in config.items()}
    build = lambda parameters: torch.optim.RMSprop(parameters, lr, **settings)
    return optimizer_case(name, "RMSprop", {"learning_rate": lr, **config}, build, groups)


def optimizers():
    groups = [(0.02, 0.1), (0.005, 0.0)]
    return [
        adam("adam"),
        adam("adam_weight_decay", weight_decay=0.01),
        adam("adam_other_betas", beta1=0.8, beta2=0.95, epsilon=1e-3),
        adam("adam_groups", groups=groups),
        adam("adamw", "AdamW", weight_decay=0.01),
        adam("adamw_other_betas", "AdamW", beta1=0.7, beta2=0.9, epsilon=1e-2, weight_decay=0.1),
        adam("adamw_groups", "AdamW", groups=groups),
        sgd("sgd"),
        sgd("sgd_weight_decay", weight_decay=0.01),
        sgd("sgd_momentum", momentum=0.9),
        sgd("sgd_momentum_weight_decay", momentum=0.9, weight_decay=0.01),
        sgd("sgd_nesterov", momentum=0.9, nesterov=True),
        sgd("sgd_nesterov_weight_decay", momentum=0.9, nesterov=True, weight_decay=0.01),
        sgd("sgd_groups", momentum=0.9, groups=groups),
        rms_prop("rmsprop"),
        rms_prop("rmsprop_weight_decay", weight_decay=0.01),
        rms_prop("rmsprop_other_alpha", alpha=0.8, epsilon=1e-2),
        rms_prop("rmsprop_momentum", momentum=0.9),
        rms_prop("rmsprop_centered_momentum", centered=True, momentum=0.5),
        rms_prop("rmsprop_groups", groups=groups),
    ]


if __name__ == "__main__":
    write("losses.json", losses())
    write("optimizers.json", optimizers())
