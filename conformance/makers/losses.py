"""Losses of given targets and predictions: probabilities, logits, smoothing, weights, reductions."""

import keras
import numpy as np
import tensorflow as tf
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
MAP_PROBABILITIES = [[[0.75, 0.25], [0.875, 0.125]], [[0.0625, 0.9375], [0.5, 0.5]]]
BITS = [[1, 0], [0, 1], [1, 1]]
BIT_PROBABILITIES = [[0.9, 0.2], [0.0, 1.0], [0.0, 0.5]]
BIT_LOGITS = [[2.0, -1.5], [30.0, -40.0], [0.0, 0.25]]
VALUES = [[0.0, 1.0], [-2.0, 3.0], [0.5, 0.5]]
GUESSES = [[2.0, 1.5], [-2.5, 0.0], [0.5, 0.25]]
PIXELS = (np.arange(24) % 5 % 2).reshape(2, 2, 3, 2)
PIXEL_GUESSES = ((np.arange(24) * 7 % 17 + 1) / 18).reshape(2, 2, 3, 2)
PIXEL_WEIGHTS = [None, (np.arange(12) % 4 / 2).reshape(2, 2, 3)]

WEIGHTS = [None, [0.3, 0.7], [[1.0], [0.0]], [2.0, 0.0]]
WEIGHTS_OF_3 = [None, [0.3, 0.7, 1.5], [0.0, 0.0, 0.0]]
REDUCTIONS = ["sum_over_batch_size", "sum", "none", "mean", "mean_with_sample_weight"]


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


def ignoring():
    """Classes of which one, 255 or -1 or one of the classes, does not count."""
    sparse = losses.SparseCategoricalCrossentropy
    for ignored in (255, -1, 1):
        targets = [[0, ignored], [1, 0]]
        for logits, predictions in [(True, MAP_LOGITS), (False, MAP_PROBABILITIES)]:
            yield sparse, {"from_logits": logits, "ignore_class": ignored}, targets, predictions, [None, [[1.0, 2.0], [0.5, 0.0]]]
    yield sparse, {"ignore_class": 2}, CLASSES, PROBABILITIES, WEIGHTS
    yield sparse, {"ignore_class": 7, "from_logits": True}, [7, 7], LOGITS, [None, [0.3, 0.7]]


def of_numbers():
    """Losses of numbers without settings, on rows and on pixels."""
    plain = [
        losses.MeanAbsoluteError, losses.MeanAbsolutePercentageError, losses.MeanSquaredLogarithmicError, losses.Huber,
        losses.LogCosh, losses.KLDivergence, losses.Poisson, losses.Hinge, losses.SquaredHinge, losses.CategoricalHinge,
        losses.CosineSimilarity, losses.Dice, losses.Tversky,
    ]
    for kind in plain:
        if kind is not losses.Poisson:  # no logarithm of what is negative
            yield kind, {}, VALUES, GUESSES, WEIGHTS_OF_3
        yield kind, {}, BITS, BIT_PROBABILITIES, WEIGHTS_OF_3
        yield kind, {}, [1.0, 2.0, 3.0], [[1.5], [0.25], [3.0]], [None]
        yield kind, {}, PIXELS, PIXEL_GUESSES, PIXEL_WEIGHTS
    for delta in (0.25, 2.0):
        yield losses.Huber, {"delta": delta}, VALUES, GUESSES, WEIGHTS_OF_3
    for axis in (1, 2, -2):
        yield losses.CosineSimilarity, {"axis": axis}, PIXELS, PIXEL_GUESSES, [None]
    for axis in ((1, 2, 3), (1, 2), (0, 1, 2), (-1,)):
        for kind in (losses.Dice, losses.Tversky):
            yield kind, {"axis": axis}, PIXELS, PIXEL_GUESSES, [None]
    yield losses.Tversky, {"alpha": 0.3, "beta": 0.7}, BITS, BIT_PROBABILITIES, [None]


def focal():
    binary, categorical = losses.BinaryFocalCrossentropy, losses.CategoricalFocalCrossentropy
    for options in ({}, {"gamma": 1.5}, {"apply_class_balancing": True, "alpha": 0.4}, {"label_smoothing": 0.2}):
        yield binary, options, BITS, BIT_PROBABILITIES, WEIGHTS_OF_3
        yield binary, {**options, "from_logits": True}, BITS, BIT_LOGITS, [None]
    for options in ({}, {"gamma": 1.5}, {"alpha": 0.4}, {"label_smoothing": 0.1}):
        yield categorical, options, ONE_HOT, UNSCALED, WEIGHTS
        yield categorical, {**options, "from_logits": True}, ONE_HOT, LOGITS, [None]
    yield categorical, {}, MAP_ONE_HOT, MAP_PROBABILITIES, [None]
    yield losses.CategoricalGeneralizedCrossEntropy, {"q": 0.7}, CLASSES, PROBABILITIES, WEIGHTS
    yield losses.CategoricalGeneralizedCrossEntropy, {"q": 0.2}, [[0, 1], [1, 1]], MAP_PROBABILITIES, [None]


