"""What layers say of their weights and results: penalties, constraints, and training steps with them."""

import keras
import numpy as np
from keras import constraints, layers, regularizers

from . import output, small_net

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/weight_settings.json"

SAMPLES, STEPS = 8, 5
MATRIX, KERNEL = (4, 3), (2, 3, 2, 4)

PENALTIES = [
    (lambda: regularizers.L1(0.02), KERNEL),
    (lambda: regularizers.L2(0.03), KERNEL),
    (lambda: regularizers.L1L2(0.02, 0.03), KERNEL),
    (lambda: regularizers.OrthogonalRegularizer(), MATRIX),
    (lambda: regularizers.OrthogonalRegularizer(0.5, "columns"), MATRIX),
    (lambda: regularizers.OrthogonalRegularizer(0.25, "rows"), (2, 5)),
]

BOUNDS = [
    (lambda: constraints.NonNeg(), KERNEL),
    (lambda: constraints.UnitNorm(), MATRIX),
    (lambda: constraints.UnitNorm(axis=1), MATRIX),
    (lambda: constraints.UnitNorm(axis=[0, 1, 2]), KERNEL),
    (lambda: constraints.MaxNorm(), MATRIX),
    (lambda: constraints.MaxNorm(1.5, axis=-1), KERNEL),
    (lambda: constraints.MaxNorm(3.0, axis=[0, 1, 2]), KERNEL),
    (lambda: constraints.MinMaxNorm(), MATRIX),
    (lambda: constraints.MinMaxNorm(3.0, 4.0, rate=0.25), MATRIX),
    (lambda: constraints.MinMaxNorm(2.5, 3.0, axis=[0, 1]), KERNEL),
]


def penalty(make_regularizer, shape):
    regularizer, x = make_regularizer(), output.grid(shape)
    return {**named(regularizer), "input": output.tensor(x), "output": float(np.float32(regularizer(keras.ops.convert_to_tensor(x))))}


def bound(make_constraint, shape):
    constraint, x = make_constraint(), output.grid(shape)
    x.reshape(-1)[: shape[-1]] = 0
    return {**named(constraint), "input": output.tensor(x), "output": output.tensor(np.array(constraint(keras.ops.convert_to_tensor(x))))}


def named(thing):
    return {"class_name": type(thing).__name__, "config": thing.get_config()}


def penalized():
    l1, l2, both = regularizers.L1, regularizers.L2, regularizers.L1L2
    conv, norm = layers.Conv2D, layers.BatchNormalization
    yield "penalties on kernel, bias, beta and gamma", lambda: [
        conv(4, 3, kernel_regularizer=l2(0.01), bias_regularizer=both(0.02, 0.03), bias_initializer="ones"),
        norm(beta_regularizer=l2(0.05), gamma_regularizer=l1(0.04), beta_initializer=keras.initializers.Constant(0.5)),
        layers.DepthwiseConv2D(3, depthwise_regularizer=l1(0.01), bias_regularizer=l2(0.1)),
        layers.Conv2DTranspose(3, 2, kernel_regularizer=both(0.001, 0.002))]
    yield "penalties on results", lambda: [
        conv(4, 3, strides=2, activity_regularizer=l2(0.01)),
        layers.DepthwiseConv2D(2, activity_regularizer=both(0.002, 0.001), activation="relu"),
        layers.Conv2DTranspose(3, 2, activity_regularizer=l1(0.01)),
        layers.GlobalAveragePooling2D(),
        layers.Dense(4, activation="softmax", activity_regularizer=regularizers.OrthogonalRegularizer(0.3, "columns"))]
    yield "penalties of a frozen layer", lambda: [
        conv(4, 3, kernel_regularizer=l2(0.1), activity_regularizer=l2(0.01), trainable=False),
        norm(gamma_regularizer=l2(0.1), trainable=False)]
    yield "orthogonal penalties", lambda: [
        layers.GlobalAveragePooling2D(),
        layers.Dense(6, kernel_regularizer=regularizers.OrthogonalRegularizer(0.5)),
        layers.Dense(4, activation="softmax", kernel_regularizer=regularizers.OrthogonalRegularizer(0.4, "columns"))]


