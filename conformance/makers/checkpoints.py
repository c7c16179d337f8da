"""Checkpoints and SavedModels of Keras 3 and TensorFlow 1, and what is in them."""

import pathlib
import shutil
import tempfile

import keras
import numpy as np
import tensorflow as tf

from . import named_weights, output

FOLDER = "savedmodel/src/test/resources/dev/tfgraphs/savedmodel/checkpoints"


def trained():
    """A step of Adam, so that there is the optimizer's state, and then the numbers of the formula."""
    model = named_weights.build(keras)
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(np.ones((2, 6, 6, 3)), np.ones((2, 2)), verbose=0)
    named_weights.assign(model)
    return model


def keras3_checkpoint(folder, model):
    tf.train.Checkpoint(model=model).write(str(folder / "keras3"))


def keras3_export(folder, model):
    """Of the SavedModel only what holds the weights."""
    with tempfile.TemporaryDirectory() as temporary:
        model.export(temporary, verbose=False)
        for file in (pathlib.Path(temporary) / "variables").iterdir():
            shutil.copy(file, folder / file.name.replace("variables", "keras3_export"))


def session_saver(folder, model):
    """What the first TensorFlow's Saver writes while it trains: with slots, powers and a step."""
    v1 = tf.compat.v1
    weights = [(named_weights.path(w), w.trainable, v) for w, v in zip(model.weights, model.get_weights())]
    with tf.Graph().as_default(), v1.Session() as session:
        variables = [v1.get_variable(name, initializer=v, trainable=trained) for name, trained, v in weights]
        step = v1.train.get_or_create_global_step()
        loss = tf.add_n([tf.reduce_sum(v * v) for v in variables if v.trainable])
        for optimizer in v1.train.AdamOptimizer(0.0), v1.train.MomentumOptimizer(0.0, 0.9):
            update = optimizer.minimize(loss, global_step=step)
            session.run(v1.global_variables_initializer())
            session.run(update)
        v1.train.Saver().save(session, str(folder / "session"), write_meta_graph=False, write_state=False)


def make(root):
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    keras.backend.clear_session()
    model = trained()
    for maker in keras3_checkpoint, keras3_export, session_saver:
        maker(folder, model)
    output.write_json(folder / "checkpoints.json", {}, {"weights": named_weights.json_of(model)})
