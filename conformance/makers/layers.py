"""Every kind of layer in inference: config, inputs, weights and outputs; batch normalization in training too."""

import keras
import numpy as np
from keras import activations, layers
from keras.src.layers.preprocessing.image_preprocessing.base_image_preprocessing_layer import (
    BaseImagePreprocessingLayer,
)
from keras.src.ops.numpy import Flip

from . import output

GOLDEN = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/layers.json"
SHAPES = "ops/src/test/resources/dev/tfgraphs/ops/layers.json"

IMAGE = (2, 5, 4, 3)
RAMP = (1, 57)
NOT_BY_NAME = {"glu", "threshold", "sparsemax"}


def case(name, layer, *shapes):
    return name, layer, shapes or (IMAGE,)


def convolutions():
    conv, one = layers.Conv2D, (1, 6, 5, 2)
    wide = (1, 7, 8, 1)
    yield case("conv valid", lambda: conv(2, 3))
    yield case("conv same", lambda: conv(2, 3, padding="same"))
    yield case("conv even kernel same", lambda: conv(2, 2, padding="same"))
    yield case("conv rectangular kernel", lambda: conv(2, (1, 3)))
    yield case("conv strides 2 same, odd and even sizes", lambda: conv(2, 3, strides=2, padding="same"))
    yield case("conv strides 2 valid", lambda: conv(2, 3, strides=2))
    yield case("conv strides 2 kernel 1 same", lambda: conv(2, 1, strides=2, padding="same"))
    yield case("conv strides 3 kernel 2 same", lambda: conv(2, 2, strides=3, padding="same"), wide)
    yield case("conv kernel 7 strides 2 same", lambda: conv(2, 7, strides=2, padding="same"), wide)
    yield case("conv strides (2, 1)", lambda: conv(2, 3, strides=(2, 1), padding="same"), one)
    yield case("conv dilation 2 valid", lambda: conv(2, 3, dilation_rate=2), wide)
    yield case("conv dilation 2 same", lambda: conv(2, 3, dilation_rate=2, padding="same"), one)
    yield case("conv dilation (2, 1)", lambda: conv(2, 3, dilation_rate=(2, 1), padding="same"), one)
    yield case("conv dilation 3 of kernel 2", lambda: conv(1, 2, dilation_rate=3), wide)
    yield case("conv groups 2", lambda: conv(4, 3, groups=2, padding="same"), (1, 4, 3, 4))
    yield case("conv groups of one channel", lambda: conv(6, 2, groups=3), (1, 4, 3, 3))
    yield case("conv groups strides 2", lambda: conv(2, 3, groups=2, strides=2, padding="same"), (1, 5, 5, 2))
    yield case("conv without bias", lambda: conv(2, 3, use_bias=False))
    yield case("conv relu", lambda: conv(2, 3, activation="relu"))
    yield case("conv softmax", lambda: conv(3, 1, activation="softmax"))
    yield case("conv regularized", lambda: conv(2, 1, kernel_regularizer=keras.regularizers.L2(0.02)))
    yield case("conv he normal", lambda: conv(2, 1, kernel_initializer="he_normal", bias_initializer="ones"))


def depthwise_convolutions():
    conv, square = layers.DepthwiseConv2D, (1, 5, 5, 2)
    yield case("depthwise valid", lambda: conv(3))
    yield case("depthwise same", lambda: conv(3, padding="same"))
    yield case("depthwise multiplier 2", lambda: conv(2, depth_multiplier=2))
    yield case("depthwise multiplier 3 same without bias", lambda: conv(3, depth_multiplier=3, padding="same", use_bias=False), square)
    yield case("depthwise strides 2 same", lambda: conv(3, strides=2, padding="same"))
    yield case("depthwise strides 2 valid", lambda: conv(2, strides=2))
    yield case("depthwise dilation 2 same", lambda: conv(3, dilation_rate=2, padding="same"), square)
    yield case("depthwise dilation 2 valid", lambda: conv(2, dilation_rate=2))
    yield case("depthwise rectangular relu", lambda: conv((3, 2), activation="relu"))


