"""Files of weights in every layout of Keras 2 and 3, and the weights that are in them."""

import io
import pathlib
import tempfile
import zipfile

import h5py
import keras
import numpy as np
from keras import layers
from keras.src.legacy.saving import legacy_h5_format

from . import output

FOLDER = pathlib.Path("savedmodel/src/test/resources/dev/tfgraphs/savedmodel")


def plain():
    x = image = keras.Input((6, 6, 3), name="image")
    x = layers.Conv2D(2, 3, name="conv")(x)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.ReLU(name="relu")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(image, layers.Dense(3, name="head")(x), name="plain")


def inner():
    x = image = keras.Input((6, 6, 3), name="inner_image")
    x = layers.Conv2D(2, 3, name="conv_a")(x)
    x = layers.BatchNormalization(name="norm_a")(x)
    x = layers.Conv2D(2, 3, name="conv_b")(x)
    return keras.Model(image, layers.BatchNormalization(name="norm_b")(x), name="inner")


def nested():
    image = keras.Input((6, 6, 3), name="image")
    x = layers.GlobalAveragePooling2D(name="pool")(inner()(image))
    return keras.Model(image, layers.Dense(3, name="head")(x), name="nested")


def frozen():
    """The same, of which half of the inner layers do not train."""
    model = nested()
    for name in "conv_a", "norm_a":
        model.get_layer("inner").get_layer(name).trainable = False
    return model


def shared():
    """A layer that is used twice, once inside a nested model."""
    dense = layers.Dense(4, name="twice")
    x = keras.Input((4,), name="inner_input")
    part = keras.Model(x, layers.BatchNormalization(name="norm")(dense(x)), name="part")
    x = keras.Input((4,), name="input")
    return keras.Model(x, layers.Dense(2, name="head")(part(dense(x))), name="shared")


def inside():
    """The same, first inside the nested model."""
    dense = layers.Dense(4, name="twice")
    x = keras.Input((4,), name="inner_input")
    part = keras.Model(x, layers.BatchNormalization(name="norm")(dense(x)), name="part")
    x = keras.Input((4,), name="input")
    return keras.Model(x, layers.Dense(2, name="head")(dense(part(x))), name="inside")


def sequence():
    """A nested model of the other class."""
    part = keras.Sequential([layers.Dense(4, name="dense_a"), layers.BatchNormalization(name="norm_a")], name="part")
    x = keras.Input((4,), name="input")
    return keras.Model(x, layers.Dense(2, name="head")(part(x)), name="sequence")


def normalizing():
    x = image = keras.Input((6, 6, 3), name="image")
    x = layers.Normalization(name="normal")(x)
    return keras.Model(image, layers.Conv2D(2, 3, name="conv")(x), name="normalizing")


def depthwise():
    x = image = keras.Input((6, 6, 3), name="image")
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, name="depth")(x)
    x = layers.Conv2D(2, 1, use_bias=False, name="point")(x)
    return keras.Model(image, layers.BatchNormalization(scale=False, name="norm")(x), name="depthwise")


def twins():
    x = image = keras.Input((4,), name="input")
    for name in "first", "second", "third":
        x = layers.Dense(4, name=name)(x)
    return keras.Model(image, x, name="twins")


def automatic():
    """Layers without names, of which the order is not that in which they were made."""
    x = image = keras.Input((6, 6, 2))
    y = layers.Conv2D(2, 3, padding="same")(x)
    y = layers.Conv2D(2, 3, padding="same")(y)
    shortcut = layers.Conv2D(2, 1)(x)
    x = layers.Add()([shortcut, y])
    return keras.Model(image, layers.BatchNormalization()(x))


def eleven():
    """So many layers of a class that their numbers have two digits."""
    x = image = keras.Input((2,), name="input")
    for i in range(11):
        x = layers.Dense(2, name=f"layer_{i}")(x)
    return keras.Model(image, x, name="eleven")


def half():
    x = image = keras.Input((4,), name="input", dtype="bfloat16")
    return keras.Model(image, layers.Dense(3, dtype="bfloat16", name="head")(x), name="half")


MODELS = {
    b.__name__: b
    for b in (plain, nested, frozen, shared, inside, sequence, normalizing, depthwise, twins, automatic, eleven, half)
}


