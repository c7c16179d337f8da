"""Layers that draw random numbers in training: three calls in a row from one seed."""

import keras
import numpy as np
from keras import layers

from . import output

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/random_layers.json"

SEED = 1
CALLS = 3

CASES = [
    ("dropout", lambda: layers.Dropout(0.5), (3, 7)),
    ("dropout of a third", lambda: layers.Dropout(1 / 3), (2, 4, 3, 2)),
    ("dropout with a seed", lambda: layers.Dropout(0.25, seed=7), (3, 7)),
    ("dropout with a shape of its noise", lambda: layers.Dropout(0.5, noise_shape=(None, 1, 3)), (2, 4, 3)),
    ("dropout of nothing", lambda: layers.Dropout(0), (3, 7)),
    ("dropout of everything", lambda: layers.Dropout(1), (3, 7)),
    ("spatial dropout", lambda: layers.SpatialDropout2D(0.5), (2, 3, 2, 8)),
    ("spatial dropout with a seed", lambda: layers.SpatialDropout2D(0.25, seed=123456789), (2, 3, 2, 8)),
    ("gaussian noise", lambda: layers.GaussianNoise(0.5), (3, 7)),
    ("gaussian noise of an image", lambda: layers.GaussianNoise(0.1), (2, 3, 4, 2)),
    ("gaussian noise with a seed", lambda: layers.GaussianNoise(0.25, seed=3), (3, 7)),
    ("gaussian noise of nothing", lambda: layers.GaussianNoise(0), (3, 7)),
]


def case(name, make_layer, shape):
    keras.utils.set_random_seed(SEED)
    layer = make_layer()
    x = output.grid(shape)
    config = {k: v for k, v in layer.get_config().items() if k not in ("name", "dtype")}
    return {
        "name": name,
        "class_name": type(layer).__name__,
        "config": config,
        "input": output.tensor(x),
        "outputs": [output.tensor(np.array(layer(x, training=True))) for _ in range(CALLS)],
    }


def in_a_model():
    """Two layers, the first of them used twice: three training calls of the whole."""
    keras.utils.set_random_seed(SEED)
    dropout, noise = layers.Dropout(0.5), layers.GaussianNoise(0.5)
    inputs = keras.Input((7,))
    model = keras.Model(inputs, dropout(noise(dropout(inputs))))
    x = output.grid((3, 7))
    return {"input": output.tensor(x), "outputs": [output.tensor(np.array(model(x, training=True))) for _ in range(CALLS)]}


def moved_twice():
    """A batch normalization used twice moves its averages twice in each step."""
    norm = layers.BatchNormalization(momentum=0.75)
    inputs = keras.Input((3,))
    model = keras.Model(inputs, norm(norm(inputs) * 2 + 1))
    x = output.grid((6, 3))
    steps = []
    for _ in range(CALLS):
        y = np.array(model(x, training=True))
        steps.append({
            "output": output.tensor(y),
            "moving_mean": output.tensor(norm.moving_mean.numpy()),
            "moving_variance": output.tensor(norm.moving_variance.numpy()),
        })
    return {"momentum": 0.75, "input": output.tensor(x), "steps": steps}


def make(root):
    head = {"random_seed": SEED, "in_a_model": in_a_model(), "moved_twice": moved_twice()}
    output.write_json(root / FILE, head, {"cases": [case(*c) for c in CASES]})
