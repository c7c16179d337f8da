"""Metrics over several updates, and the metric that the word "accuracy" stands for."""

import re

import keras
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
    yield lambda: metrics.BinaryAccuracy(), [bits, ([[1], [0]], [[0.9], [0.8]], [1.0, 3.0])]
    numbers = ([[1, 0, 3], [2.5, 2, 0]], [[1, 0, 2], [2.5, 1, 0]], None)
    yield lambda: metrics.Accuracy(), [numbers, ([[1, 1, 1]], [[1, 0, 0]], None)]
    yield lambda: metrics.Accuracy(), [([[1, 0, 3], [2.5, 2, 0]], [[1, 0, 2], [2.5, 1, 0]], [0.5, 2.0])]
    yield lambda: metrics.Accuracy(), [([1, 0, 2], [[1], [1], [2]], None), ([1, 0], [[0], [0]], [1.0, 3.0])]
    for k in (1, 2, 3, 4):
        yield lambda k=k: metrics.SparseTopKCategoricalAccuracy(k=k), [([3, 1, 1, 2, 3], TIES, None)]
        yield lambda k=k: metrics.TopKCategoricalAccuracy(k=k), [(hot[[3, 1, 1, 2, 3]], TIES, None)]
    yield lambda: metrics.SparseTopKCategoricalAccuracy(k=2), [([3, 1, 1, 2, 3], TIES, [1, 2, 3, 4, 5]), ([0, 0], TIES[:2], None)]


ROWS = np.asarray([[0.1, 0.6, 0.3], [0.9, 0.4, 0.2], [0.5, 0.2, 0.6], [0.3, 0.35, 0.3], [1.0, 0.0, 0.75]], np.float32)
BITS = np.asarray([[0, 1, 0], [1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 1]], np.float32)
HOT = np.eye(3, dtype=np.float32)[[1, 0, 2, 1, 0]]
NUMBERS = np.asarray([[0.5, 2.0, -1.0], [1.5, 0.25, 3.0], [-2.0, 1.0, 0.75], [2.0, -0.5, 1.0], [1.0, 1.0, 0.5]], np.float32)
WEIGHTS = [0.5, 2.0, 0.0, 1.0, 3.0]
CLASSES = np.asarray([[[0, 1, 2], [2, 2, 1]], [[1, 0, 0], [255, 1, 2]]], np.float32)
MAPS = ((np.arange(36) * 7 % 19) / 19).reshape(2, 2, 3, 3).astype(np.float32)
MAP_BITS = (np.arange(36) % 7 % 2).reshape(2, 2, 3, 3).astype(np.float32)
MAP_WEIGHTS = (np.arange(12) % 4 / 2).reshape(2, 2, 3)


def batches(targets, predictions):
    """The same batch without and with weights, and with a smaller batch after each."""
    yield [(targets, predictions, None), (targets[:2], predictions[1:3], None)]
    yield [(targets, predictions, WEIGHTS), (targets[:2], predictions[1:3], [2.0, 0.5])]


def of_losses():
    """Means of losses, and of what is like them."""
    for metric in (
        metrics.MeanSquaredError, metrics.MeanAbsoluteError, metrics.MeanAbsolutePercentageError,
        metrics.MeanSquaredLogarithmicError, metrics.RootMeanSquaredError, metrics.LogCoshError, metrics.KLDivergence,
        metrics.Poisson, metrics.Hinge, metrics.SquaredHinge, metrics.CategoricalHinge, metrics.CosineSimilarity,
        metrics.PearsonCorrelation, metrics.ConcordanceCorrelation,
    ):
        for steps in batches(NUMBERS, ROWS):
            yield metric, steps
        yield metric, [(MAP_BITS, MAPS, None), (MAP_BITS[:1], MAPS[1:], None)]
        if metric is not metrics.RootMeanSquaredError:
            yield metric, [(MAP_BITS, MAPS, MAP_WEIGHTS)]
    for smoothing in (0, 0.2):
        for steps in batches(BITS, ROWS):
            yield lambda smoothing=smoothing: metrics.BinaryCrossentropy(label_smoothing=smoothing), steps
        for steps in batches(HOT, ROWS):
            yield lambda smoothing=smoothing: metrics.CategoricalCrossentropy(label_smoothing=smoothing), steps
    yield lambda: metrics.BinaryCrossentropy(from_logits=True), [(BITS, NUMBERS, None)]
    yield lambda: metrics.CategoricalCrossentropy(from_logits=True), [(HOT, NUMBERS, WEIGHTS)]
    for steps in batches(np.asarray([1, 0, 2, 1, 0]), ROWS):
        yield metrics.SparseCategoricalCrossentropy, steps
        yield lambda: metrics.SparseCategoricalCrossentropy(ignore_class=1, from_logits=True), steps
    for weights in (None, MAP_WEIGHTS):
        yield lambda: metrics.SparseCategoricalCrossentropy(ignore_class=255), [(CLASSES, MAPS, weights)]