def transposed_convolutions():
    conv, small = layers.Conv2DTranspose, (1, 3, 4, 2)
    for kernel in (1, 2, 3, 4):
        for strides in (1, 2, 3):
            for padding in ("valid", "same"):
                yield case(
                    f"transpose kernel {kernel} strides {strides} {padding}",
                    lambda k=kernel, s=strides, p=padding: conv(1, k, strides=s, padding=p),
                    small,
                )
    for output_padding in (0, 1):
        for padding in ("valid", "same"):
            yield case(
                f"transpose output padding {output_padding} {padding}",
                lambda o=output_padding, p=padding: conv(2, 3, strides=2, padding=p, output_padding=o),
                small,
            )
    yield case("transpose output padding (0, 1)", lambda: conv(1, 3, strides=2, padding="same", output_padding=(0, 1)), small)
    yield case("transpose strides (2, 1)", lambda: conv(2, (2, 3), strides=(2, 1), padding="same"), small)
    yield case("transpose dilation 2", lambda: conv(1, 3, dilation_rate=2), small)
    yield case("transpose dilation 2 same", lambda: conv(1, 3, dilation_rate=2, padding="same"), small)
    yield case("transpose without bias, relu", lambda: conv(2, 3, use_bias=False, activation="relu"), small)


def dense():
    yield case("dense", lambda: layers.Dense(4), (3, 5))
    yield case("dense without bias", lambda: layers.Dense(4, use_bias=False), (3, 5))
    yield case("dense softmax", lambda: layers.Dense(4, activation="softmax"), (3, 5))
    yield case("dense sigmoid", lambda: layers.Dense(1, activation="sigmoid"), (3, 5))
    yield case("dense on rank 3", lambda: layers.Dense(2), (2, 3, 4))
    yield case("dense on rank 4", lambda: layers.Dense(2, activation="tanh"))


def normalizations():
    norm = layers.BatchNormalization
    yield case("bn", lambda: norm())
    yield case("bn momentum and epsilon", lambda: norm(momentum=0.9, epsilon=1.001e-5))
    yield case("bn without center", lambda: norm(center=False))
    yield case("bn without scale", lambda: norm(scale=False))
    yield case("bn without center and scale", lambda: norm(center=False, scale=False))
    yield case("bn of axis 1", lambda: norm(axis=1))
    yield case("bn of axis 2", lambda: norm(axis=2))
    yield case("bn of axis 3", lambda: norm(axis=3))
    yield case("bn of axis -2", lambda: norm(axis=-2, momentum=0.9))
    yield case("bn of axis -3 without center and scale", lambda: norm(axis=-3, center=False, scale=False))
    yield case("bn of axis 1 without scale, frozen", lambda: norm(axis=1, scale=False, trainable=False))
    yield case("bn of axis 1 of one row", lambda: norm(axis=1), (1, 2, 1, 1))
    yield case("bn of vectors", lambda: norm(), (6, 3))
    yield case("bn of rank 3", lambda: norm(), (2, 4, 3))
    yield case("bn of one sample", lambda: norm(momentum=0.5), (1, 2, 2, 2))
    yield case("bn frozen", lambda: norm(trainable=False))
    # The mean and the variance are config, not weights a file would hold.
    yield case("normalization per channel", lambda: layers.Normalization(mean=[0.5, -1.0, 2.0], variance=[1.0, 4.0, 0.25]))
    yield case("normalization of one mean", lambda: layers.Normalization(axis=None, mean=0.5, variance=2.25))
    yield case("normalization inverted", lambda: layers.Normalization(mean=[0.5, -1.0, 2.0], variance=[1.0, 4.0, 0.25], invert=True))
    yield case("normalization of zero variance", lambda: layers.Normalization(mean=[1.0, 0.0, 0.0], variance=[0.0, 1.0, 1.0]))
    yield case("normalization of axis 1", lambda: layers.Normalization(axis=1, mean=[0, 1, 2, 3, 4], variance=[1, 2, 3, 4, 5]))
    yield case("normalization learned", lambda: layers.Normalization())
    yield case("normalization learned of axes 1 and 3", lambda: layers.Normalization(axis=(3, 1)))
    yield case("normalization learned of everything", lambda: layers.Normalization(axis=None, invert=True))
    yield case("normalization of vectors", lambda: layers.Normalization(mean=[0.5, -1.0, 2.0], variance=[1.0, 4.0, 0.25]), (4, 3))


