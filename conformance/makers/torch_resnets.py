"""Torchvision's residual networks written with Keras: layers, weights, and what small members make of images.

The source is torchvision/models/resnet.py; layers are called as its modules, or as torch.fx calls their uses.
"""

import keras
import numpy as np
from keras import layers

from . import keras_resnets, output

FOLDER = keras_resnets.FOLDER

# As torchvision's functions give them to ResNet(block, layers, groups, width_per_group).
NETWORKS = {
    "resnet18": ("basic", (2, 2, 2, 2), 1, 64),
    "resnet34": ("basic", (3, 4, 6, 3), 1, 64),
    "resnet50": ("bottleneck", (3, 4, 6, 3), 1, 64),
    "resnet101": ("bottleneck", (3, 4, 23, 3), 1, 64),
    "resnet152": ("bottleneck", (3, 8, 36, 3), 1, 64),
    "resnext50_32x4d": ("bottleneck", (3, 4, 6, 3), 32, 4),
    "resnext101_32x8d": ("bottleneck", (3, 4, 23, 3), 32, 8),
    "resnext101_64x4d": ("bottleneck", (3, 4, 23, 3), 64, 4),
    "wide_resnet50_2": ("bottleneck", (3, 4, 6, 3), 1, 128),
    "wide_resnet101_2": ("bottleneck", (3, 4, 23, 3), 1, 128),
}
# timm's (timm/models/resnet.py), with a deep stem and averages before projections.
TIMM = {
    "resnet18d": ("basic", (2, 2, 2, 2), 1, 64),
    "resnet34d": ("basic", (3, 4, 6, 3), 1, 64),
    "resnet50d": ("bottleneck", (3, 4, 6, 3), 1, 64),
    "resnet101d": ("bottleneck", (3, 4, 23, 3), 1, 64),
    "resnet152d": ("bottleneck", (3, 8, 36, 3), 1, 64),
}
WRITTEN_OUT = ("resnet18", "resnext50_32x4d")

TINY = [("basic", 1, 64), ("bottleneck", 1, 64), ("bottleneck", 32, 4), ("bottleneck", 1, 128)]
TINY_TIMM = TINY[:2]
SIZES = [(32, 32), (33, 33), (48, 40)]


