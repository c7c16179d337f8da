"""Keras's residual networks at full size through every format, both ways: full_size.py [--all] JAVA...

JAVA is the command line of FullSize, among the tests of examples. Keras makes a network of random weights, writes it,
Java reads it, predicts and writes it again, and Keras, TensorFlow or safetensors read that. What is predicted differs by
at most 1e-5 of the largest number, and what comes back is the same weights, bit for bit. No file lives longer than its turn.
--all takes every network through every format and not two of them.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np
import tensorflow as tf

import full_size_formats as formats
import full_size_torch
from makers import output

TOLERANCE = 1e-5
SIZE = 64
NETWORKS = "ResNet50", "ResNet101", "ResNet152", "ResNet50V2", "ResNet101V2", "ResNet152V2"
IN_EVERY_FORMAT = "ResNet50", "ResNet152V2"
BLOCKS = {"ResNet50": (3, 4, 6, 3), "ResNet101": (3, 4, 23, 3), "ResNet152": (3, 8, 36, 3)}

IMAGE = output.grid((1, SIZE, SIZE, 3)) / 4


class Java:
    """The other side: a command a line, an answer of one line of JSON."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"full_size: Java ended with {self.process.wait()} instead of an answer to {words}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            sys.exit("full_size: Java failed at its end")


def randomize(model):
    """Scales and shifts at random; statistics are those of random images, so that no number grows with the depth.

    What a block adds is small beside what passes it by, as in trained networks: without that, a network of a hundred
    random layers makes a hundred times as much of any rounding, and no two libraries agree.
    """
    rng = np.random.default_rng(7)
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for norm in norms:
        least, most = (0.05, 0.15) if norm.name.endswith(("_3_bn", ".bn3")) else (0.5, 1.5)
        norm.gamma.assign(rng.uniform(least, most, norm.gamma.shape))
        norm.beta.assign(rng.normal(0, 0.1, norm.beta.shape))
        norm.momentum = 0.0
    for layer in model.layers:
        if layer.name.endswith("_3_conv"):
            layer.kernel.assign(layer.kernel * 0.1)
    model(rng.normal(size=(8, SIZE, SIZE, 3)).astype(np.float32), training=True)
    for norm in norms:
        norm.momentum = 0.99


def predict(model):
    return model(IMAGE, training=False).numpy()


def difference(where, expected, actual):
    actual = np.asarray(actual, np.float32).reshape(-1)
    expected = expected.reshape(-1)
    if actual.shape != expected.shape or not np.ptp(expected) > 0:
        sys.exit(f"full_size: {where}: expected {expected.size} different numbers, received {actual.size}")
    relative = float(np.max(np.abs(expected - actual)) / np.max(np.abs(expected)))
    if not relative <= TOLERANCE:
        sys.exit(f"full_size: {where}: predictions differ by {relative:.2g} of the largest, expected {TOLERANCE}")
    return relative


class Network:
    """A network of Keras and what is to come of it on the other side."""

    def __init__(self, name, model, java):
        self.name, self.model, self.java = name, model, java
        self.weights = model.get_weights()
        self.expected = predict(model)

    def read(self, kind, write):
        """What Java predicts with what Python has written."""
        with tempfile.TemporaryDirectory() as folder:
            path = write(self.model, pathlib.Path(folder))
            return difference(f"{self.name}, {kind}", self.expected, self.java.ask("read", path))

    def written(self, kind, name, load):
        """What Python predicts with what Java has written of the weights that it read last."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            self.java.ask("write", path)
            for variable in self.model.weights:
                variable.assign(tf.zeros(variable.shape))
            model = load(self.model, path)
            actual = predict(model) if isinstance(model, keras.Model) else model(IMAGE)
            if isinstance(model, keras.Model):
                self.require_same(kind, model.get_weights())
        self.model.set_weights(self.weights)
        return difference(f"{self.name}, {kind} of Java", self.expected, actual)

    def require_same(self, kind, weights):
        if len(weights) != len(self.weights) or not all(map(np.array_equal, self.weights, weights)):
            sys.exit(f"full_size: {self.name}, {kind} of Java: expected the same weights, received others")


def through(name, kinds, java, worst):
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    model = getattr(keras.applications, name)(weights=None, input_shape=(SIZE, SIZE, 3))
    randomize(model)
    java.ask("network", name)
    network = Network(name, model, java)
    for kind in kinds:
        if kind in formats.WRITE:
            worst["read", kind].append(network.read(kind, formats.WRITE[kind]))
        if kind in formats.LOAD:
            worst["written", kind].append(network.written(kind, *formats.LOAD[kind]))
    print(f"{name}: {model.count_params()} parameters through {', '.join(kinds)}", flush=True)


def through_torch(name, java, worst):
    keras.backend.clear_session()
    keras.utils.set_random_seed(2)
    model = full_size_torch.model(BLOCKS[name], SIZE)
    randomize(model)
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "config.json"
        config.write_text(model.to_json(), encoding="utf-8")
        java.ask("config", config)
    network = Network(f"torchvision's {name}", model, java)
    worst["read", formats.TORCH].append(network.read(formats.TORCH, full_size_torch.write))
    print(f"{network.name}: {model.count_params()} parameters", flush=True)


def main():
    everything = sys.argv[1:2] == ["--all"]
    java = Java(sys.argv[2 if everything else 1 :])
    worst = collections.defaultdict(list)
    for name in NETWORKS:
        every = everything or name in IN_EVERY_FORMAT
        through(name, formats.KINDS if every else formats.KINDS[:1], java, worst)
    for name in BLOCKS if everything else list(BLOCKS)[:1]:
        through_torch(name, java, worst)
    java.close()
    for (way, kind), relative in worst.items():
        print(f"{kind}, {way} by Java: {len(relative)} networks, predictions at most {max(relative):.2g} of the largest off")


if __name__ == "__main__":
    main()