def step_logits(batch, steps, classes, size=1.0):
    """Logits that follow no pattern, and none of which is another's."""
    n = np.arange(batch * steps * classes)
    return (size * np.sin(n * n % 97 + n)).reshape(batch, steps, classes)


def of_sequences():
    """Rows of labels: short, full, repeated, with all steps in use, with none; logits small and large."""
    for labels, steps, size in [
        ([[1, 2, 0], [3, 3, 1], [1, 0, 0]], 6, 1.0),
        ([[1, 2, 0], [3, 3, 1], [0, 0, 0]], 4, 2.0),
        ([[2, 2, 2, 0], [1, 2, 3, 1], [3, 1, 0, 0]], 5, 3.0),
        ([[1], [2], [0]], 1, 1.0),
        ([[1, 2], [2, 2], [3, 0]], 7, 150.0),
    ]:
        yield losses.CTC, {}, labels, step_logits(3, steps, 4, size), [None, [0.3, 0.7, 1.5], [0.0, 1.0, 0.0]]


def of_long_sequences():
    long = [[1 + (i * i + i // 3) % 5 for i in range(30)], [1 + i % 2 for i in range(20)] + [0] * 10]
    yield losses.CTC, {}, long, step_logits(2, 80, 6, 4.0), None


def in_pairs():
    """Outputs of length 1 that belong together by their numbers; one that nothing belongs to, and only such."""
    embeddings = step_logits(6, 1, 4).reshape(6, 4)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    for numbers in ([7, -1, 7, 7, -1, 300], [1, 1, 1, 1, 1, 1], [0, 1, 2, 3, 4, 5]):
        for options in ({"gamma": 2.0}, {"gamma": 3.0, "margin": 0.25, "remove_diagonal": False}):
            yield losses.Circle, options, numbers, embeddings, [None, [0.3, 0.7, 1.5, 1.0, 0.0, 2.0]]
    yield losses.Circle, {}, [7, -1, 7, 7, -1, 300], embeddings, [None]


def rows():
    for kind, options, targets, predictions, all_weights in [
        *of_classes(), *of_bits_and_values(), *ignoring(), *of_numbers(), *focal(), *of_sequences(), *in_pairs(),
    ]:
        for weights in all_weights:
            for reduction in REDUCTIONS:
                if reduction == "mean_with_sample_weight" and weights is None:
                    continue
                yield row(kind, {**options, "reduction": reduction}, targets, predictions, weights)


def config_of(loss):
    """With the settings that Keras's own configs leave out."""
    return {k: v for k, v in {**loss._fn_kwargs, **loss.get_config()}.items() if k != "name"}


def row(kind, options, targets, predictions, weights):
    loss = kind(**options)
    targets, predictions = np.asarray(targets, np.float32), np.asarray(predictions, np.float32)
    weights = None if weights is None else np.asarray(weights, np.float32)
    return {
        "class_name": kind.__name__,
        "config": config_of(loss),
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
        ("softmax", "categorical_focal_crossentropy", ONE_HOT, EXTREME),
        ("sigmoid", "binary_focal_crossentropy", BITS, BIT_LOGITS),
        ("softmax", losses.SparseCategoricalCrossentropy(ignore_class=0, name="ignoring"), [1, 0], EXTREME),
    ]:
        logits, targets = np.asarray(logits, np.float32), np.asarray(targets, np.float32)
        inputs = keras.Input(logits.shape[1:])
        model = keras.Model(inputs, layers.Activation(activation)(inputs))
        model.compile(loss=loss)
        yield {
            "activation": activation,
            "loss": getattr(loss, "name", loss),
            "y_true": output.tensor(targets),
            "logits": output.tensor(logits),
            "value": float(np.float32(model.test_on_batch(logits, targets))),
        }


def steps():
    """Three steps of one dense layer by a loss: gradients, reductions, weights and masks at once."""
    soft, sigmoid, linear, weights = "softmax", "sigmoid", None, [0.5, 2.0, 1.0]
    hot, classes, bits, values = np.eye(3)[[0, 2, 1]], np.asarray([0, 2, 1]), np.eye(3)[[1, 1, 0]], np.asarray(
        [[0.5, 1.0, -1.0], [2.0, 0.25, 0.0], [-0.5, 1.5, 1.0]])
    for activation, loss, targets in [
        (linear, losses.Huber(0.5), values), (linear, losses.MeanAbsoluteError(), values), (linear, losses.LogCosh(), values),
        (linear, losses.CosineSimilarity(), values), (linear, losses.Hinge(), bits), (linear, losses.CategoricalHinge(), hot),
        (soft, losses.KLDivergence(), hot), (sigmoid, losses.Poisson(), bits),
        (soft, losses.CategoricalFocalCrossentropy(), hot), (sigmoid, losses.BinaryFocalCrossentropy(), bits),
        (linear, losses.BinaryFocalCrossentropy(from_logits=True, apply_class_balancing=True), bits),
        (soft, losses.SparseCategoricalCrossentropy(ignore_class=2), classes),
        (linear, losses.SparseCategoricalCrossentropy(ignore_class=2, from_logits=True), classes),
        (soft, losses.CategoricalGeneralizedCrossEntropy(0.6), classes),
        (soft, losses.Dice(), hot), (soft, losses.Tversky(0.3, 0.7, axis=-1), hot),
        (soft, losses.CategoricalCrossentropy(reduction="sum"), hot), (linear, losses.MeanSquaredError(reduction="none"), values),
        (linear, losses.MeanSquaredError(reduction="mean_with_sample_weight"), values),
        (linear, losses.Circle(2.0), np.asarray([4, -1, 4])), (linear, losses.Circle(2.0, 0.1, False, reduction="sum"), np.asarray([4, -1, 4])),
    ]:
        for sample_weight in (None, weights):
            if sample_weight is None or not isinstance(loss, losses.Dice):  # one number has no samples to weight
                yield steps_row(activation, loss, targets, sample_weight, POINTS)
    for loss in (losses.CTC(), losses.CTC(reduction="sum")):
        for sample_weight in (None, weights):
            yield steps_row(linear, loss, np.asarray([[1, 2, 0], [2, 2, 0], [1, 0, 0]]), sample_weight, step_logits(3, 5, 2))


POINTS = np.asarray([[1.0, -0.5], [0.25, 2.0], [-1.5, 0.75]], np.float32)


def steps_row(activation, loss, targets, sample_weight, x):
    inputs = keras.Input(x.shape[1:])
    model = keras.Model(inputs, layers.Dense(3, activation, name="dense")(inputs))
    first = [((np.arange(6) * 5 % 7 - 3) / 4).reshape(2, 3), np.asarray([0.3, -0.45, 0.15])]
    model.set_weights(first)
    model.compile(keras.optimizers.SGD(0.1), loss)
    x, targets = np.asarray(x, np.float32), np.asarray(targets, np.float32)
    weights = None if sample_weight is None else np.asarray(sample_weight, np.float32)
    values = []
    for _ in range(3):
        model.reset_metrics()
        values.append(float(np.float32(model.train_on_batch(x, targets, sample_weight=weights))))
    return {
        "activation": activation or "linear",
        "class_name": type(loss).__name__,
        "config": config_of(loss),
        "x": output.tensor(x),
        "y_true": output.tensor(targets),
        "sample_weight": sample_weight,
        "first": [output.tensor(w) for w in first],
        "losses": values,
        "last": [output.tensor(w) for w in model.get_weights()],
    }


def gradients():
    """Sums and Keras's own gradients of them by the predictions, of losses that are not differentiated as they are written."""
    for kind, options, targets, predictions, weights in [*of_sequences(), *of_long_sequences(), *in_pairs()]:
        loss = kind(**options, reduction="sum")
        y = tf.Variable(np.asarray(predictions, np.float32))
        with tf.GradientTape() as tape:
            value = loss(np.asarray(targets, np.float32), y)
        yield {
            "class_name": kind.__name__, "config": config_of(loss), "y_true": output.tensor(np.asarray(targets, np.float32)),
            "y_pred": output.tensor(y.numpy()), "loss": output.tensor(value), "gradient": output.tensor(tape.gradient(value, y)),
        }


def make(root):
    output.write_json(root / FILE, {}, {
        "losses": list(rows()), "through_models": list(through_models()), "steps": list(steps()), "gradients": list(gradients()),
    })
