"""Keras's six residual networks: layers, options, first weights, probabilities; what they expect of images."""

import hashlib

import keras
import numpy as np
from keras import applications, layers
from keras.src.applications import imagenet_utils, resnet

from . import describe, output

FOLDER = "applications/src/test/resources/dev/tfgraphs/applications"

SEED = 42
NETWORKS = {
    "resnet50": applications.ResNet50,
    "resnet101": applications.ResNet101,
    "resnet152": applications.ResNet152,
    "resnet50v2": applications.ResNet50V2,
    "resnet101v2": applications.ResNet101V2,
    "resnet152v2": applications.ResNet152V2,
}
# The deeper ones only repeat what these have, so that a hash will do.
WRITTEN_OUT = ("resnet50", "resnet50v2")
SETTINGS = (
    "kernel_size", "strides", "padding", "use_bias", "epsilon", "momentum", "axis", "pool_size", "activation",
)
REAL = (layers.Rescaling, layers.Dropout)
NOTOP = {"include_top": False}
OPTIONS = {
    "classes": {"classes": 10, "input_shape": (64, 64, 3)},
    "logits": {"classes": 7, "classifier_activation": None},
    "sigmoid": {"classes": 1, "classifier_activation": "sigmoid", "input_shape": (100, 75, 3)},
    "no head": NOTOP,
    "no head of 224": NOTOP | {"input_shape": (224, 224, 3)},
    "average": NOTOP | {"pooling": "avg", "input_shape": (32, 32, 3)},
    "max": NOTOP | {"pooling": "max", "input_shape": (33, 95, 1)},
    "max of unknown sizes": NOTOP | {"pooling": "max"},
    "unknown height": NOTOP | {"input_shape": (None, 64, 4)},
    "another name": NOTOP | {"input_shape": (64, 64, 3), "name": "backbone"},
}


def value(setting):
    if isinstance(setting, (tuple, list)):
        return "(" + ",".join(value(s) for s in setting) + ")"
    return f"{setting:.4e}" if isinstance(setting, float) else str(setting)


def line_of(layer):
    """A layer in one line: name, class, shape, how many numbers, and the settings that it has."""
    config = layer.get_config()
    if "axis" in config:
        config["axis"] %= 4
    settings = [f"{key}={value(config[key])}" for key in SETTINGS if key in config]
    if isinstance(layer, REAL):
        settings = [f"{key}={value(float(config[key]))}" for key in ("scale", "offset", "rate") if key in config]
    if isinstance(layer, layers.UpSampling2D):
        settings = [f"size={value(config['size'])} interpolation={config['interpolation']}"]
    shape = ",".join(str(size) for size in describe.shape_of(layer))
    return " ".join([layer.name, type(layer).__name__, f"({shape})", str(layer.count_params()), *settings])


