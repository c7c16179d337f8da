"""Curves and areas of classifiers as scikit-learn computes them, ties and classes of one sample included."""

import numpy as np
from sklearn import calibration, metrics, preprocessing

from . import output

FILE = "pictures/src/test/resources/dev/tfgraphs/pictures/golden/evaluation.json"


def binary(name, scores, positive):
    scores, positive = np.asarray(scores, np.float64), np.asarray(positive, int)
    fpr, tpr, thresholds = metrics.roc_curve(positive, scores)
    precisions, recalls, cuts = metrics.precision_recall_curve(positive, scores)
    return {
        "name": name, "scores": scores.tolist(), "positive": positive.astype(bool).tolist(),
        "roc": {"fpr": fpr.tolist(), "tpr": tpr.tolist(), "thresholds": thresholds[1:].tolist(),
                "area": float(metrics.roc_auc_score(positive, scores))},
        "precision_recall": {"precisions": precisions.tolist(), "recalls": recalls.tolist(), "thresholds": cuts.tolist(),
                             "average_precision": float(metrics.average_precision_score(positive, scores))},
    }


def calibrated(name, probabilities, came, bins, strategy):
    said, true = np.asarray(probabilities, np.float64), np.asarray(came, bool)
    frequencies, means = calibration.calibration_curve(true, said, n_bins=bins, strategy=strategy)
    return {"name": name, "probabilities": said.tolist(), "came": true.tolist(), "bins": bins, "strategy": strategy,
            "frequencies": frequencies.tolist(), "means": means.tolist()}


def many(name, scores, labels):
    """Float32 scores, as networks give them."""
    scores = scores.astype(np.float32)
    classes = scores.shape[1]
    hot = preprocessing.label_binarize(labels, classes=range(classes)) if classes > 2 else np.eye(2, dtype=int)[labels]
    doubles = scores.astype(np.float64)
    area = {average: float(metrics.roc_auc_score(hot, doubles, average=average)) for average in ("macro", "micro")}
    precision = {a: float(metrics.average_precision_score(hot, doubles, average=a)) for a in ("macro", "micro")}
    largest, right = doubles.max(1), doubles.argmax(1) == labels
    bins = np.searchsorted(np.linspace(0, 1, 11)[1:-1], largest)
    error = sum(abs(largest[bins == b].sum() - right[bins == b].sum()) for b in range(10)) / len(labels)
    return {"name": name, "scores": output.tensor(scores), "labels": labels.tolist(),
            "areas": metrics.roc_auc_score(hot, doubles, average=None).tolist(), "area": area,
            "average_precisions": metrics.average_precision_score(hot, doubles, average=None).tolist(),
            "average_precision": precision, "calibration_error": float(error)}


def softmax(values):
    raised = np.exp(values - values.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def make(root):
    rng = np.random.default_rng(5)
    positive = rng.integers(0, 2, 60)
    scores = np.round(positive + rng.normal(size=60), 3)
    said = np.round(rng.random(80), 2)
    came = rng.random(80) < said ** 2
    labels = rng.permutation(np.arange(60) % 4)
    binaries = [
        binary("apart", scores, positive),
        binary("tied", np.round(scores), positive),
        binary("all alike", np.ones(6), [0, 1, 1, 0, 0, 1]),
        binary("perfect", [0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]),
        binary("upside down", [0.9, 0.8, 0.2, 0.1], [0, 0, 1, 1]),
        binary("one positive", [0.3, 0.1, 0.2, 0.25, 0.7], [0, 0, 1, 0, 0]),
    ]
    calibrations = [
        calibrated(f"{strategy} {bins}", said, came, bins, strategy)
        for strategy in ("uniform", "quantile") for bins in (1, 4, 10, 15)
    ]
    classes = [
        many("four classes", softmax(2 * np.eye(4)[labels] + rng.normal(size=(60, 4))), labels),
        many("two classes", softmax(np.eye(2)[labels % 2] + rng.normal(size=(60, 2))), labels % 2),
    ]
    output.write_json(root / FILE, {}, {"binary": binaries, "calibrations": calibrations, "classes": classes})
