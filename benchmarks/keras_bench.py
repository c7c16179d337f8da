"""Residual networks in Keras on TensorFlow: fit, predict and predict_on_batch on a repeated batch."""

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

NETWORKS = {"resnet18": networks.resnet18, "resnet34": networks.resnet34}
APPLICATIONS = {
    "resnet50": keras.applications.ResNet50,
    "resnet101": keras.applications.ResNet101,
    "resnet152": keras.applications.ResNet152,
}


def network(job):
    shape = (job.size, job.size, 3)
    if job.network in NETWORKS:
        return NETWORKS[job.network](shape, job.classes)
    return APPLICATIONS[job.network](weights=None, input_shape=shape, classes=job.classes)


def batch_of(job):
    rng = np.random.default_rng(0)
    x = rng.random((job.batch, job.size, job.size, 3), np.float32)
    return x, rng.integers(0, job.classes, job.batch).astype(np.int32)


def times(step):
    def run(steps):
        for _ in range(steps):
            step()

    return run


def make_run(job):
    keras.utils.set_random_seed(1)
    keras.config.set_dtype_policy(job.precision)
    model = network(job)
    x, y = batch_of(job)
    # The batch stays where it is: no slicing and no copying of arrays inside the measurement.
    if job.kind == "train":
        model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
        data = tf.data.Dataset.from_tensors((tf.constant(x), tf.constant(y)))
        return lambda steps: model.fit(data.repeat(steps), epochs=1, verbose=0)
    if job.kind == "predict":
        data = tf.data.Dataset.from_tensors(tf.constant(x))
        return lambda steps: model.predict(data.repeat(steps), verbose=0)
    return times(lambda: model.predict_on_batch(x))


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