def of_counts():
    """Precision and its kin, at thresholds, of classes, of the likeliest."""
    counts = (metrics.TruePositives, metrics.FalsePositives, metrics.TrueNegatives, metrics.FalseNegatives)
    settings = [{}, {"thresholds": [0.3]}, {"thresholds": [0.2, 0.5, 0.9]}, {"thresholds": [0.0, 0.5, 1.0]}]
    for steps in batches(BITS, ROWS):
        for metric in (*counts, metrics.Precision, metrics.Recall):
            for options in settings:
                yield lambda metric=metric, options=options: metric(**options), steps
        for metric in (metrics.Precision, metrics.Recall):
            for options in ({"top_k": 2}, {"class_id": 1}, {"top_k": 1, "class_id": 2}, {"top_k": 2, "thresholds": [0.4]}):
                yield lambda metric=metric, options=options: metric(**options), steps
        for options in ({}, {"class_id": 2}, {"num_thresholds": 1}, {"num_thresholds": 5}):
            yield lambda options=options: metrics.SensitivityAtSpecificity(0.5, **options), steps
            yield lambda options=options: metrics.SpecificityAtSensitivity(0.4, **options), steps
            yield lambda options=options: metrics.PrecisionAtRecall(0.6, **options), steps
            yield lambda options=options: metrics.RecallAtPrecision(0.7, **options), steps
    yield metrics.Precision, [(np.asarray([1, 0, 1, 1, 0]), ROWS[:, :1], None)]
    yield metrics.Precision, [(MAP_BITS, MAPS, None), (MAP_BITS, MAPS, MAP_WEIGHTS)]


def of_curves():
    labelled = [{}, {"multi_label": True}, {"multi_label": True, "label_weights": [1.0, 0.5, 2.0]}, {"label_weights": [1.0, 0.5, 2.0]}]
    for unweighted, weighted in [tuple(batches(BITS, ROWS))]:
        for curve in ("ROC", "PR", "PRGAIN"):
            for method in ("interpolation", "minoring", "majoring"):
                for options in labelled:
                    options = {"curve": curve, "summation_method": method, **options}
                    yield lambda options=options: metrics.AUC(**options), unweighted
                    yield lambda options=options: metrics.AUC(num_thresholds=7, **options), weighted
        for options in labelled:
            yield lambda options=options: metrics.AUC(thresholds=[0.8, 0.31, 0.35], **options), unweighted
            if "multi_label" not in options:
                yield lambda options=options: metrics.AUC(thresholds=[0.8, 0.31, 0.35], **options), weighted
        yield lambda: metrics.AUC(thresholds=[0.25, 0.5, 0.75]), unweighted
        yield lambda: metrics.AUC(num_thresholds=2), unweighted
    yield lambda: metrics.AUC(from_logits=True), [(BITS, NUMBERS, None)]
    yield metrics.AUC, [(MAP_BITS, MAPS, None)]


def of_overlaps():
    for steps in [*batches(BITS, ROWS), *batches(HOT, ROWS)]:
        for average in (None, "micro", "macro", "weighted"):
            yield lambda average=average: metrics.F1Score(average=average), steps
            yield lambda average=average: metrics.FBetaScore(average=average, beta=2.0, threshold=0.35), steps
    for aggregation in (None, "uniform_average", "variance_weighted_average"):
        for regressors in (0, 2):
            for steps in batches(NUMBERS, ROWS):
                options = {"class_aggregation": aggregation, "num_regressors": regressors}
                yield lambda options=options: metrics.R2Score(**options), steps
    yield lambda: metrics.R2Score(num_regressors=20), [(NUMBERS, ROWS, None)]
    yield lambda: metrics.R2Score(num_regressors=14), [(NUMBERS, ROWS, None)]


