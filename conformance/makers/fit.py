"""`fit` over three epochs with a last partial batch: the history and the weights after it."""

import numpy as np
import tensorflow as tf
from keras import optimizers

from . import output, small_net, training

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/fit.json"

SAMPLES = 23
WEIGHTS = ((np.arange(SAMPLES) * 7 % 5) / 2).astype(np.float32)
SPLIT = {"validation_split": 0.25}

CASES = [
    ("plain", {}),
    ("validation split", SPLIT),
    ("validation split, class weights", {**SPLIT, "class_weight": {0: 0.5, 1: 3.0, 2: 1.0}}),
    ("validation split, sample weights", {**SPLIT, "sample_weight": WEIGHTS}),
    ("sample weights", {"sample_weight": WEIGHTS}),
    ("validation data, larger batches", {"validation_data": "the first 7", "validation_batch_size": 4}),
    ("validation every second epoch", {**SPLIT, "validation_freq": 2}),
    ("from epoch 1", {"initial_epoch": 1}),
    ("steps per epoch", {"steps_per_epoch": 1}),
    ("data twice", {"repeat": 2}),
    ("endless data", {"repeat": -1, "steps_per_epoch": 7}),
    ("endless data, short epochs", {"repeat": -1, "steps_per_epoch": 2}),
    ("endless validation data", {"validation_data": "the first 7", "validation_batch_size": 4, "validation_repeat": -1,
                                 "validation_steps": 5}),
    ("fewer validation steps", {"validation_data": "the first 7", "validation_batch_size": 2, "validation_steps": 3}),
    ("batch sizes by steps", {"batch_size": None, "steps_per_epoch": 4, "validation_data": "the first 7", "validation_steps": 3}),
    ("a tiny split", {"validation_split": 0.01, "sample_weight": WEIGHTS}),
]


def optimizer():
    # not Adam, which makes steps of its full rate of the rounding noise that is the gradient of c1's bias
    return optimizers.SGD(0.01, momentum=0.9)


def repeated(x, y, batch_size, count):
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(batch_size).repeat(count)


def case(name, options):
    model = small_net.build()
    model.compile(
        optimizer(), "sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"]
    )
    x, y = small_net.images(SAMPLES), small_net.targets("class", SAMPLES)
    arguments = {"x": x, "y": y, "batch_size": 5, **options}
    if "validation_data" in arguments:
        arguments["validation_data"] = (x[:7], y[:7])
    if "validation_repeat" in arguments:
        size, count = arguments.pop("validation_batch_size"), arguments.pop("validation_repeat")
        arguments["validation_data"] = repeated(*arguments["validation_data"], size, count)
    if "repeat" in arguments:
        arguments["x"] = repeated(x, arguments.pop("y"), arguments.pop("batch_size"), arguments.pop("repeat"))
    history = model.fit(epochs=3, shuffle=False, verbose=0, **arguments)
    evaluated = model.evaluate(x, y, batch_size=5, verbose=0, return_dict=True)
    weighted = model.evaluate(x, y, batch_size=5, verbose=0, return_dict=True, sample_weight=WEIGHTS)
    return {
        "name": name,
        "options": options,
        "epochs": history.epoch,
        "history": {k: output.numbers(v) for k, v in history.history.items()},
        "evaluated": {k: float(np.float32(v)) for k, v in evaluated.items()},
        "evaluated_with_sample_weight": {k: float(np.float32(v)) for k, v in weighted.items()},
        "weights": training.weights_of(model),
    }


def make(root):
    head = {
        "net": small_net.NET_IS, "x": small_net.X_IS, "y": small_net.Y_IS,
        "samples": SAMPLES, "batch_size": 5, "epochs": 3, "shuffle": False, "random_seed": 42,
        "optimizer": training.optimizer_of(optimizer()), "loss": "sparse_categorical_crossentropy",
        "sample_weight": WEIGHTS,
    }
    output.write_json(root / FILE, head, {"cases": [case(*c) for c in CASES]})