def activation_layers():
    for name in sorted(n for n in dir(activations) if not n.startswith("_")):
        if name in NOT_BY_NAME | {"deserialize", "get", "serialize"}:
            continue
        shape = (3, 5) if "softmax" in name else RAMP
        yield case(f"activation {name}", lambda n=name: layers.Activation(n), shape)
    yield case("relu", lambda: layers.ReLU(), RAMP)
    yield case("relu max 1.5", lambda: layers.ReLU(max_value=1.5), RAMP)
    yield case("relu max 6", lambda: layers.ReLU(max_value=6), RAMP)
    yield case("relu slope", lambda: layers.ReLU(negative_slope=0.1), RAMP)
    yield case("relu threshold", lambda: layers.ReLU(threshold=0.5), RAMP)
    yield case("relu negative threshold", lambda: layers.ReLU(threshold=0.75, max_value=2.0), RAMP)
    yield case("relu all", lambda: layers.ReLU(max_value=2.0, negative_slope=0.25, threshold=1.0), RAMP)
    yield case("leaky relu", lambda: layers.LeakyReLU(), RAMP)
    yield case("leaky relu slope", lambda: layers.LeakyReLU(negative_slope=0.05), RAMP)
    yield case("softmax", lambda: layers.Softmax(), (3, 5))
    yield case("softmax of axis 1", lambda: layers.Softmax(axis=1))
    yield case("softmax of two axes", lambda: layers.Softmax(axis=(1, 2)))
    yield case("softmax of rank 4", lambda: layers.Softmax())


def merges():
    kinds = [layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum]
    for kind in kinds:
        name = kind.__name__.lower()
        yield case(f"{name} of two", kind, IMAGE, IMAGE)
        yield case(f"{name} broadcast over pixels", kind, IMAGE, (2, 1, 1, 3))
        yield case(f"{name} broadcast both ways", kind, (2, 1, 4, 1), (2, 5, 1, 3))
        if kind is not layers.Subtract:
            yield case(f"{name} of three", kind, (2, 3, 4), (2, 3, 4), (2, 3, 4))
        yield case(f"{name} of different ranks", kind, (2, 3, 4), (2, 4))
    yield case("concatenate", lambda: layers.Concatenate(), IMAGE, (2, 5, 4, 2))
    yield case("concatenate axis 1", lambda: layers.Concatenate(axis=1), IMAGE, (2, 2, 4, 3))
    yield case("concatenate axis 2 of three", lambda: layers.Concatenate(axis=2), IMAGE, (2, 5, 1, 3), IMAGE)
    yield case("concatenate vectors", lambda: layers.Concatenate(), (3, 2), (3, 5))


def poolings():
    for kind, name in [(layers.MaxPooling2D, "max"), (layers.AveragePooling2D, "average")]:
        yield case(f"{name} pooling", lambda k=kind: k(2))
        yield case(f"{name} pooling same", lambda k=kind: k(2, padding="same"))
        yield case(f"{name} pooling 3 strides 2 same", lambda k=kind: k(3, strides=2, padding="same"))
        yield case(f"{name} pooling 3 strides 2 valid", lambda k=kind: k(3, strides=2), (1, 7, 6, 2))
        yield case(f"{name} pooling 3 strides 1 same", lambda k=kind: k(3, strides=1, padding="same"))
        yield case(f"{name} pooling 1 strides 2", lambda k=kind: k(1, strides=2))
        yield case(f"{name} pooling (2, 3) strides (1, 2)", lambda k=kind: k((2, 3), strides=(1, 2), padding="same"))
    for kind, name in [(layers.GlobalMaxPooling2D, "max"), (layers.GlobalAveragePooling2D, "average")]:
        yield case(f"global {name} pooling", kind)
        yield case(f"global {name} pooling keepdims", lambda k=kind: k(keepdims=True))


