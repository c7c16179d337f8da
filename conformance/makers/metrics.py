"""Metrics over several updates, and the metric that the word "accuracy" stands for."""

import numpy as np
from keras import metrics
from keras.src.trainers.compile_utils import CompileMetrics

from . import output

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/metrics.json"

SCORES = [[0.1, 0.6, 0.3], [0.4, 0.4, 0.2], [0.2, 0.2, 0.6], [0.3, 0.3, 0.3]]
TIES = [[0.5, 0.5, 0.5, 0.5], [0.1, 0.4, 0.4, 0.1], [0.9, 0.1, 0.0, 0.0], [0.0, 0.25, 0.25, 0.5], [0.3, 0.2, 0.3, 0.2]]


def updates():
    """Metric, updates of (targets, predictions, sample weights)."""
    hot = np.eye(4, dtype=np.float32)
    first, second = ([1, 0, 0, 2], SCORES, None), ([2, 1], SCORES[:2], None)
    weighted = ([1, 1, 2, 0], SCORES, [1.0, 0.5, 2.0, 0.0])
    yield lambda: metrics.SparseCategoricalAccuracy(), [first]
    yield lambda: metrics.SparseCategoricalAccuracy(), [first, second]
    yield lambda: metrics.SparseCategoricalAccuracy(), [weighted, second]
    yield lambda: metrics.SparseCategoricalAccuracy(), [([[1], [0], [0], [2]], SCORES, None)]
    yield lambda: metrics.CategoricalAccuracy(), [(hot[[1, 0, 0, 2], :3], SCORES, None)]
    yield lambda: metrics.CategoricalAccuracy(), [(hot[[1, 1, 2, 0], :3], SCORES, [1.0, 0.5, 2.0, 0.0])]
    bits = ([[1], [0], [1], [0]], [[0.5], [0.5], [0.51], [0.49]], None)
    yield lambda: metrics.BinaryAccuracy(), [bits]
    yield lambda: metrics.BinaryAccuracy(threshold=0.25), [bits]
    yield lambda: metrics.BinaryAccuracy(), [bits, ([[1, 0], [1, 1]], [[0.9, 0.8], [0.1, 0.7]], [1.0, 3.0])]
    for k in (1, 2, 3, 5):
        yield lambda k=k: metrics.SparseTopKCategoricalAccuracy(k=k), [([3, 1, 1, 2, 3], TIES, None)]
        yield lambda k=k: metrics.TopKCategoricalAccuracy(k=k), [(hot[[3, 1, 1, 2, 3]], TIES, None)]
    yield lambda: metrics.SparseTopKCategoricalAccuracy(k=2), [([3, 1, 1, 2, 3], TIES, [1, 2, 3, 4, 5]), ([0, 0], TIES[:2], None)]


def update_row(make_metric, all_updates):
    metric = make_metric()
    steps = []
    for targets, predictions, weights in all_updates:
        targets, predictions = np.asarray(targets, np.float32), np.asarray(predictions, np.float32)
        weights = None if weights is None else np.asarray(weights, np.float32)
        metric.update_state(targets, predictions, sample_weight=weights)
        steps.append({
            "y_true": output.tensor(targets),
            "y_pred": output.tensor(predictions),
            "sample_weight": None if weights is None else output.tensor(weights),
            "result": float(np.float32(metric.result())),
        })
    config = {k: v for k, v in metric.get_config().items() if k != "dtype"}
    return {"class_name": type(metric).__name__, "config": config, "updates": steps}


def mean_row(all_updates):
    metric = metrics.Mean(name="mean")
    steps = []
    for values, weights in all_updates:
        metric.update_state(np.asarray(values, np.float32), sample_weight=weights)
        steps.append({"values": values, "sample_weight": weights, "result": float(np.float32(metric.result()))})
    return {"updates": steps}


def resolved(word, target_shape, prediction_shape):
    """The metric behind a word, for targets and predictions of these shapes."""
    predictions = np.abs(output.grid(prediction_shape)) / 4
    targets = np.mod(np.arange(int(np.prod(target_shape))), 2).reshape(target_shape).astype(np.float32)
    if target_shape == prediction_shape and target_shape[-1] > 1:
        targets = np.eye(target_shape[-1], dtype=np.float32)[np.arange(int(np.prod(target_shape[:-1]))) % target_shape[-1]]
        targets = targets.reshape(target_shape)
    compiled = CompileMetrics([word], None)
    compiled.build(targets, predictions)
    compiled.update_state(targets, predictions)
    metric = compiled.metrics[0]
    return {
        "word": word,
        "class_name": type(metric).__name__,
        "name": metric.name,
        "y_true": output.tensor(targets),
        "y_pred": output.tensor(predictions),
        "result": float(np.float32(metric.result())),
    }


RESOLVED = [
    ((6,), (6, 4)), ((6, 1), (6, 4)), ((6, 4), (6, 4)), ((6,), (6, 1)), ((6, 1), (6, 1)),
    ((2, 3), (2, 3, 4)), ((2, 3, 1), (2, 3, 4)), ((2, 3, 4), (2, 3, 4)), ((2, 3, 1), (2, 3, 1)),
    ((3, 2), (3, 2)),
]


def make(root):
    lists = {
        "metrics": [update_row(*u) for u in updates()],
        "mean": [
            mean_row([([1.0, 2.0, 6.0], None)]),
            mean_row([([1.0, 2.0], None), ([5.0], None)]),
            mean_row([([1.0, 3.0], [1.0, 3.0]), ([8.0], [0.5])]),
            mean_row([([4.0], [0.0])]),
        ],
        "resolved": [resolved(w, *s) for w in ("accuracy", "acc") for s in RESOLVED],
    }
    output.write_json(root / FILE, {}, lists)
