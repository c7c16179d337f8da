"""The small well-conditioned net that the training fixtures train, and its data by formula."""

import keras
import numpy as np
from keras import layers

X_IS = "x[i] = float32(((7*i*i + 13*i) mod 251) / 251), i the flat index"
Y_IS = "class = sample mod 4; one_hot of it; bit = sample mod 2; values[s, j] = (3*s + j) mod 5 / 4"
NET_IS = (
    "Input (8, 8, 3); Conv2D(8, 3, strides=2, same) c1; BatchNormalization bn; ReLU relu; "
    "MaxPooling2D(3, strides=2, same) pool; Conv2D(8, 1) c2; Add [pool, c2]; GlobalAveragePooling2D; Dense head"
)


def build(units=4, activation="softmax", seed=42, bias=True):
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((8, 8, 3), name="input")
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=bias, name="c1")(inputs)
    x = layers.BatchNormalization(name="bn")(x)
    x = layers.ReLU(name="relu")(x)
    pool = layers.MaxPooling2D(3, strides=2, padding="same", name="pool")(x)
    x = layers.Add(name="add")([pool, layers.Conv2D(8, 1, name="c2")(pool)])
    x = layers.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(inputs, layers.Dense(units, activation=activation, name="head")(x))


def images(count):
    i = np.arange(count * 8 * 8 * 3, dtype=np.int64)
    return (((7 * i * i + 13 * i) % 251) / 251).astype(np.float32).reshape(count, 8, 8, 3)


def targets(kind, count):
    sample = np.arange(count)
    if kind == "class":
        return (sample % 4).astype(np.float32)
    if kind == "one_hot":
        return np.eye(4, dtype=np.float32)[sample % 4]
    if kind == "bit":
        return (sample % 2).astype(np.float32).reshape(-1, 1)
    if kind == "values":
        return (((3 * sample[:, None] + np.arange(2)[None, :]) % 5) / 4).astype(np.float32)
    raise ValueError(f"kind: expected class, one_hot, bit or values, received {kind}")