def constrained():
    top, unit, between, positive = constraints.MaxNorm, constraints.UnitNorm, constraints.MinMaxNorm, constraints.NonNeg
    yield "constraints on every weight", lambda: [
        layers.Conv2D(4, 3, kernel_constraint=top(0.8, axis=[0, 1, 2]), bias_constraint=positive()),
        layers.BatchNormalization(beta_constraint=top(0.01), gamma_constraint=unit()),
        layers.DepthwiseConv2D(3, depthwise_constraint=between(0.5, 0.6, rate=0.5, axis=[0, 1]), bias_constraint=unit()),
        layers.Conv2DTranspose(3, 2, kernel_constraint=unit(axis=[0, 1, 3]), bias_constraint=top(0.005)),
        layers.GlobalAveragePooling2D(),
        layers.Dense(4, activation="softmax", kernel_constraint=positive(), bias_constraint=between(0.1, 0.2))]
    yield "constraints of a frozen layer", lambda: [
        layers.Conv2D(4, 3, kernel_constraint=unit(), bias_constraint=top(0.1), trainable=False),
        layers.Conv2D(4, 1, kernel_constraint=unit(axis=2))]


def normalized():
    conv = lambda: layers.Conv2D(4, 3)
    for axis in (1, 2, 3, -1, -2, -3):
        yield f"batch normalization of axis {axis}", lambda a=axis: [
            conv(), layers.BatchNormalization(axis=a, momentum=0.8), layers.ReLU()]
    yield "batch normalization of axis 1 without center", lambda: [conv(), layers.BatchNormalization(axis=1, center=False)]
    yield "batch normalization of axis 2 without scale", lambda: [conv(), layers.BatchNormalization(axis=2, scale=False, epsilon=0.01)]
    yield "batch normalization of axis 1 frozen", lambda: [conv(), layers.BatchNormalization(axis=1, trainable=False)]
    yield "batch normalization started otherwise", lambda: [conv(), layers.BatchNormalization(
        moving_mean_initializer=keras.initializers.Constant(0.5), moving_variance_initializer=keras.initializers.Constant(2.0),
        gamma_initializer=keras.initializers.RandomUniform(0.5, 1.5, seed=3), beta_initializer="random_normal")]


def chained(made):
    """The layers one after the other; without a head of their own, a pooled softmax follows."""
    inputs = keras.Input((8, 8, 3))
    x = inputs
    for layer in made:
        x = layer(x)
    if len(x.shape) == 4:
        head = [layers.GlobalAveragePooling2D(), layers.Dense(4, activation="softmax")]
        made += head
        for layer in head:
            x = layer(x)
    return keras.Model(inputs, x)


def config_of(layer):
    config = {k: v for k, v in layer.get_config().items() if k not in ("name", "dtype")}
    return {"class_name": type(layer).__name__, "config": config}


def training(name, make_layers):
    keras.backend.clear_session()
    keras.utils.set_random_seed(42)
    made = make_layers()
    model = chained(made)
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), "sparse_categorical_crossentropy")
    x, y = small_net.images(SAMPLES), small_net.targets("class", SAMPLES)
    losses = [model.train_on_batch(x, y, return_dict=True)["loss"] for _ in range(STEPS)]
    return {
        "name": name,
        "layers": [config_of(layer) for layer in made],
        "losses": output.numbers(losses),
        "evaluated": float(np.float32(model.test_on_batch(x, y, return_dict=True)["loss"])),
        "prediction": output.tensor(model.predict_on_batch(x)),
        "weights": [{"path": w.path, **output.tensor(w.numpy())} for w in model.weights],
    }


def make(root):
    head = {"x": small_net.X_IS, "y": small_net.Y_IS, "samples": SAMPLES, "random_seed": 42, "optimizer": "SGD(0.05, momentum=0.9)"}
    lists = {
        "regularizers": [penalty(*one) for one in PENALTIES],
        "constraints": [bound(*one) for one in BOUNDS],
        "training": [training(*one) for group in (penalized, constrained, normalized) for one in group()],
    }
    output.write_json(root / FILE, head, lists)
