"""Configs of whole models and of what weights have, and what Keras makes of them; Keras 2's where tf_keras is there."""

import json

import keras

from . import output, summaries

FOLDER = "ops/src/test/resources/dev/tfgraphs/ops/"


def initializers():
    i = keras.initializers
    yield from (i.Zeros(), i.Ones(), i.Constant(0.5), i.Constant([0.5, -1.5]), i.Identity(), i.Orthogonal(2.0, seed=3))
    yield from (i.RandomNormal(0.1, 0.2, seed=1), i.RandomUniform(-0.5, 0.25), i.TruncatedNormal(stddev=0.3))
    yield from (i.GlorotUniform(7), i.GlorotNormal(), i.HeUniform(), i.HeNormal(), i.LecunUniform(), i.LecunNormal())
    yield from (i.VarianceScaling(3.0), i.VarianceScaling(0.5, "fan_out", "uniform", seed=2))
    yield i.VarianceScaling(2.0, "fan_avg", "untruncated_normal")


def regularizers():
    r = keras.regularizers
    yield from (r.L1(), r.L2(), r.L1(0.5), r.L2(0.25), r.L1L2(), r.L1L2(0.5, 0.25), r.OrthogonalRegularizer(0.5, "columns"))


def constraints():
    c = keras.constraints
    yield from (c.NonNeg(), c.UnitNorm(), c.UnitNorm([0, 1]), c.MaxNorm(3.5), c.MaxNorm(1.0, [0, 1, 2]))
    yield c.MinMaxNorm(0.25, 2.5, 0.5, 0)


def more_layers():
    """Settings that no case of layers.json has."""
    l, i, r, c = keras.layers, keras.initializers, keras.regularizers, keras.constraints
    weights = {"bias_initializer": i.Constant(0.25), "bias_regularizer": r.L1(0.5), "bias_constraint": c.NonNeg(), "activity_regularizer": r.L2(0.125)}
    kernel = {"kernel_initializer": i.HeNormal(1), "kernel_regularizer": r.L2(0.5), "kernel_constraint": c.MaxNorm(2.0, [0, 1, 2])}
    depthwise = {k.replace("kernel", "depthwise"): v for k, v in kernel.items()}
    yield l.Conv2D(4, (1, 3), strides=(2, 1), padding="same", groups=2, activation="hard_silu", **kernel, **weights)
    yield l.Conv2DTranspose(4, 3, strides=2, output_padding=1, use_bias=False, **kernel, **weights)
    yield l.DepthwiseConv2D(3, depth_multiplier=2, dilation_rate=2, **depthwise, **weights)
    yield l.Dense(3, activation="gelu", **kernel, **weights)
    yield l.Dense(3, dtype="mixed_bfloat16", trainable=False)
    yield l.BatchNormalization(
        1, 0.9, 1e-5, False, False, "ones", "zeros", i.Constant(0.5), "ones", r.L2(0.5), r.L1(0.5), c.NonNeg(), c.UnitNorm()
    )
    yield from (l.Dropout(0.25, noise_shape=(None, 1, 1, 3), seed=7), l.SpatialDropout2D(0.25, seed=8), l.GaussianNoise(0.5, seed=9))
    yield from (l.LeakyReLU(0.125), l.ReLU(6.0, 0.125, 0.5), l.Softmax(1), l.Activation("log_softmax"))
    yield from (l.Normalization(axis=None, mean=0.5, variance=0.25), l.Normalization(axis=(1, -1)), l.Normalization(mean=[0.5, 1.5], variance=[0.25, 4.0], invert=True))
    yield from (l.ZeroPadding2D(((1, 2), (3, 4))), l.Cropping2D(((1, 2), (3, 4))), l.Reshape((-1, 3)), l.Permute((3, 1, 2)))
    yield l.Resizing(5, 6, "lanczos3", pad_to_aspect_ratio=True, fill_value=0.5, antialias=True)
    yield l.RandomErasing((0.25, 0.5), (0.125, 0.25), (0.5, 1.0, 1.5), (0.0, 1.0), seed=3)
    yield from (l.RandomErasing(fill_value=2.0), l.RandomZoom((0.25, 0.5), (-0.5, 0.5), "wrap", "nearest", 5, 0.5), l.RandomZoom(0.25))
    yield from (l.RandomTranslation(0.25, (0.0, 0.5)), l.RandomCrop(4, 5, seed=2), l.RandomFlip("vertical", seed=4))
    yield from (l.UpSampling2D((2, 3), interpolation="bilinear"), l.Concatenate(1), l.GlobalMaxPooling2D(keepdims=True))
    yield from (l.InputLayer((None, None, 3)), l.InputLayer(batch_shape=(None, 4), name="data"))


def residual(k):
    l = k.layers
    image = k.Input((8, 8, 3), name="image")
    x = l.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name="stem_conv")(image)
    x = l.ReLU()(l.BatchNormalization()(x))
    y = l.Conv2D(4, 3, padding="same", kernel_regularizer=k.regularizers.L2(0.01))(x)
    y = l.Activation("relu")(l.Add()([x, l.BatchNormalization(trainable=False)(y)]))
    y = l.MaxPooling2D(3, 2, "same")(l.ZeroPadding2D(((1, 0), (0, 1)))(y))
    return k.Model(image, l.Dense(5, activation="softmax")(l.Dropout(0.5)(l.GlobalAveragePooling2D()(y))), name="residual")