def of_intersections():
    unequal = [(CLASSES, MAPS, None), (CLASSES[:1], MAPS[1:], None)]
    weighted = [(CLASSES, MAPS, np.asarray([[[1, 2, 0], [1, 1, 3]], [[0, 1, 1], [2, 5, 1]]]))]
    for steps in (unequal, weighted):
        for options in ({}, {"ignore_class": 1}, {"ignore_class": 255}):
            yield lambda options=options: metrics.MeanIoU(3, sparse_y_pred=False, **options), steps
            yield lambda options=options: metrics.IoU(3, [0, 2], sparse_y_pred=False, **options), steps
    hot = np.eye(3, dtype=np.float32)[CLASSES.astype(int) % 3]
    for options in ({}, {"ignore_class": 2}):
        yield lambda options=options: metrics.OneHotMeanIoU(3, **options), [(hot, MAPS, None), (hot[1:], MAPS[:1], None)]
        yield lambda options=options: metrics.OneHotIoU(3, [1], **options), [(hot, MAPS, None)]
    yield lambda: metrics.MeanIoU(4), [(np.asarray([[0], [1], [2], [3], [1]]), np.asarray([[0.0], [1.0], [1.0], [5.0], [2.0]]), None)]
    for options in ({}, {"threshold": 0.3}, {"target_class_ids": [1]}):
        yield lambda options=options: metrics.BinaryIoU(**options), [(BITS, ROWS, None), (BITS[:1], ROWS[1:2], None)]
        yield lambda options=options: metrics.BinaryIoU(**options), [(MAP_BITS[..., :1], MAPS[..., :1], None)]


def all_updates():
    for group in (updates, of_losses, of_counts, of_curves, of_overlaps, of_intersections):
        for make_metric, steps in group():
            yield make_metric, steps


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
            "result": output.tensor(np.asarray(metric.result(), np.float32)),
        })
    metric.reset_state()
    metric.update_state(targets, predictions, sample_weight=weights)
    again = output.tensor(np.asarray(metric.result(), np.float32))
    config = {k: np.asarray(v).tolist() if k == "label_weights" else v for k, v in metric.get_config().items() if k not in ("dtype", "fn")}
    config["name"] = re.sub(r"_\d+$", "", config["name"])
    return {
        "class_name": type(metric).__name__,
        "direction": getattr(metric, "_direction", None),
        "config": config,
        "updates": steps,
        "last_again": again,
    }


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


def through_models():
    """Metrics of a model that ends in softmax or sigmoid, which start from its logits."""
    for activation, loss, metric, targets, logits in [
        ("softmax", "sparse_categorical_crossentropy", "sparse_categorical_crossentropy", [1, 0], [[40.0, 0, 0], [-100.0, 100.0, 0]]),
        ("softmax", "categorical_crossentropy", "categorical_crossentropy", [[0, 1, 0], [1, 0, 0]], [[40.0, 0, 0], [-100.0, 100.0, 0]]),
        ("sigmoid", "binary_crossentropy", "binary_crossentropy", [[1, 0], [0, 1]], [[-40.0, 0], [100.0, -20.0]]),
    ]:
        logits, targets = np.asarray(logits, np.float32), np.asarray(targets, np.float32)
        inputs = keras.Input(logits.shape[1:])
        model = keras.Model(inputs, keras.layers.Activation(activation)(inputs))
        model.compile(loss=loss, metrics=[metric])
        values = model.test_on_batch(logits, targets, return_dict=True)
        yield {
            "activation": activation, "loss": loss, "metric": metric,
            "y_true": output.tensor(targets), "logits": output.tensor(logits),
            "value": float(np.float32(values[metric])),
        }


def make(root):
    lists = {
        "metrics": [update_row(*u) for u in all_updates()],
        "mean": [
            mean_row([([1.0, 2.0, 6.0], None)]),
            mean_row([([1.0, 2.0], None), ([5.0], None)]),
            mean_row([([1.0, 3.0], [1.0, 3.0]), ([8.0], [0.5])]),
            mean_row([([4.0], [0.0])]),
        ],
        "through_models": list(through_models()),
        "resolved": [resolved(w, *s) for w in ("accuracy", "acc") for s in RESOLVED],
    }
    output.write_json(root / FILE, {}, lists)
