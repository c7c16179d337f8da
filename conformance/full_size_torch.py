"""torchvision's ResNets (torchvision/models/resnet.py) written down in Keras: what PyTorch would make of the same weights.

The layers are called as torchvision's modules, so that a file has the names of its state_dict.
"""

import keras
import numpy as np
from keras import layers
from safetensors.numpy import save_file

CLASSES = 1000
PARAMETERS = {
    "kernel": "weight", "gamma": "weight", "bias": "bias", "beta": "bias",
    "moving_mean": "running_mean", "moving_variance": "running_var",
}


def convolution(x, name, filters, size, stride):
    """PyTorch pads alike on both sides."""
    if size > 1:
        x = layers.ZeroPadding2D(size // 2)(x)
    return layers.Conv2D(filters, size, stride, use_bias=False, name=name)(x)


def norm(x, name):
    return layers.BatchNormalization(epsilon=1e-5, name=name)(x)


def bottleneck(x, name, filters, stride):
    """The stride is that of the second convolution, where Keras's own networks have it in the first."""
    y = layers.ReLU()(norm(convolution(x, f"{name}.conv1", filters, 1, 1), f"{name}.bn1"))
    y = layers.ReLU()(norm(convolution(y, f"{name}.conv2", filters, 3, stride), f"{name}.bn2"))
    y = norm(convolution(y, f"{name}.conv3", 4 * filters, 1, 1), f"{name}.bn3")
    if x.shape != y.shape:
        x = norm(convolution(x, f"{name}.downsample.0", 4 * filters, 1, stride), f"{name}.downsample.1")
    return layers.ReLU()(layers.Add()([y, x]))


def model(blocks, size):
    x = image = keras.Input((size, size, 3))
    x = layers.ReLU()(norm(convolution(x, "conv1", 64, 7, 2), "bn1"))
    x = layers.MaxPooling2D(3, 2)(layers.ZeroPadding2D(1)(x))
    for stage, count in enumerate(blocks):
        for block in range(count):
            x = bottleneck(x, f"layer{stage + 1}.{block}", 64 * 2**stage, 2 if stage > 0 and block == 0 else 1)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(CLASSES, name="fc")(x))


def tensors(network):
    """The state_dict of torchvision's network."""
    for layer in network.layers:
        for weight in layer.weights:
            value = weight.numpy()
            if value.ndim > 1:  # PyTorch's kernels begin with what comes out
                value = np.moveaxis(value, (-1, -2), (0, 1))
            yield f"{layer.name}.{PARAMETERS[weight.name]}", np.ascontiguousarray(value)
        if isinstance(layer, layers.BatchNormalization):
            yield f"{layer.name}.num_batches_tracked", np.array(7, np.int64)


def write(network, folder):
    path = folder / "torch.safetensors"
    save_file(dict(tensors(network)), path)
    return path
