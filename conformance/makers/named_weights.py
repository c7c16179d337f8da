"""The network whose weights the fixtures of checkpoints and safetensors hold, and their numbers by formula."""

import keras

from . import output

CASE = "named_weights"


def build(api):
    """With a nested model, something random and batch normalization, in Keras 2 or 3."""
    image = api.Input((6, 6, 3), name="image")
    x = api.layers.Conv2D(4, 3, name="c1")(image)
    x = api.layers.BatchNormalization(name="bn")(x)
    x = api.layers.Dropout(0.5, name="drop")(x)
    inner = api.Input((4, 4, 4), name="inner")
    x = api.Model(inner, api.layers.Conv2D(4, 1, name="ic")(inner), name="nest")(x)
    x = api.layers.GlobalAveragePooling2D(name="pool")(x)
    return api.Model(image, api.layers.Dense(2, activation="softmax", name="fc")(x))


def numbers(weights):
    """New numbers for pairs of a path and a shape."""
    return [output.random_weight(CASE, i, path, shape) for i, (path, shape) in enumerate(weights)]


def model(api=keras):
    network = build(api)
    assign(network)
    return network


def assign(network):
    network.set_weights(numbers((path(w), tuple(w.shape)) for w in network.weights))


def path(weight):
    return getattr(weight, "path", weight.name).removesuffix(":0")


def json_of(network):
    return [{"name": path(w), **output.tensor(v)} for w, v in zip(network.weights, network.get_weights())]
