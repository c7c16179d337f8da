"""Random models as configs: configs_check.py make FOLDER COUNT; and, once Java has written them again, check MADE WRITTEN."""

import json
import os
import pathlib
import random
import sys
import zipfile

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
from keras.src.saving import serialization_lib

from judging import networks, recipes

# What Keras writes of a layer and Java does not: layers are built when they are called, and nothing is compiled.
LEFT_OUT = {"build_config", "compile_config", "kwargs", "shared_object_id"}


def make(folder, count):
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        keras.utils.clear_session()
        rng = random.Random(f"configs/{index}")
        heads = [(rng.randint(1, 5), rng.choice([None, "softmax"])) for _ in range(rng.choice([1, 1, 2]))]
        model = recipes.build(networks.network(rng, heads, exact=False, images=rng.random() < 0.3))
        if rng.random() < 0.1:
            model.trainable = False
        if index % 10:
            (folder / f"{index:04}.json").write_text(model.to_json(), encoding="utf-8")
        else:
            model.save(folder / f"{index:04}.keras")


def model_of(text):
    with serialization_lib.ObjectSharingScope():
        return keras.saving.deserialize_keras_object(json.loads(text))


def description(model):
    return {
        "name": model.name,
        "layers": [
            (layer.name, type(layer).__name__, layer.count_params(), layer.trainable)
            for layer in model._flatten_layers(include_self=False)
        ],
        "weights": [(w.path, tuple(w.shape), w.trainable) for w in model.weights],
        "inputs": [(t.name, t.shape) for t in model.inputs],
        "outputs": [t.shape for t in model.outputs],
    }


def essence(value):
    """A config without what is left out, with Python's equality of numbers."""
    if isinstance(value, dict):
        return {k: essence(v) for k, v in value.items() if k not in LEFT_OUT}
    return [essence(v) for v in value] if isinstance(value, list) else value


def config_in(file):
    if file.suffix == ".keras":
        return zipfile.ZipFile(file).read("config.json").decode("utf-8")
    return file.read_text(encoding="utf-8")


def check(made, written):
    files = sorted(made.iterdir())
    if not files:
        sys.exit(f"configs: expected configs in {made}, found none")
    weights = 0
    for file in files:
        texts = [config_in(file), (written / file.name).read_text(encoding="utf-8")]
        ours = []
        for text in texts:
            keras.utils.clear_session()
            ours.append(description(model_of(text)))
        for key, expected in ours[0].items():
            if ours[1][key] != expected:
                sys.exit(f"configs: {file.name}: {key}: expected {expected}, received {ours[1][key]}")
        known = [essence(json.loads(text)) for text in texts]
        for difference in differences(*known, "$"):
            sys.exit(f"configs: {file.name}: {difference}")
        weights += len(ours[0]["weights"])
    print(f"{len(files)} configs of random models with {weights} weights: the same models in Keras")


# One number is the range about 0, and Java writes the range.
SAME = {"height_factor", "width_factor"}


def differences(expected, received, where):
    if isinstance(expected, dict) and isinstance(received, dict):
        if expected.keys() != received.keys():
            yield f"{where}: expected {sorted(expected)}, received {sorted(received)}"
        for key in expected.keys() - SAME:
            yield from differences(expected[key], received[key], f"{where}.{key}")
    elif isinstance(expected, list) and isinstance(received, list) and len(expected) == len(received):
        for i, pair in enumerate(zip(expected, received)):
            yield from differences(*pair, f"{where}[{i}]")
    elif expected != received:
        yield f"{where}: expected {expected!r}, received {received!r}"


def main():
    if sys.argv[1] == "make":
        make(pathlib.Path(sys.argv[2]), int(sys.argv[3]))
    else:
        check(*map(pathlib.Path, sys.argv[2:4]))


if __name__ == "__main__":
    main()