def sha256(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def facts(model):
    return {
        "name": model.name,
        "counts": describe.counts_of(model),
        "layers": len(model.layers),
        "weights": len(model.weights),
        "layers_sha256": sha256([line_of(layer) for layer in model.layers]),
        "weights_sha256": sha256(
            [f"{w['path']} {value(w['shape'])} {w['trainable']}" for w in describe.weights_of(model)]
        ),
    }


def fresh(build, **options):
    keras.backend.clear_session()
    return build(weights=None, **options)


def network(name, include_top, root):
    model = fresh(NETWORKS[name], include_top=include_top, input_shape=(224, 224, 3))
    if include_top and name in WRITTEN_OUT:
        text = "\n".join(line_of(layer) for layer in model.layers) + "\n"
        (root / FOLDER / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    return {"network": name, "top": include_top} | facts(model)


def option(name, case, options):
    model = fresh(NETWORKS[name], **options)
    return {
        "case": case,
        "input_shape": list(model.input_shape)[1:],
        "output_shape": list(model.output_shape),
        "tail": [line_of(layer) for layer in model.layers[-2:]],
        "network": name,
    } | facts(model)


def on_a_node(name):
    """The network on a node within a larger model, behind a pooling that takes the first automatic name."""
    keras.backend.clear_session()
    images = keras.Input((128, 128, 3), name="photo")
    x = layers.MaxPooling2D(2)(layers.Rescaling(1 / 127.5, -1)(images))
    base = NETWORKS[name](weights=None, include_top=False, input_tensor=x, pooling="avg")
    model = keras.Model(images, layers.Dense(5)(base.output))
    return {"network": name, "names": [layer.name for layer in model.layers if "conv" not in layer.name]} | facts(model)


def pixels(shape):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return ((7 * i * i + 13 * i) % 251).astype(np.float32).reshape(shape)


def preprocessed(name, x):
    if name == "torch":
        return np.array(imagenet_utils.preprocess_input(keras.ops.convert_to_tensor(x), mode="torch"))
    family = applications.resnet_v2 if name.endswith("v2") else applications.resnet
    return np.array(family.preprocess_input(keras.ops.convert_to_tensor(x)))


def preprocessing(mode, name):
    x = pixels((1, 10, 9, 3))
    return {"mode": mode, "input": output.tensor(x), "output": output.tensor(preprocessed(name, x))}


def probabilities(name):
    """What the first weights of a seed make of four images of 64 x 64, and the loss that a step starts from."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(SEED)
    model = NETWORKS[name](weights=None, input_shape=(64, 64, 3), classes=10)
    x = preprocessed(name, pixels((4, 64, 64, 3)))
    facts_of_start = {
        "network": name,
        "first_weights_sha256": sha256([output.sha256(w.numpy()) for w in model.weights]),
        "probabilities": output.tensor(model(x, training=False)),
    }
    model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
    loss = float(model.train_on_batch(x, np.array([0, 3, 7, 9])))
    return facts_of_start | {"first_loss": loss}


def numbers(index, weight):
    """Small numbers for each weight by a formula, so that no layer passes its input on as it is."""
    i = np.arange(int(np.prod(weight.shape)), dtype=np.int64)
    steps = (7 * i * i + 13 * i + 5 * index) % 101
    if weight.name == "kernel":
        values = (steps - 50) / 1024
    elif weight.name in ("gamma", "moving_variance"):
        values = (steps + 64) / 128
    else:
        values = (steps - 50) / 128
    return values.astype(np.float32).reshape(weight.shape)


def tiny(style, stack, blocks):
    """Two blocks a stage at most, on 32 x 32, with every weight by formula."""
    keras.backend.clear_session()

    def stacks(x):
        for stage, count in enumerate(blocks):
            last = stage == len(blocks) - 1
            stride = (1 if stage == 0 else 2) if style == "V1" else (1 if last else 2)
            x = stack(x, 64 << stage, count, stride1=stride, name=f"conv{stage + 2}")
        return x

    model = resnet.ResNet(stacks, style == "V2", True, include_top=False, weights=None, input_shape=(32, 32, 3))
    for index, weight in enumerate(model.weights):
        weight.assign(numbers(index, weight))
    x = pixels((2, 32, 32, 3)) / np.float32(251)
    features = np.array(model(x, training=False))
    return {
        "style": style, "blocks": list(blocks), "layers_sha256": facts(model)["layers_sha256"],
        "features_shape": list(features.shape),
        "features": output.numbers(features.reshape(-1)[::16]),
    }


def old_names():
    """Layers of the file of v0.2 (keras_applications/resnet50.py) and where their weights are now."""
    pairs = [["conv1", "conv1_conv"], ["bn_conv1", "conv1_bn"], ["fc1000", "predictions"]]
    for stage, letters in zip((2, 3, 4, 5), ("abc", "abcd", "abcdef", "abc")):
        for block, letter in enumerate(letters, 1):
            branches = {"2a": 1, "2b": 2, "2c": 3} | ({"1": 0} if block == 1 else {})
            for old, now in branches.items():
                for short, kind in (("res", "conv"), ("bn", "bn")):
                    pairs.append([f"{short}{stage}{letter}_branch{old}", f"conv{stage}_block{block}_{now}_{kind}"])
    return sorted(pairs)


def published(name, top):
    keys = "" if top else "_notop"
    file = f"{name}_weights_tf_dim_ordering_tf_kernels{keys}.h5"
    return {
        "network": name, "top": top, "address": resnet.BASE_WEIGHTS_PATH + file, "file": file,
        "md5": resnet.WEIGHTS_HASHES[name][0 if top else 1],
    }


def make(root):
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    tops = [(name, top) for name in NETWORKS for top in (True, False)]
    lists = {
        "networks": [network(name, top, root) for name, top in tops],
        "options": [option(n, case, o) for n in WRITTEN_OUT for case, o in OPTIONS.items()],
        "on_a_node": [on_a_node(name) for name in WRITTEN_OUT],
        "preprocessing": [
            preprocessing("CAFFE", "resnet50"), preprocessing("TF", "resnet50v2"), preprocessing("TORCH", "torch"),
        ],
        "probabilities": [probabilities(name) for name in WRITTEN_OUT],
        "tiny": [
            tiny("V1", resnet.stack_residual_blocks_v1, (1, 1)),
            tiny("V1", resnet.stack_residual_blocks_v1, (2, 1, 1)),
            tiny("V2", resnet.stack_residual_blocks_v2, (2, 2)),
            tiny("V2", resnet.stack_residual_blocks_v2, (3, 2, 2)),
        ],
        "published": [published(name, top) for name, top in tops],
        "old_names": old_names(),
    }
    output.write_json(root / FOLDER / "keras_resnets.json", {"random_seed": SEED}, lists)