def reshapes():
    small = (1, 2, 3, 2)
    yield case("up sampling", lambda: layers.UpSampling2D(), small)
    yield case("up sampling (3, 1)", lambda: layers.UpSampling2D((3, 1)), small)
    yield case("up sampling bilinear", lambda: layers.UpSampling2D(interpolation="bilinear"), small)
    yield case("up sampling bilinear (3, 2)", lambda: layers.UpSampling2D((3, 2), interpolation="bilinear"), small)
    yield case("zero padding", lambda: layers.ZeroPadding2D(), small)
    yield case("zero padding 3", lambda: layers.ZeroPadding2D(3), (1, 1, 2, 1))
    yield case("zero padding (1, 2)", lambda: layers.ZeroPadding2D((1, 2)), small)
    yield case("zero padding of four", lambda: layers.ZeroPadding2D(((0, 1), (2, 3))), small)
    yield case("cropping", lambda: layers.Cropping2D(1))
    yield case("cropping nothing", lambda: layers.Cropping2D())
    yield case("cropping (2, 1)", lambda: layers.Cropping2D((2, 1)))
    yield case("cropping of four", lambda: layers.Cropping2D(((0, 2), (1, 0))))
    yield case("flatten", lambda: layers.Flatten())
    yield case("flatten vectors", lambda: layers.Flatten(), (3, 4))
    yield case("flatten scalars", lambda: layers.Flatten(), (3,))
    yield case("reshape", lambda: layers.Reshape((4, 15)))
    yield case("reshape with an unknown size", lambda: layers.Reshape((-1, 6)))
    yield case("reshape to rank 5", lambda: layers.Reshape((5, 2, 2, -1)))
    yield case("reshape to a vector", lambda: layers.Reshape((-1,)))
    yield case("permute", lambda: layers.Permute((3, 1, 2)))
    yield case("permute rank 3", lambda: layers.Permute((2, 1)), (2, 3, 4))
    yield case("flip channels", lambda: Flip(-1))
    yield case("flip rows", lambda: Flip(1))
    yield case("rescaling", lambda: layers.Rescaling(1 / 255))
    yield case("rescaling with offset", lambda: layers.Rescaling(1 / 127.5, offset=-1))
    yield case("rescaling per channel", lambda: layers.Rescaling([0.5, 1.0, 2.0], offset=[1.0, 0.0, -1.0]))
    yield case("dropout", lambda: layers.Dropout(0.5))
    yield case("spatial dropout", lambda: layers.SpatialDropout2D(0.5))
    yield case("gaussian noise", lambda: layers.GaussianNoise(0.5))


def preprocessing():
    """Random layers do nothing here; makers/preprocessing.py has them in training."""
    crop, size, tall = layers.CenterCrop, layers.Resizing, (2, 7, 4, 2)
    yield case("center crop", lambda: crop(3, 2))
    yield case("center crop of an odd rest", lambda: crop(2, 3), tall)
    yield case("center crop of everything", lambda: crop(5, 4))
    yield case("center crop larger than the image", lambda: crop(8, 8))
    yield case("center crop higher than the image", lambda: crop(9, 2))
    yield case("center crop wider than the image", lambda: crop(2, 7))
    for name in ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5"):
        yield case(f"resizing {name} larger", lambda n=name: size(7, 9, interpolation=n))
        yield case(f"resizing {name} smaller", lambda n=name: size(3, 2, interpolation=n), tall)
        yield case(f"resizing {name} antialias", lambda n=name: size(3, 2, interpolation=n, antialias=True), tall)
    yield case("resizing to the same", lambda: size(5, 4))
    for target in ((4, 4), (3, 7), (8, 3)):
        yield case(f"resizing crop to {target}", lambda t=target: size(*t, crop_to_aspect_ratio=True), tall)
        yield case(f"resizing pad to {target}", lambda t=target: size(*t, pad_to_aspect_ratio=True, fill_value=2.5), tall)
        yield case(f"resizing wide crop to {target}", lambda t=target: size(*t, crop_to_aspect_ratio=True), (1, 3, 8, 1))
        yield case(f"resizing wide pad to {target}", lambda t=target: size(*t, pad_to_aspect_ratio=True), (1, 3, 8, 1))
    yield case("random flip", lambda: layers.RandomFlip("vertical"))
    yield case("random rotation", lambda: layers.RandomRotation((-0.25, 0.125), fill_mode="wrap", interpolation="nearest"))
    yield case("random zoom", lambda: layers.RandomZoom(0.5))
    yield case("random zoom of height and width", lambda: layers.RandomZoom((-0.5, 0.25), (0.0, 0.5), fill_value=1.5))
    yield case("random translation", lambda: layers.RandomTranslation((0.25, 0.5), 0.125, fill_mode="nearest"))
    yield case("random crop", lambda: layers.RandomCrop(3, 2))
    yield case("random contrast", lambda: layers.RandomContrast((0.25, 0.5)))
    yield case("random brightness", lambda: layers.RandomBrightness(0.25, value_range=(0, 1)))
    yield case("random erasing", lambda: layers.RandomErasing(0.5))


