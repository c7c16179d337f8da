"""What ./tfgraphs convert makes of a model of real Keras, loaded by what reads such files: converted.py make FOLDER
writes net.keras, net.h5, the architecture and a batch with its predictions; converted.py check FOLDER loads what was
converted into FOLDER/from-keras and FOLDER/from-h5.
"""

import os
import pathlib
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np
import tensorflow as tf

from makers import compile_configs
from makers.whole_h5 import train

TOLERANCE = 1e-6


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    model = compile_configs.small()
    model.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
    train(model)
    model.save(folder / "net.keras")  # first: Keras forgets the optimizer's settings at the other
    model.save(folder / "net.h5")
    np.savez(folder / "weights.npz", **{weight.path: weight.numpy() for weight in model.weights})
    np.save(folder / "losses.npy", train(model))


def require(holds, what):
    if not holds:
        sys.exit(f"converted: {what}")


def equal(folder, got, file):
    expected = np.load(folder.parent / "weights.npz")
    require(sorted(got) == sorted(expected), f"{file}: expected {sorted(expected)}, received {sorted(got)}")
    for path in expected:
        require(np.array_equal(expected[path], got[path]), f"{file}: {path} differs")


def by_path(model):
    return {weight.path: weight.numpy() for weight in model.weights}


def check_saved_model(folder):
    version = folder / "saved" / "1"
    loaded = tf.saved_model.load(str(version))
    model = keras.models.load_model(folder.parent / "net.keras")
    batch = np.linspace(-1, 1, 5 * np.prod(model.input_shape[1:])).reshape(5, *model.input_shape[1:]).astype(np.float32)
    call = loaded.signatures["serving_default"]
    (name,) = call.structured_input_signature[1]
    (got,) = call(**{name: tf.constant(batch)}).values()
    difference = float(np.max(np.abs(got.numpy() - model.predict(batch, verbose=0))))
    require(difference <= TOLERANCE, f"saved: predictions are {difference:.2g} off")


def check_safetensors(folder):
    try:
        from safetensors.numpy import load_file
    except ImportError:
        print("conformance: safetensors of convert were not loaded by Python: no safetensors (conformance/requirements.txt)")
        return
    equal(folder, load_file(folder / "net.safetensors"), "net.safetensors")


def check(folder):
    model = keras.models.load_model(folder / "net.keras")
    equal(folder, by_path(model), "net.keras")
    losses = np.load(folder.parent / "losses.npy")
    difference = float(np.max(np.abs(train(model) - losses)))
    require(difference <= 1e-5, f"net.keras: Keras's next losses are {difference:.2g} off")
    for file in "net.weights.h5", "net.weights.json", "net.h5":
        fresh = keras.models.load_model(folder.parent / "net.keras", compile=False)
        fresh.set_weights([np.zeros_like(weight) for weight in fresh.get_weights()])
        fresh.load_weights(folder / file)
        equal(folder, by_path(fresh), file)
    reader = tf.train.load_checkpoint(str(folder / "ckpt"))
    equal(folder, {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}, "ckpt")
    check_safetensors(folder)
    check_saved_model(folder)


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "make":
        make(root)
    else:
        for part in "from-keras", "from-h5":
            check(root / part)
        print("converted: a model of Keras in 7 kinds of files, from .keras and .h5, equal to the bit")
