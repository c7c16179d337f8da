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
# What Keras has no setting for is checked by the norms that TensorFlow computes.
NORM, NORMS, PICTURE = "gradient_norm/", "gradient_norms_log10", "picture"


def keras_writes(folder):
    model = small_net.build()
    model.compile(keras.optimizers.SGD(0.05, 0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = small_net.images(25), small_net.targets("class", 25)
    board = keras.callbacks.TensorBoard(
        folder, histogram_freq=2, write_images=True, write_steps_per_second=True, update_freq=5
    )
    model.fit(x, y, batch_size=5, epochs=3, shuffle=False, verbose=0, validation_data=(x, y), callbacks=[board])


def gradient_norms():
    """Of the first batch, before the first step."""
    model = small_net.build()
    x, y = small_net.images(25)[:5], small_net.targets("class", 25)[:5]
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy()(y, model(x, training=True))
    variables = model.trainable_variables
    return {v.path: float(tf.norm(g)) for v, g in zip(variables, tape.gradient(loss, [v.value for v in variables]))}


def check_gradients(found):
    """Takes what belongs to gradients out of what was found."""
    expected = gradient_norms()
    received = {tag.removeprefix(NORM): found.pop(tag) for tag in list(found) if tag.startswith(NORM)}
    if list(received) != list(expected):
        sys.exit(f"train: expected norms of {list(expected)}, received {list(received)}")
    for name, (plugin, values) in received.items():
        if plugin != "scalars" or [step for step, _ in values] != [0, 5, 10] or not close(values[0][1], expected[name]):
            sys.exit(f"train: {NORM}{name}: expected {expected[name]} at 0, then 5 and 10, received {plugin} {values}")
    plugin, values = found.pop(NORMS)
    norms = [norm for norm in (float(steps[0][1]) for _, steps in received.values()) if norm > 0]
    step, histogram = values[0]
    if plugin != "histograms" or step != 0 or histogram[:, 2].sum() != len(norms) or not close(
            [histogram[0, 0], histogram[-1, 1]], [np.log10(min(norms)), np.log10(max(norms))]):
        sys.exit(f"train: {NORMS}: expected {len(norms)} logarithms of {norms}, received {plugin} {histogram}")
    plugin, [(step, picture)] = found.pop(PICTURE)
    if plugin != "images" or step != 15 or list(picture[:2]) != [b"3", b"2"] or tf.io.decode_png(picture[2]).shape != (2, 3, 1):
        sys.exit(f"train: {PICTURE}: expected a PNG of 3 x 2 at 15, received {plugin} at {step} {picture}")
    return len(received) + 2


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
        java = {run: events(load(sys.argv[1], run)) for run in ("train", "validation")}
        own = check_gradients(java["train"])
        counts = {run: compare(run, events(load(folder, run)), found) for run, found in java.items()}
    nodes = {node.name for node in tf.compat.v1.GraphDef.FromString(
        load(sys.argv[1], "train").Graph().SerializeToString()).node}
    if "c1/kernel" not in nodes:
        sys.exit(f"train: expected a graph with c1/kernel, received {len(nodes)} nodes without")
    print(f"TensorBoard: {counts} tags as Keras writes them, {own} of gradients as TensorFlow computes them,"
          f" a graph of {len(nodes)} nodes")


if __name__ == "__main__":
    main()
