"""The formats of full_size.py: how Python writes them, and how it loads what Java has written."""

import keras
import tensorflow as tf
from keras.src.legacy.saving import legacy_h5_format
from safetensors.numpy import load_file, save_file

import h5py

TORCH = "safetensors by torchvision's names"


def at(name, write):
    def write_below(model, folder):
        write(model, folder / name)
        return folder / name

    return write_below


def shards(model, path):
    model.save_weights(path, max_shard_size=0.06)


def legacy(model, path):
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def safetensors(model, path):
    save_file({weight.path: weight.numpy() for weight in model.weights}, path)


def loaded(model, path):
    model.load_weights(path)
    return model


def named(read):
    """Weights by the names that Keras gives them."""

    def load(model, path):
        tensors = read(path)
        for weight in model.weights:
            weight.assign(tensors.pop(weight.path))
        if tensors:
            raise SystemExit(f"{path.name}: expected the weights of the model, received {list(tensors)} too")
        return model

    return load


def of_checkpoint(path):
    reader = tf.train.load_checkpoint(str(path.with_suffix("")))
    return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}


def of_saved_model(model, path):
    signature = tf.saved_model.load(str(path / "1")).signatures["serving_default"]
    (name,) = signature.structured_input_signature[1]
    return lambda image: next(iter(signature(**{name: tf.constant(image)}).values())).numpy()


# What Keras and TensorFlow write, in the folder that is given.
WRITE = {
    ".weights.h5": at("net.weights.h5", lambda model, path: model.save_weights(path)),
    ".weights.h5 in shards": at("net.weights.json", shards),
    "legacy .h5, weights": at("net.h5", legacy),
    "legacy .h5, whole model": at("net.h5", lambda model, path: model.save(path)),
    ".keras": at("net.keras", lambda model, path: model.save(path)),
    "SavedModel": at("net", lambda model, path: model.export(path, verbose=False)),
    "TensorFlow checkpoint": at("net", lambda model, path: tf.train.Checkpoint(model=model).write(str(path))),
    "safetensors by Keras's names": at("net.safetensors", safetensors),
}
# What Java writes, called so, and who loads it.
LOAD = {
    ".weights.h5": ("net.weights.h5", loaded),
    ".weights.h5 in shards": ("net.weights.json", loaded),
    "legacy .h5, weights": ("net.h5", loaded),
    ".keras": ("net.keras", lambda model, path: keras.models.load_model(path)),
    "SavedModel": ("net", of_saved_model),
    "TensorFlow checkpoint": ("net.index", named(of_checkpoint)),
    "safetensors by Keras's names": ("net.safetensors", named(load_file)),
}
KINDS = list(WRITE)
