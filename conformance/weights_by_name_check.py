"""Reads checkpoints and safetensors files that Java has written in Python: weights_by_name_check.py FOLDER.

The cases in FOLDER are those of weights_check.py; names.txt has the names of all weights in the order of Keras's.
"""

import os
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import numpy as np
import tensorflow as tf

import cases
import weights_check


def of_checkpoint(case):
    reader = tf.train.load_checkpoint(str(case / "ckpt-1"))
    listed = dict(tf.train.list_variables(str(case / "ckpt-1")))
    return {name: reader.get_tensor(name) for name in listed}


def of_safetensors(case):
    from safetensors.numpy import load_file, save_file

    tensors = load_file(case / "weights.safetensors")
    save_file(tensors, case / "again.safetensors")
    if (case / "again.safetensors").read_bytes() != (case / "weights.safetensors").read_bytes():
        sys.exit(f"{case.name}: expected the bytes that Python writes, received others")
    return tensors


def check(case, kind, tensors):
    names = (case / "names.txt").read_text(encoding="utf-8").splitlines()
    expected = weights_check.loaded(case, "current.weights.h5").get_weights()
    if sorted(names) != sorted(tensors) or not names or len(names) != len(expected):
        sys.exit(f"{case.name}: {kind}: expected {len(expected)} weights {sorted(names)}, received {sorted(tensors)}")
    for name, value in zip(names, expected):
        if tensors[name].dtype != np.float32 or not np.array_equal(tensors[name].astype(value.dtype), value):
            sys.exit(f"{case.name}: {kind}: {name} differs")
    print(f"{case.name}: {len(names)} weights in {kind}")


def main():
    folders = cases.named(__doc__)
    kinds = {"checkpoint": of_checkpoint}
    try:
        import safetensors.numpy  # noqa: F401

        kinds["safetensors"] = of_safetensors
    except ImportError:
        print("conformance: safetensors were not read: no Python with safetensors (conformance/requirements.txt)")
    for case in folders:
        for kind, read in kinds.items():
            check(case, kind, read(case))


if __name__ == "__main__":
    main()
