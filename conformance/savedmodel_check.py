"""Loads SavedModels that Java has written in Python, two ways, and compares: savedmodel_check.py FOLDER.

Every folder in FOLDER is a case: model/1, inputs/NAME.npy, outputs/NAME.npy and variables.json, and signatures.json
if there are more signatures than serving_default: inputs and outputs of each.
"""

import base64
import json
import os
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np
import tensorflow as tf

import cases

TOLERANCE = 1e-5


def arrays(folder):
    return {file.stem: np.load(file) for file in sorted(folder.iterdir())}


def difference(case, expected, actual):
    """The largest difference of any output."""
    if sorted(expected) != sorted(actual) or not expected:
        sys.exit(f"{case}: expected outputs {sorted(expected)}, received {sorted(actual)}")
    return max(_difference(f"{case}: {name}", expected[name], np.asarray(actual[name])) for name in expected)


def _difference(where, expected, actual):
    if expected.shape != actual.shape or expected.size == 0:
        sys.exit(f"{where}: expected values of {expected.shape}, received {actual.shape}")
    return float(np.max(np.abs(expected.astype(np.float64) - actual)))


def check_variables(case, loaded, layer, wanted):
    variables = {
        "variables": loaded.variables,
        "trainable_variables": [v for v in loaded.variables if v.trainable],
    }
    for kind, names in wanted.items():
        found = sorted(v.name.removesuffix(":0") for v in variables[kind])
        if found != sorted(names):
            sys.exit(f"{case}: expected {kind} {sorted(names)}, received {found}")
    if layer is not None:
        trained = len(layer.trainable_weights), len(layer.weights)
        if trained != (len(wanted["trainable_variables"]), len(wanted["variables"])):
            sys.exit(f"{case}: TFSMLayer has {trained} trainable weights and weights")


def tensor(written):
    if "numbers" in written:
        return np.asarray(written["numbers"], np.float32).reshape(written["shape"])
    strings = written.get("strings") or [base64.b64decode(encoded) for encoded in written["bytes"]]
    return np.asarray(strings, object).reshape(written["shape"])


def signature_difference(where, signature, inputs, outputs):
    """The largest difference of any number; strings have to be equal."""
    found = signature(**{name: tf.constant(tensor(value)) for name, value in inputs.items()})
    if sorted(found) != sorted(outputs):
        sys.exit(f"{where}: expected outputs {sorted(outputs)}, received {sorted(found)}")
    largest = 0.0
    for name, value in found.items():
        expected = tensor(outputs[name])
        if value.dtype != tf.string:
            largest = max(largest, _difference(f"{where}: {name}", expected, value.numpy()))
        elif [text.decode() for text in value.numpy().ravel()] != expected.ravel().tolist():
            sys.exit(f"{where}: {name}: expected {expected.tolist()}, received {value.numpy().tolist()}")
    return largest


def check_signatures(case, loaded):
    """The largest difference for each signature."""
    file = case / "signatures.json"
    if not file.exists():
        return {}
    wanted = json.loads(file.read_text())
    if sorted(wanted) != sorted(loaded.signatures):
        sys.exit(f"{case.name}: expected signatures {sorted(wanted)}, received {sorted(loaded.signatures)}")
    return {
        name: signature_difference(f"{case.name}: {name}", loaded.signatures[name], **tensors)
        for name, tensors in wanted.items()
    }


def check(case):
    directory = str(case / "model" / "1")
    inputs, expected = arrays(case / "inputs"), arrays(case / "outputs")
    loaded = tf.saved_model.load(directory)
    tensors = {name: tf.constant(value) for name, value in inputs.items()}
    differences = {"load": difference(case.name, expected, loaded.signatures["serving_default"](**tensors))}
    differences |= check_signatures(case, loaded)
    layer = None
    if len(inputs) == 1:  # Keras's layer takes no more
        layer = keras.layers.TFSMLayer(directory, call_endpoint="serving_default")
        differences["layer"] = difference(case.name, expected, layer(*inputs.values()))
    wanted = json.loads((case / "variables.json").read_text())
    check_variables(case.name, loaded, layer, wanted)
    counts = {kind: len(names) for kind, names in wanted.items()}
    print(json.dumps({"case": case.name, "outputs": sorted(expected), **differences, **counts}))
    if not max(differences.values()) <= TOLERANCE:
        sys.exit(f"{case.name}: outputs differ by {max(differences.values())}, expected at most {TOLERANCE}")


def main():
    for case in cases.named(__doc__):
        check(case)


if __name__ == "__main__":
    main()
