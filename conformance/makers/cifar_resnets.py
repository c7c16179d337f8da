"""The networks for CIFAR-10 of He et al. (2015) and (2016), written with Keras from the papers' figures and tables."""

import sys

import keras
import numpy as np
from keras import layers

from . import keras_resnets, output

FILE = keras_resnets.FOLDER + "/cifar_resnets.json"

SIZES = [(32, 32), (33, 33), (24, 40)]
SHORTCUTS = (
    "identity", "none", "halved", "both_halved", "exclusive_gating", "shortcut_gating", "convolution", "dropout",
)
ORDERS = (
    "original", "bn_after_addition", "relu_before_addition", "relu_only_pre_activation", "full_pre_activation",
)
PUBLISHED = [("basic", depth, "original") for depth in (20, 32, 44, 56, 110, 1202)] + [
    ("basic", 110, "full_pre_activation"), ("bottleneck", 164, "original"),
    ("bottleneck", 164, "full_pre_activation"), ("bottleneck", 1001, "full_pre_activation"),
]


def conv(x, filters, kernel, stride=1):
    return layers.Conv2D(
        filters, kernel, strides=stride, padding="same", use_bias=False, kernel_initializer="he_normal",
    )(x)


def bn(x):
    return layers.BatchNormalization()(x)


def relu(x):
    return layers.Activation("relu")(x)


def gate(x, filters, stride):
    return layers.Conv2D(
        filters, 1, strides=stride, activation="sigmoid", bias_initializer=keras.initializers.Constant(-6.0),
    )(x)


def one_minus(x):
    return layers.Rescaling(-1.0, 1.0)(x)


def joined(kind, x, stride, carried, branch):
    """Figure 2."""
    filters = branch.shape[-1]
    if kind == "identity":
        return layers.Add()([branch, carried])
    if kind == "none":
        return branch
    if kind == "halved":
        return layers.Add()([branch, layers.Rescaling(0.5)(carried)])
    if kind == "both_halved":
        return layers.Add()([layers.Rescaling(0.5)(branch), layers.Rescaling(0.5)(carried)])
    if kind == "exclusive_gating":
        g = gate(x, filters, stride)
        return layers.Add()([layers.Multiply()([g, branch]), layers.Multiply()([one_minus(g), carried])])
    if kind == "shortcut_gating":
        return layers.Add()([branch, layers.Multiply()([one_minus(gate(x, filters, stride)), carried])])
    if kind == "convolution":
        return layers.Add()([branch, conv(x, filters, 1, stride)])
    return layers.Add()([branch, layers.Dropout(0.5)(carried)])


def widened(x, channels, stride, projects, normalizes):
    if projects:
        wide = conv(x, channels, 1, stride)
        return bn(wide) if normalizes else wide
    kept = layers.MaxPooling2D(1, strides=stride)(x) if stride > 1 else x
    zeros = layers.Rescaling(0.0)(kept)
    return layers.Concatenate()([kept] + [zeros] * (channels // x.shape[-1] - 1))


def convolutions(x, unit, filters, stride):
    if unit == "basic":
        x = relu(bn(conv(x, filters, 3, stride)))
        return conv(x, filters, 3)
    x = relu(bn(conv(x, filters, 1, stride)))
    x = relu(bn(conv(x, filters, 3)))
    return conv(x, 4 * filters, 1)


def pre_activated(order, x):
    if order == "full_pre_activation":
        return relu(bn(x))
    return relu(x) if order == "relu_only_pre_activation" else x


def ended(order, branch):
    """What figure 4 has between the last convolution and the sum."""
    if order in ("original", "relu_only_pre_activation"):
        return bn(branch)
    return relu(bn(branch)) if order == "relu_before_addition" else branch


def network(unit, depth, order="original", shortcut="identity", projects=None, size=(32, 32)):
    keras.backend.clear_session()
    projects = unit == "bottleneck" if projects is None else projects
    images = keras.Input((*size, 3))
    x = conv(images, 16, 3)
    if order == "relu_only_pre_activation":
        x = bn(x)
    elif order != "full_pre_activation":
        x = relu(bn(x))
    for stage, filters in enumerate((16, 32, 64)):
        for i in range((depth - 2) // (6 if unit == "basic" else 9)):
            stride = 2 if stage > 0 and i == 0 else 1
            start = pre_activated(order, x)
            if i == 0:
                x = start
            branch = ended(order, convolutions(start, unit, filters, stride))
            channels, carried = branch.shape[-1], x
            # Keras counts layers that no model has, so that none is made in vain
            if shortcut not in ("none", "convolution") and (stride != 1 or x.shape[-1] != channels):
                normalizes = order not in ("bn_after_addition", "full_pre_activation")
                carried = widened(x, channels, stride, projects, normalizes)
            x = joined(shortcut, x, stride, carried, branch)
            if order == "original":
                x = relu(x)
            elif order == "bn_after_addition":
                x = relu(bn(x))
    x = layers.GlobalAveragePooling2D()(pre_activated(order, x))
    return keras.Model(images, layers.Dense(10, activation="softmax")(x))


def facts(unit, depth, order="original", shortcut="identity", projects=None):
    projects = unit == "bottleneck" if projects is None else projects
    case = {"unit": unit, "depth": depth, "order": order, "shortcut": shortcut, "projects": projects}
    return case | keras_resnets.facts(network(unit, depth, order, shortcut, projects))


def described():
    published = [facts(*case) for case in PUBLISHED]
    orders = [facts("basic", 14, order, projects=projects) for order in ORDERS for projects in (False, True)]
    necks = [facts("bottleneck", 20, order, projects=projects) for order in ORDERS for projects in (False, True)]
    shortcuts = [facts("basic", 110, "original", kind) for kind in SHORTCUTS]
    return published + orders + necks + shortcuts + [facts("bottleneck", 20, ORDERS[-1], kind) for kind in SHORTCUTS]


def pooled(unit, depth, order, shortcut, size):
    """What the last layer but one makes of two images, with every weight by formula."""
    made = network(unit, depth, order, shortcut, size=size)
    made = keras.Model(made.inputs[0], made.get_layer("global_average_pooling2d").output)
    for index, weight in enumerate(made.weights):
        weight.assign(keras_resnets.numbers(index, weight))
    features = np.array(made(keras_resnets.pixels((2, *size, 3)) / np.float32(251), training=False))
    return {
        "unit": unit, "depth": depth, "order": order, "shortcut": shortcut, "projects": unit == "bottleneck",
        "size": list(size), "features_shape": list(features.shape), "every": 3,
        "features": output.numbers(features.reshape(-1)[::3]),
    }


def computed():
    orders = [
        pooled(unit, depth, order, "identity", size)
        for unit, depth in (("basic", 14), ("bottleneck", 20)) for order in ORDERS for size in SIZES
    ]
    return orders + [pooled("basic", 14, "original", kind, SIZES[2]) for kind in SHORTCUTS[1:]]


def make(root):
    sys.setrecursionlimit(50000)  # Keras walks a model of 1,202 layers by recursion
    output.write_json(root / FILE, {}, {"described": described(), "computed": computed()})