def weights(model, prefix="", done=None):
    """Each weight once, by the names of the layers that it is in."""
    done = set() if done is None else done
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from weights(layer, f"{prefix}{layer.name}/", done)
        elif id(layer) not in done:
            done.add(id(layer))
            for variable in layer.weights:
                yield f"{prefix}{layer.name}/{variable.name}", variable


def build(name, names_from=0):
    keras.backend.clear_session()
    for _ in range(names_from):
        layers.Conv2D(1, 1), layers.BatchNormalization()
    model = MODELS[name]()
    for i, (path, variable) in enumerate(weights(model)):
        value = output.random_weight(name, i, path, variable.shape)
        variable.assign(keras.ops.cast(value, variable.dtype))
    return model


def whole(model, path):
    model.compile("adam", "mse")
    model.save(path)


def trained(model, path):
    """With the state of an optimizer after a step."""
    model.compile(keras.optimizers.SGD(0.0, momentum=0.9), "mse")
    before = [v.numpy() for v in model.variables]
    x = np.ones((2, *model.input_shape[1:]), np.float32)
    model.train_on_batch(x, np.zeros((2, *model.output_shape[1:]), np.float32))
    for variable, value in zip(model.variables, before):
        variable.assign(value)
    model.save_weights(path)


def legacy(model, path):
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def current(model, path):
    model.save_weights(path)


def keras2(model, path):
    """The layout of Keras 2 with an old h5py: texts of fixed length, `:0` behind the names."""
    legacy(model, path)
    with h5py.File(path, "r+") as file:
        file.attrs["keras_version"] = np.bytes_("2.3.1")
        file.attrs["backend"] = np.bytes_("tensorflow")
        names = list(file.attrs["layer_names"])
        file.attrs["layer_names"] = np.array(names, "S")
        del file["top_level_model_weights"]
        for name in names:
            group = file[name]
            old = list(group.attrs["weight_names"])
            new = [n.replace("depth/kernel", "depth/depthwise_kernel") + ":0" for n in old]
            for a, b in zip(old, new):
                group.move(a, b)
            group.attrs["weight_names"] = np.array(new, "S") if new else np.zeros(0)


def split(model, path):
    """Names in several attributes, as Keras splits what is too long for one."""
    legacy(model, path)
    with h5py.File(path, "r+") as file:
        for object_, attribute in (file, "layer_names"), (file["conv"], "weight_names"):
            for i, name in enumerate(object_.attrs[attribute]):
                object_.attrs[f"{attribute}{i}"] = np.array([name], object)
            del object_.attrs[attribute]


def other_numbers(model, path):
    """Other numbers and orders of bytes, which Keras reads though it never writes them."""
    legacy(model, path)
    kinds = {"kernel": ">f4", "bias": "<f8", "gamma": "<f2", "beta": ">f8", "moving_mean": "<f4", "moving_variance": ">f2"}
    with h5py.File(path, "r+") as file:
        for name in file.attrs["layer_names"]:
            for weight in file[name].attrs["weight_names"]:
                value = file[name][weight][()]
                del file[name][weight]
                file[name].create_dataset(weight, data=value, dtype=kinds[weight.rpartition("/")[2]])


def latest(model, path):
    """As the newest HDF5 lays files out when it is let."""
    with h5py.File(path, "w", libver="latest") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def nameless(model, path):
    """As late Keras 2: without names of layers, and with the state of a metric."""
    current(model, path)
    with h5py.File(path, "r+") as file:
        file.visititems(lambda _, each: each.attrs.pop("name", None) and None)
        file["metrics/mean/vars/0"] = np.float32(3)
        file["layers/re_lu/seed_generator/vars/0"] = np.zeros(2, np.int64)


def first(model, path):
    """As TensorFlow 2.13 wrote it."""
    nameless(model, path)
    with h5py.File(path, "r+") as file:
        file.move("layers", "_layer_checkpoint_dependencies")


def shards(model, path):
    model.save_weights(path, max_shard_size=240 / 1024**3)


def odd(change, write=current, **settings):
    def make_odd(model, path):
        write(model, path)
        with h5py.File(path, "r+", **settings) as file:
            change(file)

    return make_odd


def soft(file):
    del file["layers/dense/vars/0"]
    file["layers/dense/vars/0"] = h5py.SoftLink("/layers/conv2d/vars/0")


def external(file):
    del file["layers/dense"]
    file["layers/dense"] = h5py.ExternalLink("/etc/passwd", "/")


def circle(file):
    file["layers/dense/layers"] = file["layers"]


