"""Loads files of weights that Java has written in Keras, and predicts with them: weights_check.py FOLDER.

Every folder in FOLDER is called as a model of makers/weight_files.py: files of weights, input.npy and output.npy.
"""

import json
import os
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np

import cases
from makers import weight_files

TOLERANCE = 1e-5
LAYOUTS = "current.weights.h5", "legacy.h5", "shards.weights.json"


def loaded(case, file):
    model = weight_files.build(case.name)
    model.load_weights(case / file)
    return model


def difference(case, file):
    expected = np.load(case / "output.npy")
    actual = loaded(case, file).predict(np.load(case / "input.npy"), verbose=0)
    if expected.shape != actual.shape or expected.size == 0:
        sys.exit(f"{case.name}: {file}: expected values of {expected.shape}, received {actual.shape}")
    return float(np.max(np.abs(expected - actual)))


def check_optimizer(case):
    """A compiled model takes what the optimizer kept, too."""
    model = weight_files.build(case.name)
    model.compile(keras.optimizers.SGD(momentum=0.9), "mse")
    model.optimizer.build(model.trainable_variables)
    first = [v.numpy() for v in model.optimizer.variables]
    model.load_weights(case / "trained.weights.h5")
    second = [v.numpy() for v in model.optimizer.variables]
    if second[0] != 2**40 + 1 or any(np.array_equal(a, b) for a, b in zip(first, second)):
        sys.exit(f"{case.name}: expected another state of the optimizer, received {second}")


def main():
    for case in cases.named(__doc__):
        differences = {file: difference(case, file) for file in LAYOUTS}
        print(json.dumps({"weights": case.name, **differences}))
        if not max(differences.values()) <= TOLERANCE:
            sys.exit(f"{case.name}: outputs differ by {max(differences.values())}, expected at most {TOLERANCE}")
        if (case / "trained.weights.h5").exists():
            check_optimizer(case)


if __name__ == "__main__":
    main()
