"""Reads the event files that Java has written as TensorBoard does, and compares them with those that Keras writes of the
same fit (BoardWriting among the tests of tf-graphs): tensorboard_check.py FOLDER.
"""

import os
import sys
import tempfile

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np
import tensorflow as tf
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.util import tensor_util

from makers import small_net

# Fifteen steps; roundings grow with them, in validation through the moving averages.
RELATIVE, ABSOLUTE = 2e-3, 2e-4
# Of one weight's values, so many may lie on the other side of an edge.
MOVED = 4
# This library describes a model in no JSON for TensorBoard's picture of layers.
KERAS_ONLY = {"keras"}
CLOCK = "steps_per_second"


def keras_writes(folder):
    model = small_net.build()
    model.compile(keras.optimizers.SGD(0.05, 0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = small_net.images(25), small_net.targets("class", 25)
    board = keras.callbacks.TensorBoard(
        folder, histogram_freq=2, write_images=True, write_steps_per_second=True, update_freq=5
    )
    model.fit(x, y, batch_size=5, epochs=3, shuffle=False, verbose=0, validation_data=(x, y), callbacks=[board])


def load(folder, run):
    accumulator = event_accumulator.EventAccumulator(os.path.join(folder, run), size_guidance={"tensors": 0})
    accumulator.Reload()
    return accumulator


def events(accumulator):
    """Plugin and values by tag, for tags that are no picture of layers."""
    found = {}
    for tag in accumulator.Tags()["tensors"]:
        if tag not in KERAS_ONLY:
            plugin = accumulator.SummaryMetadata(tag).plugin_data.plugin_name
            values = [(e.step, tensor_util.make_ndarray(e.tensor_proto)) for e in accumulator.Tensors(tag)]
            found[tag] = plugin, values
    return found


def close(a, b):
    return np.allclose(np.asarray(a, np.float64), np.asarray(b, np.float64), RELATIVE, ABSOLUTE)


def same(plugin, expected, actual):
    if expected.shape != actual.shape:
        return False
    if plugin == "scalars":
        return close(expected, actual)
    if plugin == "histograms":
        # A bias before batch normalization has no gradient: what it holds is noise.
        noise = np.abs(expected[:, :2]).max() < ABSOLUTE
        moved = 0 if noise else np.abs(expected[:, 2] - actual[:, 2]).sum() / 2
        return close(expected[:, :2], actual[:, :2]) and expected[:, 2].sum() == actual[:, 2].sum() and moved <= MOVED
    if plugin == "images":
        pictures = [[tf.io.decode_png(png).numpy().astype(int) for png in array[2:]] for array in (expected, actual)]
        return (expected[:2] == actual[:2]).all() and all(
            a.shape == b.shape and np.abs(a - b).max() <= 1 for a, b in zip(*pictures)
        )
    raise ValueError(f"plugin: expected scalars, histograms or images, received {plugin}")


def compare(run, expected, actual):
    if not expected or list(sorted(expected)) != list(sorted(actual)):
        sys.exit(f"{run}: expected tags {sorted(expected)}, received {sorted(actual)}")
    for tag, (plugin, values) in expected.items():
        java_plugin, java_values = actual[tag]
        if plugin != java_plugin or [s for s, _ in values] != [s for s, _ in java_values]:
            sys.exit(f"{run}: {tag}: expected {plugin} at {[s for s, _ in values]}, "
                     f"received {java_plugin} at {[s for s, _ in java_values]}")
        if CLOCK in tag:
            if not all(value > 0 for _, value in java_values):
                sys.exit(f"{run}: {tag}: expected positive numbers, received {java_values}")
            continue
        for (step, value), (_, java) in zip(values, java_values):
            if not same(plugin, value, java):
                sys.exit(f"{run}: {tag} at {step}: expected {value}, received {java}")
    return len(expected)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        keras_writes(folder)
        counts = {run: compare(run, events(load(folder, run)), events(load(sys.argv[1], run)))
                  for run in ("train", "validation")}
    nodes = {node.name for node in tf.compat.v1.GraphDef.FromString(
        load(sys.argv[1], "train").Graph().SerializeToString()).node}
    if "c1/kernel" not in nodes:
        sys.exit(f"train: expected a graph with c1/kernel, received {len(nodes)} nodes without")
    print(f"TensorBoard: {counts} tags as Keras writes them, a graph of {len(nodes)} nodes")


if __name__ == "__main__":
    main()
