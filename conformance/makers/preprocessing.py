"""Image preprocessing in training: random layers call after call, batches that are mixed, data that are learned from."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from . import output

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/preprocessing.json"

SEED = 1
CALLS = 3
IMAGES = (3, 6, 5, 3)
LARGE = 2**40 + 3


def pixels(shape):
    """Quarters from 0 to about 255, without a short period."""
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (((7 * i * i + 13 * i) % 1019) / 4).astype(np.float32).reshape(shape)


def flips():
    flip = layers.RandomFlip
    yield "flip", lambda: flip()
    yield "flip horizontal", lambda: flip("horizontal")
    yield "flip vertical", lambda: flip("vertical", seed=3)
    yield "flip with a seed below 0", lambda: flip(seed=-5)
    yield "flip with a seed beyond int32", lambda: flip(seed=LARGE)


def warps():
    rotation, zoom, move = layers.RandomRotation, layers.RandomZoom, layers.RandomTranslation
    yield "rotation", lambda: rotation(0.2)
    yield "rotation of an odd quarter", lambda: rotation((0.25, 0.25), seed=4)
    yield "rotation one way, nearest pixel", lambda: rotation((0.1, 0.3), interpolation="nearest")
    yield "zoom", lambda: zoom(0.4)
    yield "zoom of a negative number", lambda: zoom(-0.3)
    yield "zoom of one", lambda: zoom(1.0)
    yield "zoom of height and width", lambda: zoom(0.3, 0.5, seed=9)
    yield "zoom out", lambda: zoom((0.5, 0.9), (0.1, 0.2), fill_mode="constant", fill_value=7.0)
    yield "zoom in, nearest pixel", lambda: zoom((-0.5, -0.3), interpolation="nearest")
    yield "translation", lambda: move(0.3, 0.2)
    yield "translation one way", lambda: move((0.25, 0.5), (-0.5, -0.25), seed=2)
    yield "translation, nearest pixel", lambda: move(0.5, 0.5, interpolation="nearest")
    for mode in ("reflect", "constant", "wrap", "nearest"):
        yield f"rotation {mode}", lambda m=mode: rotation(0.5, fill_mode=m, fill_value=3.5)
        yield f"translation {mode}", lambda m=mode: move(0.9, 0.9, fill_mode=m, fill_value=3.5)


def crops():
    crop = layers.RandomCrop
    yield "crop", lambda: crop(3, 2)
    yield "crop with a seed", lambda: crop(4, 4, seed=11)
    yield "crop of the whole", lambda: crop(6, 5)
    yield "crop of all rows", lambda: crop(6, 3)
    yield "crop of all columns", lambda: crop(2, 5)
    yield "crop larger than the image", lambda: crop(9, 8)
    yield "crop higher than the image", lambda: crop(8, 3)
    yield "crop wider than the image", lambda: crop(3, 9)


def colors():
    contrast, brightness, erasing = layers.RandomContrast, layers.RandomBrightness, layers.RandomErasing
    yield "contrast", lambda: contrast(0.5)
    yield "contrast both ways", lambda: contrast((0.4, 0.6), seed=5)
    yield "contrast of other values", lambda: contrast((1.0, 1.0), value_range=(10, 90))
    yield "brightness", lambda: brightness(0.3)
    yield "brightness one way", lambda: brightness((-0.5, -0.25), value_range=(5, 200), seed=6)
    yield "erasing", lambda: erasing()
    yield "erasing always", lambda: erasing((1.0, 1.0), scale=(0.3, 0.8), seed=8)
    yield "erasing never", lambda: erasing(0.0)
    yield "erasing with a value", lambda: erasing((0.9, 1.0), fill_value=12.5)
    yield "erasing with a color", lambda: erasing((0.9, 1.0), fill_value=(1.0, 300.0, 20.0), scale=0.9)
    yield "erasing of other values", lambda: erasing((1.0, 1.0), value_range=(0, 1), scale=(0.5, 0.9))


def config_of(layer, seed):
    """A random crop without a seed reports one that it does not use."""
    config = {k: v for k, v in layer.get_config().items() if k not in ("name", "dtype")}
    return config | {"seed": seed}


def case(name, make_layer):
    keras.utils.set_random_seed(SEED)
    layer = make_layer()
    x = pixels(IMAGES)
    return {
        "name": name,
        "class_name": type(layer).__name__,
        "config": config_of(layer, layer.generator._initial_seed),
        "outputs": [output.tensor(np.array(layer(x, training=True))) for _ in range(CALLS)],
    }


def in_a_model():
    """Random layers between others in one model: their seeds come in the order in which they are made."""
    keras.utils.set_random_seed(SEED)
    model = keras.Sequential([
        keras.Input((6, 5, 3)),
        layers.RandomCrop(5, 4),
        layers.RandomFlip(),
        layers.RandomErasing((1.0, 1.0)),
        layers.Dropout(0.25),
        layers.RandomTranslation(0.5, 0.5),
    ])
    return [output.tensor(np.array(model(pixels(IMAGES), training=True))) for _ in range(CALLS)]


def in_a_dataset():
    """Two passes over seven images in batches of three."""
    keras.utils.set_random_seed(SEED)
    model = keras.Sequential([
        keras.Input((6, 5, 3)),
        layers.RandomFlip("horizontal"),
        layers.RandomZoom(0.3, 0.3),
        layers.RandomErasing(),
        layers.Rescaling(0.5),
    ])
    x = pixels((7, 6, 5, 3))
    batches = tf.data.Dataset.from_tensor_slices(x).batch(3).map(lambda b: model(b, training=True)).repeat(2)
    return {"input": output.tensor(x), "batches": [output.tensor(b.numpy()) for b in batches]}


def mixed(name, layer):
    """Two passes over seven images and their labels in batches of three."""
    x = pixels((7, 6, 5, 3))
    y = np.eye(4, dtype=np.float32)[[0, 3, 1, 2, 2, 0, 1]]
    batches = tf.data.Dataset.from_tensor_slices({"images": x, "labels": y}).batch(3)
    batches = batches.map(lambda b: layer(b, training=True)).repeat(2)
    return {
        "name": name,
        "class_name": type(layer).__name__,
        "config": config_of(layer, layer.seed),
        "input": output.tensor(x),
        "target": output.tensor(y),
        "batches": [[output.tensor(b["images"].numpy()), output.tensor(b["labels"].numpy())] for b in batches],
    }


def adapted(name, shape, batch, **options):
    """What a normalization has learned from a dataset, its weights in order, and what it then makes of the data."""
    layer = layers.Normalization(**options)
    x = pixels(shape)
    layer.adapt(tf.data.Dataset.from_tensor_slices(x).batch(batch))
    return {
        "name": name,
        "config": {k: v for k, v in layer.get_config().items() if k not in ("name", "dtype")},
        "batch": batch,
        "input": output.tensor(x),
        "weights": [{"name": w.name, **output.tensor(w.numpy())} for w in layer.weights],
        "output": output.tensor(np.array(layer(x))),
    }


def make(root):
    random = [case(*c) for group in (flips, warps, crops, colors) for c in group()]
    mixes = [
        mixed("mix up", layers.MixUp(seed=3)),
        mixed("mix up of alpha 2", layers.MixUp(alpha=2.0, seed=7)),
        mixed("cut mix", layers.CutMix(seed=3)),
        mixed("cut mix of a range", layers.CutMix(factor=(0.5, 0.75), seed=7)),
    ]
    adaptations = [
        adapted("per channel", (7, 6, 5, 3), 3),
        adapted("of everything", (7, 6, 5, 3), 3, axis=None),
        adapted("of rows", (7, 6, 5, 3), 7, axis=1),
        adapted("of vectors", (9, 4), 2),
        adapted("of two axes", (7, 6, 5, 3), 4, axis=(1, -1)),
        adapted("inverted", (9, 4), 4, invert=True),
    ]
    head = {"random_seed": SEED, "input": output.tensor(pixels(IMAGES)), "in_a_model": in_a_model(), "in_a_dataset": in_a_dataset()}
    output.write_json(root / FILE, head, {"random": random, "mixed": mixes, "adapted": adaptations})
