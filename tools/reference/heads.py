"""Writes heads.json: linear heads that torch's L-BFGS finds in double precision, and torch's cosine and neighbour votes."""

import torch
from torch.nn import functional

from common import formula_input, tensor_json, write

EXAMPLES, SIZE, CLASSES = 40, 6, 3
REGULARISATION = 0.01


def table():
    """Features with an offset and unequal scales, and labels that they tell most of the time."""
    features = formula_input(EXAMPLES, SIZE).double() * torch.tensor([1, 2, 0.5, 3, 0.1, 1.0]) + 2
    labels = (features[:, 0] + features[:, 3]).argsort().argsort() * CLASSES // EXAMPLES
    labels[::9] = (labels[::9] + 1) % CLASSES
    return features, labels


def losses(kind, logits, labels):
    if kind == "logistic":
        return functional.cross_entropy(logits, labels)
    signs = 2 * functional.one_hot(labels, CLASSES) - 1
    return (1 - signs * logits).relu().square().sum(1).mean()


def solved(kind, features, labels):
    """The minimum of the mean loss and the penalty, for features centred and scaled to a mean square length of 1."""
    mean = features.mean(0)
    scale = 1 / (features - mean).square().sum(1).mean().sqrt()
    scaled = (features - mean) * scale
    weight = torch.zeros(CLASSES, SIZE, dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(CLASSES, dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([weight, bias], max_iter=5000, tolerance_grad=1e-12, tolerance_change=0, line_search_fn="strong_wolfe")

    def objective():
        solver.zero_grad()
        value = losses(kind, scaled @ weight.T + bias, labels) + REGULARISATION / 2 * weight.square().sum()
        value.backward()
        return value

    solver.step(objective)
    value = objective().item()
    if weight.grad.abs().max() > 1e-7 or bias.grad.abs().max() > 1e-7:
        raise ValueError(f"{kind}: not converged, gradient {weight.grad.abs().max():.1e}")
    plain = weight.detach() * scale
    return {"weight": tensor_json(plain), "bias": tensor_json(bias.detach() - plain @ mean), "objective": value}


def cosine(features, weight):
    return tensor_json(16 * functional.normalize(features) @ functional.normalize(weight).T)


def neighbours(features, labels, queries, count):
    cosines = functional.normalize(queries) @ functional.normalize(features).T / 0.07
    values, rows = cosines.topk(count)
    shares = torch.zeros(len(queries), CLASSES, dtype=torch.float64).scatter_add_(1, labels[rows], values.softmax(1))
    return tensor_json(shares.clamp_min(1e-4).log())


if __name__ == "__main__":
    features, labels = table()
    queries = formula_input(5, SIZE).double() + 1
    write(
        "heads.json",
        {
            "features": tensor_json(features),
            "labels": labels.tolist(),
            "regularisation": REGULARISATION,
            "logistic": solved("logistic", features, labels),
            "squared_hinge": solved("squared_hinge", features, labels),
            "queries": tensor_json(queries),
            "cosine_weight": tensor_json(formula_input(CLASSES, SIZE)),
            "cosine": cosine(queries, formula_input(CLASSES, SIZE).double()),
            "neighbours": neighbours(features, labels, queries, 7),
        },
    )
