"""Norms of the gradients of the small net, with respect to its loss and to the mean of what it makes."""

import tensorflow as tf
from keras import losses

from . import output, small_net

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/gradient_norms.json"

SAMPLES = 6


def norms(model, scalar):
    with tf.GradientTape() as tape:
        value = scalar(model)
    gradients = tape.gradient(value, [v.value for v in model.trainable_variables])
    return {v.path: float(tf.norm(g).numpy()) for v, g in zip(model.trainable_variables, gradients)}


def make(root):
    x, y = small_net.images(SAMPLES), small_net.targets("class", SAMPLES)
    loss = losses.SparseCategoricalCrossentropy()
    cases = [
        {"name": "loss", "norms": norms(small_net.build(), lambda m: loss(y, m(x, training=True)))},
        {"name": "mean of outputs", "norms": norms(
            small_net.build(activation=None), lambda m: tf.reduce_mean(m(x, training=False)))},
    ]
    head = {"net": small_net.NET_IS, "x": small_net.X_IS, "y": small_net.Y_IS, "samples": SAMPLES, "random_seed": 42}
    output.write_json(root / FILE, head, {"cases": cases})
