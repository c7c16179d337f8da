"""Losses of given targets and predictions: probabilities, logits, smoothing, weights, reductions."""

import keras
import numpy as np
from keras import layers, losses

from . import output

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/losses.json"

ONE_HOT = [[0, 1, 0], [0, 0, 1]]
PROBABILITIES = [[0.05, 0.95, 0.0], [0.1, 0.8, 0.1]]
UNSCALED = [[0.2, 0.5, 0.1], [3.0, 1.0, 2.0]]
LOGITS = [[1.0, 2.0, 3.0], [0.0, -1.0, 0.5]]
EXTREME = [[40.0, 0.0, 0.0], [-100.0, 100.0, 0.0]]
CLASSES = [1, 2]
MAP_ONE_HOT = [[[1, 0], [0, 1]], [[0, 1], [0, 1]]]
MAP_LOGITS = [[[0.5, -0.5], [2.0, 1.0]], [[-1.0, 1.5], [0.0, 0.25]]]
BITS = [[1, 0], [0, 1], [1, 1]]
BIT_PROBABILITIES = [[0.9, 0.2], [0.0, 1.0], [0.0, 0.5]]
BIT_LOGITS = [[2.0, -1.5], [30.0, -40.0], [0.0, 0.25]]
VALUES = [[0.0, 1.0], [-2.0, 3.0], [0.5, 0.5]]
GUESSES = [[2.0, 1.5], [-2.5, 0.0], [0.5, 0.25]]

WEIGHTS = [None, [0.3, 0.7], [[1.0], [0.0]], [2.0, 0.0]]
WEIGHTS_OF_3 = [None, [0.3, 0.7, 1.5], [0.0, 0.0, 0.0]]
REDUCTIONS = ["sum_over_batch_size", "sum", "none", "mean_with_sample_weight"]


def of_classes():
    """Loss class, options, targets, predictions, sample weights."""
    categorical, sparse = losses.CategoricalCrossentropy, losses.SparseCategoricalCrossentropy
    for smoothing in (0.0, 0.1):
        for logits, predictions in [(False, PROBABILITIES), (False, UNSCALED), (True, LOGITS), (True, EXTREME)]:
            options = {"label_smoothing": smoothing, "from_logits": logits}
            yield categorical, options, ONE_HOT, predictions, WEIGHTS
    yield categorical, {"from_logits": True}, MAP_ONE_HOT, MAP_LOGITS, [None, [0.3, 0.7], [[1.0, 2.0], [0.5, 0.0]]]
    for logits, predictions in [(False, PROBABILITIES), (False, UNSCALED), (True, LOGITS), (True, EXTREME)]:
        yield sparse, {"from_logits": logits}, CLASSES, predictions, WEIGHTS
    yield sparse, {}, [[1], [2]], PROBABILITIES, [None, [0.3, 0.7]]
    yield sparse, {"from_logits": True}, [[0, 1], [1, 1]], MAP_LOGITS, [None, [[1.0, 2.0], [0.5, 0.0]]]


def of_bits_and_values():
    binary, squared = losses.BinaryCrossentropy, losses.MeanSquaredError
    for smoothing in (0.0, 0.2):
        for logits, predictions in [(False, BIT_PROBABILITIES), (True, BIT_LOGITS)]:
            yield binary, {"label_smoothing": smoothing, "from_logits": logits}, BITS, predictions, WEIGHTS_OF_3
    yield binary, {}, [1, 0, 1], [[0.9], [0.2], [0.4]], WEIGHTS_OF_3
    yield squared, {}, VALUES, GUESSES, WEIGHTS_OF_3
    yield squared, {}, [1.0, 2.0, 3.0], [[1.5], [0.0], [3.0]], WEIGHTS_OF_3


def rows():
    for kind, options, targets, predictions, all_weights in [*of_classes(), *of_bits_and_values()]:
        for weights in all_weights:
            for reduction in REDUCTIONS:
                if reduction == "mean_with_sample_weight" and weights is None:
                    continue
                yield row(kind, {**options, "reduction": reduction}, targets, predictions, weights)


def row(kind, options, targets, predictions, weights):
    loss = kind(**options)
    targets, predictions = np.asarray(targets, np.float32), np.asarray(predictions, np.float32)
    weights = None if weights is None else np.asarray(weights, np.float32)
    return {
        "class_name": kind.__name__,
        "config": {k: v for k, v in loss.get_config().items() if k != "name"},
        "y_true": output.tensor(targets),
        "y_pred": output.tensor(predictions),
        "sample_weight": None if weights is None else output.tensor(weights),
        "loss": output.tensor(loss(targets, predictions, sample_weight=weights)),
    }


def through_models():
    """A model that ends in softmax or sigmoid: the loss comes from its logits."""
    for activation, loss, targets, logits in [
        ("softmax", "sparse_categorical_crossentropy", [1, 0], EXTREME),
        ("softmax", "categorical_crossentropy", ONE_HOT, EXTREME),
        ("sigmoid", "binary_crossentropy", BITS, BIT_LOGITS),
        ("softmax", "mean_squared_error", ONE_HOT, LOGITS),
    ]:
        logits, targets = np.asarray(logits, np.float32), np.asarray(targets, np.float32)
        inputs = keras.Input(logits.shape[1:])
        model = keras.Model(inputs, layers.Activation(activation)(inputs))
        model.compile(loss=loss)
        yield {
            "activation": activation,
            "loss": loss,
            "y_true": output.tensor(targets),
            "logits": output.tensor(logits),
            "value": float(np.float32(model.test_on_batch(logits, targets))),
        }


def make(root):
    output.write_json(root / FILE, {}, {"losses": list(rows()), "through_models": list(through_models())})