def chunks(file):
    bias = file["head/head/bias"][()]
    del file["head/head/bias"]
    file.create_dataset("head/head/bias", data=bias, chunks=True, compression="gzip")


def text(file):
    del file["head/head/bias"]
    file["head/head/bias"] = np.bytes_("text")


def huge(file):
    del file["head/head/bias"]
    file.create_dataset("head/head/bias", (2**20, 2**20), np.float32)


def absent(file):
    del file["head/head/bias"]
    file.create_dataset("head/head/bias", (3,), np.float32)


def gone(file):
    del file["head/head/bias"]


def heap(file):
    for i in range(9):
        file.create_group(f"more_{i}")


# Files that are read by nobody, or not by us.
ODD = {
    "soft.weights.h5": odd(soft),
    "external.weights.h5": odd(external),
    "circle.weights.h5": odd(circle),
    "chunks.h5": odd(chunks, legacy),
    "text.h5": odd(text, legacy),
    "huge.h5": odd(huge, legacy),
    "absent.h5": odd(absent, legacy),
    "gone.h5": odd(gone, legacy),
    "heap.h5": odd(heap, latest, libver="latest"),
}

# A file, the model in it, how it is written, and how many names were taken before.
FILES = [
    ("plain.h5", "plain", legacy, 0),
    ("plain_whole.h5", "plain", whole, 0),
    ("plain.weights.h5", "plain", current, 0),
    ("plain_trained.weights.h5", "plain", trained, 0),
    ("plain.weights.json", "plain", shards, 0),
    ("plain_keras2.h5", "plain", keras2, 0),
    ("plain_split.h5", "plain", split, 0),
    ("plain_other_numbers.h5", "plain", other_numbers, 0),
    ("plain_latest.h5", "plain", latest, 0),
    ("plain_nameless.weights.h5", "plain", nameless, 0),
    ("plain_first.weights.h5", "plain", first, 0),
    ("nested.h5", "nested", legacy, 0),
    ("nested_keras2.h5", "nested", keras2, 0),
    ("nested.weights.h5", "nested", current, 0),
    ("frozen.h5", "frozen", legacy, 0),
    ("frozen.weights.h5", "frozen", current, 0),
    ("shared.h5", "shared", legacy, 0),
    ("shared.weights.h5", "shared", current, 0),
    ("inside.h5", "inside", legacy, 0),
    ("inside.weights.h5", "inside", current, 0),
    ("sequence.h5", "sequence", legacy, 0),
    ("sequence.weights.h5", "sequence", current, 0),
    ("normalizing.h5", "normalizing", legacy, 0),
    ("normalizing.weights.h5", "normalizing", current, 0),
    ("depthwise.h5", "depthwise", legacy, 0),
    ("depthwise_keras2.h5", "depthwise", keras2, 0),
    ("depthwise.weights.h5", "depthwise", current, 0),
    ("twins.h5", "twins", legacy, 0),
    ("twins.weights.h5", "twins", current, 0),
    ("automatic.h5", "automatic", legacy, 0),
    ("automatic_later.h5", "automatic", legacy, 9),
    ("automatic_later.weights.h5", "automatic", current, 9),
    ("eleven.weights.h5", "eleven", current, 0),
    ("half.weights.h5", "half", current, 0),
]


def in_zip(files):
    """The same bytes every time, while HDF5 makes the same."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def expected(name):
    model = build(name)
    return {"model": name, "weights": [{"path": p, **output.tensor(np.asarray(v.value, np.float32))} for p, v in weights(model)]}


def optimizer(path):
    with h5py.File(path) as file:
        group = file["optimizer/vars"]
        return [output.tensor(group[str(i)][()]) for i in range(len(group))]


def make(root):
    folder = root / FOLDER
    with tempfile.TemporaryDirectory() as temporary:
        temporary = pathlib.Path(temporary)
        for file, model, write, names_from in FILES:
            write(build(model, names_from), temporary / file)
        for file, write in ODD.items():
            write(build("plain"), temporary / f"odd_{file}")
        state = optimizer(temporary / "plain_trained.weights.h5")
        output.write_json(
            folder / "weight_files.json",
            {"keras": keras.__version__, "optimizer": state},
            {
                "files": [{"file": file, "model": model} for file, model, _, _ in FILES],
                "models": [expected(name) for name in MODELS],
            },
        )
        (folder / "weight_files.zip").write_bytes(in_zip(sorted(temporary.iterdir())))
