"""Norms of the gradients of the small net, by weight and by layer: with respect to its loss, to the mean of what it makes,
and to a scalar made of two of its layers."""

import keras
import tensorflow as tf
from keras import losses

from . import output, small_net

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/gradient_norms.json"

SAMPLES = 6


def squares_and_relu(x):
    def scalar(model):
        head, relu = keras.Model(model.inputs, [model.output, model.get_layer("relu").output])(x, training=False)
        return tf.reduce_mean(tf.square(head)) + tf.reduce_mean(relu)
    return scalar


def case(name, model, scalar):
    with tf.GradientTape() as tape:
        value = scalar(model)
    gradients = tape.gradient(value, [v.value for v in model.trainable_variables])
    norms = {v.path: float(tf.norm(g).numpy()) for v, g in zip(model.trainable_variables, gradients)}
    layers = {}
    for v, g in zip(model.trainable_variables, gradients):
        layers.setdefault(v.path.rpartition("/")[0], []).append(g)
    by_layer = {layer: float(tf.linalg.global_norm(gs).numpy()) for layer, gs in layers.items()}
    return {"name": name, "norms": norms, "layers": by_layer}


def make(root):
    x, y = small_net.images(SAMPLES), small_net.targets("class", SAMPLES)
    loss = losses.SparseCategoricalCrossentropy()
    cases = [
        case("loss", small_net.build(), lambda m: loss(y, m(x, training=True))),
        case("mean of outputs", small_net.build(activation=None), lambda m: tf.reduce_mean(m(x, training=False))),
        case("squares and relu", small_net.build(activation=None), squares_and_relu(x)),
    ]
    head = {"net": small_net.NET_IS, "x": small_net.X_IS, "y": small_net.Y_IS, "samples": SAMPLES, "random_seed": 42}
    output.write_json(root / FILE, head, {"cases": cases})
