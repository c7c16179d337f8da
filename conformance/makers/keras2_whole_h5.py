"""Whole models in HDF5 of Keras 2, as in whole_h5. Needs tf_keras, which the ring does not install: run by name."""

import pathlib
import tempfile

import tf_keras
from tf_keras import layers, optimizers

from . import output, whole_h5

FOLDER = "savedmodel/src/test/resources/dev/tfgraphs/savedmodel/keras2"


def small():
    tf_keras.backend.clear_session()
    inputs = tf_keras.Input((3,))
    x = layers.BatchNormalization(name="bn")(layers.Dense(4, "relu", name="a")(inputs))
    model = tf_keras.Model(inputs, layers.Dense(3, "softmax", name="b")(x))
    weights = [(w.name.split("/")[-1].split(":")[0], tuple(w.shape)) for w in model.weights]
    model.set_weights([output.random_weight("resumed", i, name, shape) for i, (name, shape) in enumerate(weights)])
    return model


def cosine():
    return optimizers.schedules.CosineDecay(0.05, 20)


# Those of Keras 2.11 and later, and those before.
COMPILED = {
    "adam": lambda: optimizers.Adam(0.05, amsgrad=True),
    "sgd": lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda: optimizers.RMSprop(0.02, momentum=0.9, centered=True),
    "scheduled": lambda: optimizers.AdamW(cosine(), use_ema=True, ema_momentum=0.9),
    "old_adam": lambda: optimizers.legacy.Adam(0.05, amsgrad=True),
    "old_sgd": lambda: optimizers.legacy.SGD(0.1, momentum=0.9, nesterov=True),
    "old_rmsprop": lambda: optimizers.legacy.RMSprop(0.02, momentum=0.9, centered=True),
    "old_scheduled": lambda: optimizers.legacy.SGD(cosine()),
    "old_adagrad": lambda: optimizers.legacy.Adagrad(0.1),
    "old_adadelta": lambda: optimizers.legacy.Adadelta(1.0),
    "old_adamax": lambda: optimizers.legacy.Adamax(0.05),
    "old_ftrl": lambda: optimizers.legacy.Ftrl(0.1),
}


def make(root):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        next_losses = {}
        for name, optimizer in COMPILED.items():
            model = small()
            model.compile(optimizer(), **whole_h5.WORDS)
            next_losses[name] = whole_h5.trained_on(model, folder / f"{name}.h5")
        whole_h5.write(folder, root / FOLDER / "whole_h5.zip", next_losses)
