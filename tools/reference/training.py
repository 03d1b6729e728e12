"""Writes losses.json and optimizers.json: torch's losses with their gradients, and five steps of its optimizers."""

import torch
import torch.nn.functional as F

from common import Numbers, float32_json, tensor_json, write


def loss_case(name, loss, config, logits, labels, function):
    logits = logits.requires_grad_()
    value = function(logits)
    value.backward()
    return {
        "name": name,
        "loss": loss,
        "config": config,
        "logits": tensor_json(logits),
        "labels": labels.tolist(),
        "value": float32_json(value.detach().numpy()),
        "grad": tensor_json(logits.grad),
    }


def sparse_cross_entropy(name, low=-3, high=3, **config):
    """Mean over the batch; with class weights the weighted mean, divided by the sum of the weights of the labels."""
    logits = Numbers(name).distinct(6, 4, low=low, high=high)
    labels = torch.tensor([0, 3, 1, 1, 2, 3])
    weights = config.get("class_weights")
    settings = {
        "weight": torch.tensor(weights, dtype=torch.float64) if weights else None,
        "label_smoothing": config.get("label_smoothing", 0.0),
    }
    name = "sparse_categorical_cross_entropy" + name
    function = lambda x: F.cross_entropy(x, labels, **settings)
    return loss_case(name, "SparseCategoricalCrossEntropy", config, logits, labels, function)


def binary_cross_entropy(name, shape, low=-3, high=3):
    """Mean over all elements; the labels are zeros and ones in the shape of the logits."""
    logits = Numbers(name).distinct(*shape, low=low, high=high)
    labels = torch.arange(logits.numel()).remainder(3).eq(1).double().reshape(shape)
    function = lambda x: F.binary_cross_entropy_with_logits(x, labels)
    return loss_case("binary_cross_entropy" + name, "BinaryCrossEntropy", {}, logits, labels, function)


def losses():
    return [
        sparse_cross_entropy(""),
        sparse_cross_entropy("_large_logits", low=-200, high=200),
        sparse_cross_entropy("_label_smoothing", label_smoothing=0.1),
        sparse_cross_entropy("_class_weights", class_weights=[0.5, 2.0, 1.0, 0.25]),
        binary_cross_entropy("_one_logit", (6, 1)),
        binary_cross_entropy("_three_logits", (4, 3)),
        binary_cross_entropy("_large_logits", (6, 1), low=-200, high=200),
    ]


def optimizer_case(name, optimizer, config, build, steps=5):
    """The same starting point and gradients for every optimizer; "after" holds both parameters after each step."""
    numbers = Numbers("optimizers")
    shapes = [(3, 2), (4,)]
    parameters = [torch.nn.Parameter(numbers.distinct(*shape, low=-1, high=1)) for shape in shapes]
    gradients = [[numbers.distinct(*shape, low=-0.8, high=0.8) for shape in shapes] for _ in range(steps)]
    result = {
        "name": name,
        "optimizer": optimizer,
        "config": config,
        "initial": [tensor_json(parameter) for parameter in parameters],
        "gradients": [[tensor_json(gradient) for gradient in step] for step in gradients],
        "after": [],
    }
    stepper = build(parameters)
    for step in gradients:
        for parameter, gradient in zip(parameters, step):
            parameter.grad = gradient.clone()
        stepper.step()
        result["after"].append([tensor_json(parameter) for parameter in parameters])
    return result


def adam(name, optimizer="Adam", lr=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.0):
    config = {
        "learning_rate": lr,
        "beta1": beta1,
        "beta2": beta2,
        "epsilon": epsilon,
        "weight_decay": weight_decay,
    }
    kind = getattr(torch.optim, optimizer)
    build = lambda parameters: kind(parameters, lr, (beta1, beta2), epsilon, weight_decay)
    return optimizer_case(name, optimizer, config, build)


def sgd(name, lr=0.1, momentum=0.0, nesterov=False, weight_decay=0.0):
    config = {"learning_rate": lr, "momentum": momentum, "nesterov": nesterov, "weight_decay": weight_decay}
    build = lambda parameters: torch.optim.SGD(
        parameters, lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay
    )
    return optimizer_case(name, "SGD", config, build)


def optimizers():
    return [
        adam("adam"),
        adam("adam_weight_decay", weight_decay=0.01),
        adam("adam_other_betas", beta1=0.8, beta2=0.95, epsilon=1e-3),
        adam("adamw", "AdamW", weight_decay=0.01),
        sgd("sgd"),
        sgd("sgd_weight_decay", weight_decay=0.01),
        sgd("sgd_momentum", momentum=0.9),
        sgd("sgd_momentum_weight_decay", momentum=0.9, weight_decay=0.01),
        sgd("sgd_nesterov", momentum=0.9, nesterov=True),
        sgd("sgd_nesterov_weight_decay", momentum=0.9, nesterov=True, weight_decay=0.01),
    ]


if __name__ == "__main__":
    write("losses.json", losses())
    write("optimizers.json", optimizers())
