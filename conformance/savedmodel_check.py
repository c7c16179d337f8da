"""Loads a SavedModel in Python two ways and compares: savedmodel_check.py DIR INPUT.npy OUTPUT.npy."""

import json
import os
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np
import tensorflow as tf

TOLERANCE = 1e-5


def only(outputs):
    """The one output of a signature that names its outputs."""
    values = list(outputs.values()) if isinstance(outputs, dict) else [outputs]
    if len(values) != 1:
        sys.exit(f"expected one output, received {sorted(outputs)}")
    return np.asarray(values[0])


def by_loading(directory, inputs):
    loaded = tf.saved_model.load(directory)
    signature = loaded.signatures["serving_default"]
    names = list(signature.structured_input_signature[1])
    return loaded, only(signature(**{names[0]: tf.constant(inputs)}))


def by_layer(directory, inputs):
    layer = keras.layers.TFSMLayer(directory, call_endpoint="serving_default")
    return only(layer(inputs))


def count(loaded, name):
    """How many variables the object has under this name; null where it has no such list."""
    values = getattr(loaded, name, None)
    return None if values is None else len(values)


def difference(expected, actual):
    if expected.shape != actual.shape:
        sys.exit(f"expected shape {expected.shape}, received {actual.shape}")
    return float(np.max(np.abs(expected.astype(np.float64) - actual)))


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    directory = sys.argv[1]
    inputs, expected = np.load(sys.argv[2]), np.load(sys.argv[3])
    if expected.size == 0:
        sys.exit(f"{sys.argv[3]}: no values to compare")
    loaded, first = by_loading(directory, inputs)
    report = {
        "load_difference": difference(expected, first),
        "layer_difference": difference(expected, by_layer(directory, inputs)),
        "variables": count(loaded, "variables"),
        "trainable_variables": count(loaded, "trainable_variables"),
        "outputs": sorted(loaded.signatures["serving_default"].structured_outputs),
    }
    print(json.dumps(report))
    worst = max(report["load_difference"], report["layer_difference"])
    if not worst <= TOLERANCE:
        sys.exit(f"outputs differ by {worst}, expected at most {TOLERANCE}")


if __name__ == "__main__":
    main()