GROUPS = [
    convolutions, depthwise_convolutions, transposed_convolutions, dense, normalizations, activation_layers,
    merges, poolings, reshapes, preprocessing,
]


def inputs_of(shapes):
    """Each input another slice of the same formula, so that merges see different values."""
    if shapes == (RAMP,):
        return [output.ramp(RAMP)]
    return [output.grid((i + 1, *s))[i] for i, s in enumerate(shapes)]


def call(layer, inputs, **options):
    if isinstance(layer, BaseImagePreprocessingLayer):
        options = {"training": False} | options  # called alone, these train
    tensors = [keras.ops.convert_to_tensor(x) for x in inputs]
    return np.array(layer(tensors if len(tensors) > 1 else tensors[0], **options))


def variables(layer):
    """Operations, such as a flip, are no layers and have none."""
    return getattr(layer, "weights", [])


def set_weights(name, layer):
    for i, weight in enumerate(variables(layer)):
        weight.assign(output.random_weight(name, i, weight.name, tuple(weight.shape)))


def weights_of(layer):
    return [{"name": w.name, **output.tensor(w.numpy())} for w in variables(layer)]


def config_of(layer):
    """Without the name, which counts up from case to case, and the type, which is always float32."""
    return {k: v for k, v in layer.get_config().items() if k not in ("name", "dtype")}


def golden(name, make_layer, shapes):
    keras.utils.set_random_seed(1)
    layer = make_layer()
    inputs = inputs_of(shapes)
    call(layer, inputs)
    normalization = isinstance(layer, layers.Normalization) and layer.input_mean is not None
    if not normalization:
        set_weights(name, layer)
    if isinstance(layer, layers.Normalization):
        layer.finalize_state()
    row = {
        "name": name,
        "class_name": type(layer).__name__,
        "config": config_of(layer),
        "inputs": [output.tensor(x) for x in inputs],
        "weights": [] if normalization else weights_of(layer),
        "output": output.tensor(call(layer, inputs)),
    }
    if isinstance(layer, layers.BatchNormalization):
        trained = call(layer, inputs, training=True)
        row["training"] = {"output": output.tensor(trained), "weights": weights_of(layer)}
    return row


def symbolic(layer, shapes):
    inputs = [keras.Input(batch_shape=s) for s in shapes]
    result = layer(inputs if len(inputs) > 1 else inputs[0])
    return {"inputs": [list(s) for s in shapes], "output": list(result.shape)}


def unknown_sizes(layer, shapes):
    """The same shapes with an unknown batch, and then with unknown height and width."""
    yield [(None, *s[1:]) for s in shapes]
    random_crop = isinstance(layer, layers.RandomCrop)  # says such a shape and fails when it runs
    if all(len(s) == 4 for s in shapes) and not random_crop:
        yield [(None, None, None, s[3]) for s in shapes]


def shape_case(name, make_layer, shapes):
    known = []
    for variant in unknown_sizes(make_layer(), shapes):
        layer = make_layer()
        try:
            known.append(symbolic(layer, variant))
        except (ValueError, TypeError, KeyError):
            continue  # Keras itself cannot say this shape: nothing to compare with.
        weights = [{"name": w.name, "shape": list(w.shape), "trainable": bool(w.trainable)} for w in variables(layer)]
    layer = make_layer()
    if isinstance(layer, layers.Normalization) and layer.input_mean is not None:
        weights = []
    return {
        "name": name,
        "class_name": type(layer).__name__,
        "config": config_of(layer),
        "shapes": known,
        "weights": weights,
    }


def make(root):
    cases = [one for group in GROUPS for one in group()]
    output.write_json(root / GOLDEN, {}, {"cases": [golden(*one) for one in cases]})
    output.write_json(root / SHAPES, {}, {"cases": [shape_case(*one) for one in cases]})
