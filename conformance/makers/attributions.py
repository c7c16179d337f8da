"""Why the small net takes an image for a class: Grad-CAM by GradientTape, as Keras's example has it, and occlusion."""

import keras
import numpy as np
import tensorflow as tf

from . import output, small_net

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/attributions.json"

FILLS = [[0.0], [0.25, 0.5, 0.75], None]


def grad_cam(model, image, label, layer):
    """Keras's example before its division by the largest value; the head without its softmax."""
    head = model.get_layer("head")
    before, head.activation = head.activation, None
    both = keras.Model(model.inputs, [model.get_layer(layer).output, model.output])
    with tf.GradientTape() as tape:
        maps, scores = both(image, training=False)
        score = scores[:, label]
    head.activation = before
    pooled = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
    heat = maps[0] @ pooled[..., tf.newaxis]
    return tf.maximum(tf.squeeze(heat, -1), 0).numpy()


def starts(size, patch, stride):
    return [*range(0, size - patch, stride), size - patch]


def occlusion(model, image, label, patch, stride, fill):
    colour = image.mean(axis=(0, 1, 2), dtype=np.float64).astype(np.float32) if fill is None else np.array(fill, np.float32)
    height, width = image.shape[1:3]
    whole = float(model(image, training=False)[0, label])
    falls, hidden = np.zeros((height, width)), np.zeros((height, width))
    for row in starts(height, patch, stride):
        for column in starts(width, patch, stride):
            occluded = image.copy()
            occluded[:, row:row + patch, column:column + patch] = colour
            fall = whole - float(model(occluded, training=False)[0, label])
            falls[row:row + patch, column:column + patch] += fall
            hidden[row:row + patch, column:column + patch] += 1
    return np.divide(falls, hidden, out=np.zeros_like(falls), where=hidden > 0)


def net(activation):
    """With other than first averages, so that inference shows."""
    model = small_net.build(activation=activation)
    model.get_layer("bn").moving_mean.assign(output.grid((8,)) / 32)
    model.get_layer("bn").moving_variance.assign(1 + np.abs(output.grid((8,))) / 4)
    return model


def make(root):
    image = small_net.images(2)[1:]
    cams, falls = [], []
    for activation in ["softmax", "sigmoid", "linear"]:
        model = net(activation)
        for layer in ["add", "relu", "c1"]:
            for label in range(4):
                heat = grad_cam(model, image, label, layer)
                cams.append({"name": f"{activation}, {layer}, class {label}", "activation": activation,
                             "layer": layer, "class": label, "map": output.tensor(heat)})
    for patch, stride in [(3, 2), (2, 1), (2, 4), (8, 3)]:
        for label, fill in enumerate(FILLS):
            heat = occlusion(net("softmax"), image, label, patch, stride, fill)
            falls.append({"name": f"patch {patch}, stride {stride}, fill {fill}", "patch": patch, "stride": stride,
                          "fill": fill, "class": label, "map": output.tensor(heat)})
    head = {"net": small_net.NET_IS, "x": small_net.X_IS, "sample": 1, "random_seed": 42,
            "moving_mean": output.numbers(output.grid((8,)) / 32),
            "moving_variance": output.numbers(1 + np.abs(output.grid((8,))) / 4)}
    output.write_json(root / FILE, head, {"grad_cam": cams, "occlusion": falls})
