"""The networks under test, written with Keras as a user would write them."""

import keras
from keras import layers


def identity_block(x, filters, kernel_size):
    shortcut = x
    x = layers.Conv2D(filters, kernel_size, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(filters, kernel_size, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Add()([shortcut, x])
    return layers.Activation("relu")(x)


def residual_block(x, filters, kernel_size=3, stride=1):
    shortcut = x
    x = layers.Conv2D(filters, kernel_size, strides=stride, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(filters, kernel_size, padding="same")(x)
    x = layers.BatchNormalization()(x)
    if stride != 1 or shortcut.shape[-1] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=stride, padding="same")(shortcut)
        shortcut = layers.BatchNormalization()(shortcut)
    x = layers.Add()([x, shortcut])
    return layers.Activation("relu")(x)


def post_activation_block(x, filters):
    shortcut = x
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Add()([shortcut, x])
    return layers.Activation("relu")(x)


def pre_activation_block(x, filters):
    shortcut = x
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    return layers.Add()([shortcut, x])


def _stem(inputs):
    x = layers.Conv2D(64, 7, strides=2, padding="same")(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    return layers.MaxPooling2D(3, strides=2, padding="same")(x)


def _head(inputs, x, classes):
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))


def _resnet(shape, classes, blocks):
    """A ResNet whose first stage keeps its size."""
    inputs = keras.Input(shape)
    x = _stem(inputs)
    for stage, filters in enumerate([64, 128, 256, 512]):
        x = residual_block(x, filters, stride=1 if stage == 0 else 2)
        for _ in range(blocks[stage] - 1):
            x = residual_block(x, filters)
    return _head(inputs, x, classes)


def resnet18(shape, classes):
    return _resnet(shape, classes, [2, 2, 2, 2])


def resnet34(shape, classes):
    return _resnet(shape, classes, [3, 4, 6, 3])


def flexible_resnet(shape, classes):
    """ResNet-18 with stride 2 in every stage."""
    inputs = keras.Input(shape)
    x = _stem(inputs)
    for filters in [64, 128, 256, 512]:
        x = residual_block(x, filters, stride=2)
        x = residual_block(x, filters)
    return _head(inputs, x, classes)


def cifar_resnet(depth, shape=(32, 32, 3), classes=10):
    """The 6n+2 family: three stages of n blocks with 16, 32 and 64 filters."""
    inputs = keras.Input(shape)
    x = layers.Conv2D(16, 3, padding="same")(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    for stage, filters in enumerate([16, 32, 64]):
        for block in range((depth - 2) // 6):
            x = residual_block(x, filters, stride=2 if stage > 0 and block == 0 else 1)
    return _head(inputs, x, classes)


def block_model(block, shape=(16, 16, 8)):
    inputs = keras.Input(shape)
    return keras.Model(inputs, block(inputs))
