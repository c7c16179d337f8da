"""Whole models in HDF5 after three steps, and the losses of the three steps after those."""

import json
import pathlib
import tempfile

import keras
import numpy as np
from keras import layers, losses, metrics, optimizers

from . import compile_configs, output, weight_files

FOLDER = weight_files.FOLDER


def nested():
    """A nested model, of which half does not train, and a sum."""
    keras.backend.clear_session()
    x = image = keras.Input((4, 4, 3), name="inner_image")
    x = layers.Conv2D(2, 3, padding="same", trainable=False, name="conv_a")(x)
    x = layers.Conv2D(2, 3, padding="same", name="conv_b")(layers.BatchNormalization(name="norm_a")(x))
    inner = keras.Model(image, x, name="inner")
    image = keras.Input((4, 4, 3), name="image")
    x = layers.add([layers.Conv2D(2, 1, name="shortcut")(image), inner(image)])
    x = layers.Dense(3, name="head")(layers.GlobalAveragePooling2D(name="pool")(layers.ReLU(name="relu")(x)))
    model = keras.Model(image, x, name="nested")
    model.set_weights([output.random_weight("nested", i, w.name, w.shape) for i, w in enumerate(model.weights)])
    return model


def sequential():
    keras.backend.clear_session()
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, "tanh", name="a"), layers.Dense(3, "softmax", name="b")])
    model.set_weights([output.random_weight("sequential", i, w.name, w.shape) for i, w in enumerate(model.weights)])
    return model


WORDS = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
OBJECTS = {
    "loss": losses.SparseCategoricalCrossentropy(from_logits=True),
    "loss_weights": [0.5],
    "metrics": [metrics.SparseCategoricalAccuracy(name="right"), metrics.SparseTopKCategoricalAccuracy(2)],
    "weighted_metrics": [metrics.SparseCategoricalCrossentropy(from_logits=True)],
}
COMPILED = {
    "adam": (compile_configs.small, lambda: optimizers.Adam(0.05, amsgrad=True), WORDS),
    "sgd": (compile_configs.small, lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True), WORDS),
    "rmsprop": (compile_configs.small, lambda: optimizers.RMSprop(0.02, momentum=0.9, centered=True), WORDS),
    "scheduled": (
        compile_configs.small,
        lambda: optimizers.AdamW(optimizers.schedules.CosineDecay(0.05, 20), use_ema=True, ema_momentum=0.9),
        WORDS,
    ),
    **{
        policy: (lambda policy=policy: compile_configs.small(policy), lambda: optimizers.Adam(0.05), WORDS)
        for policy in compile_configs.POLICIES
    },
    "nested": (nested, lambda: optimizers.Adam(0.05, global_clipnorm=1.0), OBJECTS),
    "sequential": (sequential, lambda: optimizers.Nadam(0.05), WORDS),
}


def train(model):
    """The losses of the next steps."""
    shape = 8, *model.input_shape[1:]
    i, rows = np.arange(np.prod(shape)), np.arange(8)
    x = ((7 * i * i % 11 - 5) / 4).astype(np.float32).reshape(shape)
    values = []
    for _ in range(3):
        model.reset_metrics()
        values.append(float(model.train_on_batch(x, rows * rows % 3, return_dict=True)["loss"]))
    return values


def trained_on(model, path):
    train(model)
    compile_configs.rescale(model)
    model.save(path)
    return train(model)


def untrained_on(model, path):
    model.save(path)
    return train(model)


def write(folder, root_file, next_losses):
    """All files of a folder and the losses that follow them, in one."""
    (folder / "losses.json").write_text(json.dumps(next_losses))
    root_file.parent.mkdir(parents=True, exist_ok=True)
    root_file.write_bytes(weight_files.in_zip(sorted(folder.iterdir())))


def make(root):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        next_losses = {}
        for name, (build, optimizer, how) in COMPILED.items():
            model = build()
            model.compile(optimizer(), **how)
            next_losses[name] = trained_on(model, folder / f"{name}.h5")
        model = compile_configs.small()
        model.compile(optimizers.Adam(0.05), **WORDS)
        next_losses["untrained"] = untrained_on(model, folder / "untrained.h5")
        compile_configs.small().save(folder / "uncompiled.h5")
        write(folder, root / FOLDER / "whole_h5.zip", next_losses)
