"""Writes metrics.json: Keras' and scikit-learn's metrics restated over whole arrays, without counting batch by batch."""

import numpy as np

from common import Numbers, float32_json, write

EPSILON = 1e-7


def array_json(array):
    array = np.asarray(array, dtype=np.float32)
    return {"shape": list(array.shape), "data": float32_json(array.reshape(-1))}


def metric_case(name, metric, scores, targets, value, threshold=0.5, **config):
    return {
        "name": name,
        "metric": metric,
        "config": config,
        "threshold": threshold,
        "scores": array_json(scores),
        "targets": array_json(targets),
        "value": float(value),
    }


def columns(targets, units):
    """Targets with a column an output: class indices become one-hot."""
    targets = np.asarray(targets, dtype=np.float64)
    if targets.ndim == 1:
        return np.eye(units)[targets.astype(int)] if units > 1 else targets[:, None]
    return targets


def labels(targets, units):
    shares = columns(targets, units)
    return shares.argmax(1) if units > 1 else (shares[:, 0] > 0.5).astype(int)


def answers(scores, threshold):
    return scores.argmax(1) if scores.shape[1] > 1 else (scores[:, 0] > threshold).astype(int)


def accuracy(name, scores, targets, threshold=0.5):
    value = np.mean(answers(scores, threshold) == labels(targets, scores.shape[1]))
    return metric_case(name, "accuracy", scores, targets, value, threshold)


def binary_accuracy(name, scores, targets, threshold=0.5):
    value = np.mean((scores > threshold) == (columns(targets, scores.shape[1]) > 0.5))
    return metric_case(name, "binary_accuracy", scores, targets, value, threshold)


def top_k(name, k, scores, targets):
    """A stable sort puts the first of equal scores higher."""
    highest = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    value = np.mean([label in row for label, row in zip(labels(targets, scores.shape[1]), highest)])
    return metric_case(name, "top_k", scores, targets, value, k=k)


def roc_area(scores, positive):
    """Keras' AUC(num_thresholds=200, curve="ROC", summation_method="interpolation")."""
    inner = [(i + 1) / 199 for i in range(198)]
    thresholds = np.array([-EPSILON, *inner, 1 + EPSILON])[:, None]
    taken = scores[None].astype(np.float64) > thresholds
    found = (taken & positive).sum(1) / max(1, positive.sum())
    wrong = (taken & ~positive).sum(1) / max(1, (~positive).sum())
    return np.sum((wrong[:-1] - wrong[1:]) * (found[:-1] + found[1:]) / 2)


def auc(name, scores, targets):
    """The mean over the outputs that have both kinds of examples; 0 for none, as in Keras."""
    positive = columns(targets, scores.shape[1]) > 0.5
    areas = [
        roc_area(scores[:, unit], positive[:, unit])
        for unit in range(scores.shape[1])
        if 0 < positive[:, unit].sum() < len(scores)
    ]
    return metric_case(name, "auc", scores, targets, np.mean(areas) if areas else 0.0)


def by_class(name, scores, targets, threshold=0.5):
    """Precision, recall and F1; macro over the classes that occur or are predicted, with zero_division=0."""
    units = scores.shape[1]
    wanted, got = labels(targets, units), answers(scores, threshold)
    classes = [1] if units == 1 else sorted(set(wanted) | set(got))
    divide = lambda part, whole: part / whole if whole else 0.0
    values = []
    for each in classes:
        found = np.sum((wanted == each) & (got == each))
        precision, recall = divide(found, np.sum(got == each)), divide(found, np.sum(wanted == each))
        values.append((precision, recall, divide(2 * precision * recall, precision + recall)))
    metrics = ("precision", "recall", "f1")
    return [
        metric_case(f"{metric}_{name}", metric, scores, targets, value, threshold)
        for metric, value in zip(metrics, np.mean(values, axis=0))
    ]


def mean_absolute_error(name, scores, targets):
    scores = np.asarray(scores, dtype=np.float32)
    error = np.abs(scores.astype(np.float64) - columns(targets, scores.shape[1])).mean()
    return metric_case(name, "mean_absolute_error", scores, targets, error)


def grid(name, *shape, low=0.0, high=1.0):
    return Numbers(name).distinct(*shape, low=low, high=high).numpy().astype(np.float32)


def metrics():
    random = Numbers("metric targets").random
    yes = random.integers(0, 2, 40)
    likely = np.clip(grid("likely", 40, 1) * 0.7 + 0.3 * yes[:, None], 0, 1).astype(np.float32)
    likely[:4, 0] = [0, 1, 0.5, 0.5]
    decisions = (likely - 0.5) * 4
    indices = random.integers(0, 5, 20)
    classes = grid("classes", 20, 5)
    classes[np.arange(20), indices] += np.float32(0.3)
    classes /= classes.sum(1, keepdims=True)
    tied = np.round(classes, 1)
    never = np.where([True, True, True, False, True], classes, 0)
    rare = np.where(indices == 3, 0, indices)
    several = (grid("several targets", 20, 3) > 0.4).astype(int)
    answered = np.clip(grid("several", 20, 3) * 0.6 + 0.4 * several, 0, 1).astype(np.float32)
    return [
        accuracy("accuracy_classes", classes, indices),
        accuracy("accuracy_one_hot", classes, np.eye(5)[indices]),
        accuracy("accuracy_ties", tied, indices),
        accuracy("accuracy_one_output", likely, yes),
        accuracy("accuracy_decisions", decisions, yes[:, None], threshold=0.0),
        binary_accuracy("binary_accuracy_one_output", likely, yes),
        binary_accuracy("binary_accuracy_labels", answered, several),
        binary_accuracy("binary_accuracy_threshold", likely, yes, threshold=0.7),
        top_k("top_1", 1, classes, indices),
        top_k("top_2", 2, classes, indices),
        top_k("top_3_one_hot", 3, classes, np.eye(5)[indices]),
        top_k("top_2_ties", 2, tied, indices),
        top_k("top_9_of_5", 9, classes, indices),
        auc("auc_one_output", likely, yes),
        auc("auc_column", likely, yes[:, None]),
        auc("auc_labels", answered, several),
        auc("auc_classes", classes, indices),
        auc("auc_class_without_examples", classes, rare),
        auc("auc_no_positives", likely, np.zeros(40)),
        auc("auc_no_negatives", likely, np.ones(40)),
        *by_class("one_output", likely, yes),
        *by_class("decisions", decisions, yes, threshold=0.0),
        *by_class("no_positives", likely, np.zeros(40)),
        *by_class("nothing_taken", likely, yes, threshold=1.0),
        *by_class("classes", classes, indices),
        *by_class("one_hot", classes, np.eye(5)[indices]),
        *by_class("class_never_right", never, indices),
        *by_class("class_left_out", never, rare),
        mean_absolute_error("mean_absolute_error", grid("errors", 8, 3, low=-2, high=2), grid("wanted", 8, 3)),
        mean_absolute_error("mean_absolute_error_one_output", likely, yes),
    ]


if __name__ == "__main__":
    write("metrics.json", metrics())