def shared(k):
    """Two inputs, of which one is made of nothing, two outputs, and layers that are called twice."""
    l = k.layers
    left, right = k.Input((6, 6, 2), name="left"), k.Input((6, 6, 2), name="right")
    conv, norm = l.Conv2D(3, 1, name="both"), l.BatchNormalization()
    a, b = norm(conv(left)), norm(conv(right))
    c = l.Concatenate()([a, l.Multiply()([b, a])])
    return k.Model([left, right], [l.Flatten(name="flat")(c), conv(l.Conv2D(2, 1)(a))], name="shared")


def body(k):
    l = k.layers
    image = k.Input((8, 8, 3))
    x = l.DepthwiseConv2D(3, name="depthwise")(image)
    return k.Model(image, [x, l.LeakyReLU()(x)], name="body")


def nested(k):
    """A functional model called twice, and a sequential one; a result of the former is an output."""
    l = k.layers
    one, two = k.Input((8, 8, 3)), k.Input((8, 8, 3))
    part = body(k)
    (a, b), (c, d) = part(one), part(two)
    head = k.Sequential([k.Input((6, 6, 3)), l.AveragePooling2D(2), l.Flatten(), l.Dense(2, name="logits")], name="head")
    return k.Model([one, two], [head(l.Add()([a, d])), c, head(b)], name="nested")


def frozen(k):
    l = k.layers
    image = k.Input((8, 8, 3))
    part = body(k)
    part.trainable = False
    x, _ = part(image, training=False)
    return k.Model(image, l.Dense(2)(l.GlobalMaxPooling2D()(x)), name="frozen")


def sequential(k):
    l = k.layers
    return k.Sequential([k.Input((6, 6, 2)), l.Conv2DTranspose(3, 2), l.Cropping2D(1), l.UpSampling2D(), l.Softmax()], name="sequence")


def built(k):
    """A sequential model that learned its shape when it was built."""
    model = k.Sequential([k.layers.Flatten(), k.layers.Dense(3, activation="tanh")], name="built")
    model.build((None, 2, 2))
    return model


MODELS = [residual, shared, nested, frozen, sequential, built]


def description(model):
    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    return {
        "name": model.name,
        "object": json.loads(model.to_json()),
        "layers": [
            [layer.name, type(layer).__name__, layer.count_params(), bool(layer.trainable)] for layer in layers
        ],
        "inputs": [list(t.shape) for t in model.inputs],
        "outputs": [list(t.shape) for t in model.outputs],
    }


def one_of_each(k):
    """Layers whose configs Keras 2 writes otherwise, by the same calls."""
    l, name = k.layers, {"name": "x"}
    yield from (l.Conv2D(2, 3, **name), l.Conv2DTranspose(2, 3, **name), l.DepthwiseConv2D(3, **name))
    yield l.Dense(2, k.layers.ReLU(6), kernel_initializer="he_normal", kernel_regularizer=k.regularizers.L2(0.5), kernel_constraint="max_norm", **name)
    yield from (l.Dense(2, "swish", **name), l.Dense(2, activity_regularizer=k.regularizers.L2(0.5), **name))
    yield from (l.BatchNormalization(**name), l.Activation("swish", **name), l.Activation(k.activations.tanh, **name), l.LeakyReLU(0.5, **name))
    yield from (l.ReLU(**name), l.Softmax(**name), l.MaxPooling2D(**name), l.AveragePooling2D(2, **name), l.Flatten(**name))
    yield from (l.GlobalAveragePooling2D(**name), l.GlobalMaxPooling2D(keepdims=True, **name), l.UpSampling2D(**name))
    yield from (l.Permute((2, 1), **name), l.Reshape((-1, 2), **name), l.Cropping2D(1, **name), l.ZeroPadding2D(2, **name))
    yield from (l.Dropout(0.5, seed=3, **name), l.SpatialDropout2D(0.5, **name), l.GaussianNoise(0.5, **name))
    yield from (l.Normalization(**name), l.Normalization(mean=0.5, variance=2.0, **name), l.Rescaling(0.5, **name))
    yield from (l.Resizing(2, 3, **name), l.CenterCrop(2, 3, **name), l.RandomCrop(2, 3, seed=1, **name), l.RandomFlip("vertical", **name))
    yield from (l.RandomRotation(0.25, **name), l.RandomZoom(0.25, **name), l.RandomTranslation(0.25, (0.0, 0.5), **name))
    yield from (l.RandomContrast(0.25, **name), l.RandomBrightness(0.25, **name), l.Add(**name), l.Concatenate(**name))


def make(root):
    keras.utils.clear_session()
    families = {"initializers": initializers, "regularizers": regularizers, "constraints": constraints, "layers": more_layers}
    objects = {
        name: [keras.saving.serialize_keras_object(one) for one in family()] for name, family in families.items()
    }
    models = []
    for build in MODELS:
        keras.utils.clear_session()
        model = build(keras)
        models.append({**description(model), "summary": summaries.summary_text(model, 80, {"expand_nested": True})})
    output.write_json(root / FOLDER / "configs.json", {}, {**objects, "models": models})
    try:
        import tf_keras
    except ImportError:
        print("configs: no tf_keras installed, so that those of Keras 2 stay as they are")
        return
    models = []
    for build in MODELS:
        tf_keras.utils.reset_uids() if hasattr(tf_keras.utils, "reset_uids") else tf_keras.backend.clear_session()
        models.append(description(build(tf_keras)))
    pairs = [
        {"old": {"class_name": type(old).__name__, "config": old.get_config()}, "new": keras.saving.serialize_keras_object(new)}
        for old, new in zip(one_of_each(tf_keras), one_of_each(keras), strict=True)
    ]
    output.write_json(root / FOLDER / "keras2/configs.json", {}, {"layers": pairs, "models": models})
