"""Compiled models as .keras files, data as .npz files, and what Keras's fit, evaluate and predict make of them."""

import pathlib
import zipfile

import keras
import numpy as np
from keras import layers, optimizers

from . import output

FOLDER = "examples/src/test/resources/dev/tfgraphs/examples/fit"
SAMPLES = 20


def numbers(*shape):
    return np.random.default_rng(len(shape)).normal(size=(SAMPLES, *shape)).astype(np.float32)


def labels(classes):
    i = np.arange(SAMPLES)
    return (i * i + i // 3) % classes


def images():
    """Grey bytes, class numbers, a part to judge by."""
    x = image = keras.Input((6, 6, 1), name="image")
    x = layers.Rescaling(1 / 255, name="scaled")(x)
    x = layers.Conv2D(3, 3, activation="relu", name="conv")(x)
    x = layers.BatchNormalization(momentum=0.9, name="norm")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    model = keras.Model(image, layers.Dense(4, activation="softmax", name="classes")(x))
    model.compile(optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    pixels = np.random.default_rng(7).integers(0, 256, size=(SAMPLES, 6, 6), dtype=np.uint8)
    return model, {"x": pixels, "y": labels(4)}, {"epochs": 3, "batch_size": 8, "validation_split": 0.3}


def distributions():
    """Class numbers as distributions, weights, a schedule, Fortran's order, and the default batch size."""
    model = keras.Sequential([
        keras.Input((5,), name="row"), layers.Dense(6, activation="tanh", name="hidden"),
        layers.Dense(3, name="logits"),
    ])
    rate = optimizers.schedules.CosineDecay(0.1, 6)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    model.compile(optimizers.SGD(rate, momentum=0.9, nesterov=True), loss, weighted_metrics=["categorical_accuracy"])
    data = {
        "x": np.asfortranarray(numbers(5)), "y": np.eye(3, dtype=np.int8)[labels(3)],
        "sample_weight": (1 + np.arange(SAMPLES) % 3 / 2).astype(np.float64),
    }
    return model, data, {"epochs": 4}


def several():
    """Two inputs, and two outputs with losses of their own."""
    wide, narrow = keras.Input((4,), name="wide"), keras.Input((2,), name="narrow")
    x = layers.Concatenate(name="both")([wide, narrow])
    x = layers.Dense(5, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01), name="hidden")(x)
    kind = layers.Dense(3, activation="softmax", name="kind")(x)
    size = layers.Dense(1, name="size")(x)
    model = keras.Model([wide, narrow], [kind, size])
    model.compile(
        optimizers.RMSprop(0.01, clipnorm=1.0), {"kind": "sparse_categorical_crossentropy", "size": "mse"},
        loss_weights={"kind": 1.0, "size": 0.5}, metrics={"kind": ["accuracy"], "size": ["mae"]},
    )
    data = {
        "x_wide": numbers(4), "x_narrow": numbers(2), "y_kind": labels(3).astype(np.float32)[:, None],
        "y_size": numbers()[:, None].astype(np.float16),
    }
    return model, data, {"epochs": 2, "batch_size": 6}


def resumed():
    """Yes or no, in the midst of a training, with averages of weights."""
    model = keras.Sequential([
        keras.Input((3,), name="row"), layers.Dense(4, activation="relu", name="hidden"),
        layers.Dense(1, activation="sigmoid", name="yes"),
    ])
    model.compile(
        optimizers.AdamW(0.03, use_ema=True, ema_momentum=0.9), "binary_crossentropy", metrics=["accuracy", "auc"])
    data = {"x": numbers(3).astype(np.float64), "y": labels(2).astype(bool)}
    model.fit(data["x"], data["y"], batch_size=7, shuffle=False, verbose=0)
    return model, data, {"epochs": 2, "batch_size": 7, "validation_split": 0.25}


CASES = [images, distributions, several, resumed]


def keras_data(model, data):
    """As Keras takes them: x, y and weights."""
    if "x" in data:
        x, y = data["x"], data["y"]
    else:
        x, y = ([v for k, v in data.items() if k.startswith(letter)] for letter in ("x_", "y_"))
    return x, y, data.get("sample_weight")


def built(case):
    keras.backend.clear_session()
    keras.utils.set_random_seed(1 + CASES.index(case))
    return case()


def fit(model, data, options):
    x, y, weights = keras_data(model, data)
    history = model.fit(x, y, sample_weight=weights, shuffle=False, verbose=0, **options)
    return {name: [float(v) for v in values] for name, values in history.history.items()}


def judged(model, data):
    """What Keras says of the model as it is, in batches of 8."""
    x, y, weights = keras_data(model, data)
    scores = model.evaluate(x, y, sample_weight=weights, batch_size=8, verbose=0, return_dict=True)
    predicted = model.predict(x, batch_size=8, verbose=0)
    predicted = predicted if isinstance(predicted, list) else [predicted]
    return {"scores": {k: float(v) for k, v in scores.items()}, "predictions": [output.tensor(p) for p in predicted]}


def arguments(options):
    return [text for name, value in options.items() for text in ("--" + name.replace("_", "-"), str(value))]


def save(model, file):
    """A tenth of what Keras writes, which packs nothing."""
    whole = file.with_suffix(".whole.keras")
    model.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    whole.unlink()


def make(root):
    folder = pathlib.Path(root) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    cases = []
    for case in CASES:
        model, data, options = built(case)
        name = case.__name__
        save(model, folder / f"{name}.keras")
        save_arrays = np.savez if case is resumed else np.savez_compressed
        save_arrays(folder / f"{name}.npz", **data)
        before = judged(model, data)
        history = fit(model, data, options)
        weights = {"/".join(w.path.split("/")[-2:]): output.tensor(w.numpy()) for w in model.weights}
        cases.append({"name": name, "arguments": arguments(options), **before, "history": history, "weights": weights})
    output.write_json(folder / "fits.json", {}, {"cases": cases})
