"""`model.summary()` texts, and the same models as data, for the description module."""

import os

import keras
from keras import layers

from . import describe, networks, output

FOLDER = "ops/src/test/resources/dev/tfgraphs/ops/summaries"


def sequential_like():
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(8, 3, activation="relu")(inputs)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(16, 3, activation="relu")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def _backbone():
    inputs = keras.Input((16, 16, 3), name="image")
    x = layers.Conv2D(4, 3, padding="same", name="stem")(inputs)
    x = layers.BatchNormalization(name="stem_bn")(x)
    return keras.Model(inputs, layers.ReLU(name="stem_relu")(x), name="backbone")


def nested():
    """A model used as one layer, followed by a head with a branch."""
    inputs = keras.Input((16, 16, 3))
    x = _backbone()(inputs)
    y = layers.Conv2D(4, 1)(x)
    x = layers.Add()([x, y])
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(2)(x), name="classifier")


def nested_twice():
    """A model inside a model inside a model."""
    inner = _backbone()
    inputs = keras.Input((16, 16, 3))
    middle = keras.Model(inputs, layers.MaxPooling2D(name="pool")(inner(inputs)), name="middle")
    inputs = keras.Input((16, 16, 3))
    return keras.Model(inputs, layers.Flatten()(middle(inputs)), name="outer")


def shared_layer():
    """One Dense applied to two inputs, and twice in a row."""
    left, right = keras.Input((8,), name="left"), keras.Input((8,), name="right")
    shared = layers.Dense(8, name="shared")
    x = layers.Concatenate()([shared(left), shared(shared(right))])
    return keras.Model([left, right], layers.Dense(1)(x))


def shared_model():
    """One nested model applied to two inputs."""
    backbone = _backbone()
    a, b = keras.Input((16, 16, 3), name="a"), keras.Input((16, 16, 3), name="b")
    return keras.Model([a, b], layers.Subtract()([backbone(a), backbone(b)]), name="siamese")


def multiple_inputs_outputs():
    image, extra = keras.Input((8, 8, 3), name="image"), keras.Input((5,), name="extra")
    x = layers.Conv2D(4, 3, strides=2, padding="same")(image)
    x = layers.Flatten()(x)
    x = layers.Concatenate()([x, extra])
    kind = layers.Dense(3, activation="softmax", name="kind")(x)
    size = layers.Dense(1, name="size")(x)
    return keras.Model([image, extra], [kind, size])


def frozen():
    """Some layers frozen, among them a batch normalization and a whole nested model."""
    inputs = keras.Input((16, 16, 3))
    backbone = _backbone()
    backbone.trainable = False
    x = backbone(inputs)
    x = layers.Conv2D(4, 3, name="tuned")(x)
    bn = layers.BatchNormalization(name="kept", trainable=False)
    x = bn(x)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(2, name="head")(x))


def long_names():
    inputs = keras.Input((32, 32, 3), name="a_photograph_of_something_with_a_rather_long_description")
    name = "block_with_a_name_that_is_much_too_long_for_the_first_column_of_the_table"
    x = layers.Conv2D(8, 3, padding="same", name=name + "_convolution")(inputs)
    y = layers.Conv2D(8, 1, padding="same", name=name + "_projection")(inputs)
    x = layers.Add(name="add")([x, y])
    x = layers.BatchNormalization(name="two words here")(x)
    return keras.Model(inputs, x, name="model_with_[brackets]_and_a_long_name")


def unknown_sizes():
    inputs = keras.Input((None, None, 3))
    x = layers.Conv2D(8, 3, strides=2, padding="same")(inputs)
    y = layers.UpSampling2D()(layers.MaxPooling2D(padding="same")(x))
    x = layers.Concatenate()([x, y])
    x = layers.ZeroPadding2D()(x)
    return keras.Model(inputs, layers.Conv2DTranspose(4, 3, strides=2)(x))


def many_inputs():
    """A merge of eight branches: the last column wraps over many lines."""
    inputs = keras.Input((4, 4, 2))
    branches = [layers.Conv2D(2, 1, name=f"branch_{i}")(inputs) for i in range(8)]
    return keras.Model(inputs, layers.Average()(branches))


def custom_names_repeat():
    """Automatic names count by kind, whatever explicit names stand between."""
    inputs = keras.Input((6, 6, 1))
    x = layers.Conv2D(2, 3, name="conv2d_1")(inputs)
    x = layers.Conv2D(2, 1)(x)
    x = layers.ReLU()(x)
    x = layers.LeakyReLU()(x)
    x = layers.Softmax()(x)
    x = layers.GlobalMaxPooling2D()(x)
    return keras.Model(inputs, layers.Dense(1)(x), name="names")


PLAIN = {}
MODELS = {
    "resnet18": (lambda: networks.resnet18((224, 224, 3), 1000), [PLAIN]),
    "flexible_resnet": (lambda: networks.flexible_resnet((32, 32, 10), 10), [PLAIN]),
    "resnet20": (lambda: networks.cifar_resnet(20), [PLAIN]),
    "sequential_like": (sequential_like, [PLAIN, {"show_trainable": True}, {"line_length": 60}]),
    "nested": (nested, [PLAIN, {"expand_nested": True}, {"expand_nested": True, "show_trainable": True}]),
    "nested_twice": (nested_twice, [PLAIN, {"expand_nested": True}]),
    "shared_layer": (shared_layer, [PLAIN]),
    "shared_model": (shared_model, [PLAIN, {"expand_nested": True}]),
    "multiple_inputs_outputs": (multiple_inputs_outputs, [PLAIN]),
    "frozen": (frozen, [PLAIN, {"show_trainable": True}, {"show_trainable": True, "expand_nested": True}]),
    "long_names": (long_names, [PLAIN, {"line_length": 140}]),
    "unknown_sizes": (unknown_sizes, [PLAIN]),
    "many_inputs": (many_inputs, [PLAIN]),
    "custom_names_repeat": (custom_names_repeat, [PLAIN]),
}


def summary_text(model, columns, options):
    os.environ["COLUMNS"] = str(columns)
    texts = []
    model.summary(print_fn=texts.append, **options)
    return "".join(texts)


def variants_of(model, name, all_options, folder):
    variants = []
    for options in all_options:
        # 80 columns is what a file or a pipe counts as; at 200 nothing narrows the table.
        for columns in (80, 200):
            if columns == 80 and ("line_length" in options or len(model.layers) > 75):
                continue
            marks = [f"{k}-{v}" if k == "line_length" else k for k, v in options.items()]
            file = ".".join([name, *marks, f"columns-{columns}", "txt"])
            text = summary_text(model, columns, options)
            (folder / file).write_text(text, encoding="utf-8", newline="\n")
            variants.append({"file": file, "columns": columns, **options})
    return variants


def make(root):
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, (build, all_options) in MODELS.items():
        keras.backend.clear_session()
        model = build()
        head = {
            "name": model.name,
            "counts": describe.counts_of(model),
            "names": [layer.name for layer in model.layers],
        }
        lists = {
            "summaries": variants_of(model, name, all_options, folder),
            "layers": describe.layers_of(model),
            "weights": describe.weights_of(model),
        }
        output.write_json(folder / f"{name}.json", head, lists)