class Network:
    """A network while it is made; the channels before a block are kept as torchvision keeps `inplanes`."""

    def __init__(self, block, groups, base_width, tweaked=False):
        self.block = getattr(self, block)
        self.expansion = {"basic": 1, "bottleneck": 4}[block]
        self.groups, self.base_width, self.inplanes = groups, base_width, 64
        self.tweaked = tweaked

    def conv(self, x, name, planes, kernel, stride=1, groups=1):
        padding = "same" if stride == 1 else "valid"
        if stride > 1 and kernel > 1:
            x = layers.ZeroPadding2D(kernel // 2, name=f"{name}.pad")(x)
        return layers.Conv2D(
            planes, kernel, strides=stride, padding=padding, groups=groups, use_bias=False, name=name,
        )(x)

    def norm(self, x, name):
        return layers.BatchNormalization(epsilon=1e-5, momentum=0.9, name=name)(x)

    def relu(self, x, name):
        return layers.Activation("relu", name=name)(x)

    def basic(self, x, name, planes, stride):
        out = self.relu(self.norm(self.conv(x, f"{name}.conv1", planes, 3, stride), f"{name}.bn1"), f"{name}.relu")
        return self.norm(self.conv(out, f"{name}.conv2", planes, 3), f"{name}.bn2"), f"{name}.relu_1"

    def bottleneck(self, x, name, planes, stride):
        width = int(planes * (self.base_width / 64.0)) * self.groups
        out = self.relu(self.norm(self.conv(x, f"{name}.conv1", width, 1), f"{name}.bn1"), f"{name}.relu")
        out = self.norm(self.conv(out, f"{name}.conv2", width, 3, stride, self.groups), f"{name}.bn2")
        out = self.conv(self.relu(out, f"{name}.relu_1"), f"{name}.conv3", planes * self.expansion, 1)
        return self.norm(out, f"{name}.bn3"), f"{name}.relu_2"

    def layer(self, x, name, planes, blocks, stride):
        for i in range(blocks):
            stride = stride if i == 0 else 1
            out, last = self.block(x, f"{name}.{i}", planes, stride)
            if stride != 1 or self.inplanes != planes * self.expansion:
                x = self.downsample(x, f"{name}.{i}.downsample", planes * self.expansion, stride)
            self.inplanes = planes * self.expansion
            x = self.relu(layers.Add(name=f"{name}.{i}.add")([out, x]), last)
        return x

    def downsample(self, x, name, planes, stride):
        if not self.tweaked:
            return self.norm(self.conv(x, f"{name}.0", planes, 1, stride), f"{name}.1")
        if stride > 1:
            x = layers.AveragePooling2D(2, strides=stride, padding="same", name=f"{name}.0")(x)
        return self.norm(self.conv(x, f"{name}.1", planes, 1), f"{name}.2")

    def stem(self, images):
        if not self.tweaked:
            return self.conv(images, "conv1", 64, 7, 2)
        x = self.relu(self.norm(self.conv(images, "conv1.0", 32, 3, 2), "conv1.1"), "conv1.2")
        x = self.relu(self.norm(self.conv(x, "conv1.3", 32, 3), "conv1.4"), "conv1.5")
        return self.conv(x, "conv1.6", 64, 3)

    def features(self, images, blocks):
        x = self.relu(self.norm(self.stem(images), "bn1"), "relu")
        x = layers.ZeroPadding2D(1, name="maxpool.pad")(x)
        x = layers.MaxPooling2D(3, strides=2, name="maxpool")(x)
        for i, count in enumerate(blocks):
            x = self.layer(x, f"layer{i + 1}", 64 * 2**i, count, 1 if i == 0 else 2)
        return x


def model(name):
    keras.backend.clear_session()
    block, blocks, groups, width = (NETWORKS | TIMM)[name]
    images = keras.Input((224, 224, 3))
    features = Network(block, groups, width, name in TIMM).features(images, blocks)
    x = layers.GlobalAveragePooling2D(name="avgpool")(features)
    return keras.Model(images, layers.Dense(1000, name="fc")(x), name=name)


def network(name, root):
    made = model(name)
    if name in WRITTEN_OUT:
        text = "\n".join(keras_resnets.line_of(layer) for layer in made.layers) + "\n"
        (root / FOLDER / f"torch_{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    return {"network": name} | keras_resnets.facts(made)


def tiny_model(block, groups, width, size, tweaked=False):
    keras.backend.clear_session()
    images = keras.Input((*size, 3))
    made = keras.Model(images, Network(block, groups, width, tweaked).features(images, (1, 1)))
    for index, weight in enumerate(made.weights):
        weight.assign(keras_resnets.numbers(index, weight))
    return made


def tiny_input(size):
    return keras_resnets.pixels((2, *size, 3)) / np.float32(251)


def tiny_row(case, size, features):
    """About 128 of the numbers, spread over all channels and places."""
    every = max(1, features.size // 128 | 1)
    block, groups, width = case
    return {
        "block": block, "groups": groups, "width": width, "size": list(size), "features_shape": list(features.shape),
        "every": every, "features": output.numbers(features.reshape(-1)[::every]),
    }


def tiny(case, size, tweaked=False):
    made = tiny_model(*case, size, tweaked)
    return tiny_row(case, size, np.array(made(tiny_input(size), training=False)))


def make(root):
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    lists = {
        "networks": [network(name, root) for name in NETWORKS],
        "timm": [network(name, root) for name in TIMM],
        "tiny": [tiny(case, size) for case in TINY for size in SIZES],
        "tiny_timm": [tiny(case, size, tweaked=True) for case in TINY_TIMM for size in SIZES],
    }
    output.write_json(root / FOLDER / "torch_resnets.json", {}, lists)
