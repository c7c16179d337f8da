"""Checkpoints of Keras 2. Needs tf_keras, which the ring does not install: run by name."""

import pathlib
import shutil
import tempfile

import numpy as np
import tensorflow as tf
import tf_keras

from . import named_weights

FOLDER = "savedmodel/src/test/resources/dev/tfgraphs/savedmodel/keras2"


def make(root):
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    model = named_weights.build(tf_keras)
    model.compile(tf_keras.optimizers.get("adam", use_legacy_optimizer=True), "mse", metrics=["mae"])
    model.fit(np.ones((2, 6, 6, 3)), np.ones((2, 2)), verbose=0)
    named_weights.assign(model)
    tf.train.Checkpoint(model=model).write(str(folder / "object"))
    model.save_weights(str(folder / "weights"), save_format="tf")
    (folder / "checkpoint").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        model.save(temporary, save_format="tf")
        for file in (pathlib.Path(temporary) / "variables").iterdir():
            shutil.copy(file, folder / file.name.replace("variables", "saved"))
