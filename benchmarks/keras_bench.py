"""ResNet-18 in Keras on TensorFlow, float32, through fit and predict on a repeated batch."""

import os
import pathlib
import platform
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "conformance"))

import keras
import numpy as np
import tensorflow as tf
from makers import networks

import protocol


def batch_of(workload):
    rng = np.random.default_rng(0)
    x = rng.random((workload.batch, workload.size, workload.size, 3), np.float32)
    return x, rng.integers(0, workload.classes, workload.batch).astype(np.int32)


def make_run(workload):
    keras.utils.set_random_seed(1)
    model = networks.resnet18((workload.size, workload.size, 3), workload.classes)
    x, y = batch_of(workload)
    # The batch stays where it is: no slicing and no copying of arrays inside the measurement.
    if workload.training:
        model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
        data = tf.data.Dataset.from_tensors((tf.constant(x), tf.constant(y)))
        return lambda steps: model.fit(data.repeat(steps), epochs=1, verbose=0)
    data = tf.data.Dataset.from_tensors(tf.constant(x))
    return lambda steps: model.predict(data.repeat(steps), verbose=0)


def loader(file):
    """For weights alone the model is there before, with variables of its own."""
    if file.suffix == ".keras":
        return lambda: keras.models.load_model(file)
    if file.name.startswith("large"):
        model = keras.applications.ResNet152(weights=None)
    else:
        x = image = keras.Input((8, 8, 3))
        x = keras.layers.Conv2D(4, 3)(x)
        model = keras.Model(image, keras.layers.BatchNormalization()(x))
    return lambda: model.load_weights(file)


def versions():
    return {
        "contender": "keras",
        "Keras": keras.__version__,
        "TensorFlow": tf.__version__,
        "Python": platform.python_version(),
    }


if __name__ == "__main__":
    protocol.serve(make_run, versions, loader)
