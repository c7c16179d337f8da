"""Writes SavedModels for Java to load, with inputs and outputs: savedmodel_make.py FOLDER.

Every folder made in FOLDER is a case: model/1, inputs/NAME.npy and outputs/NAME.npy, all arrays float32.
"""

import os
import pathlib
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np
import tensorflow as tf


def keras_export():
    """A small Keras network as model.export writes it."""
    keras.utils.set_random_seed(3)
    image = keras.Input((8, 8, 3), name="image")
    x = keras.layers.Conv2D(4, 3, activation="relu")(image)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(image, keras.layers.Dense(3, activation="softmax")(x))
    batch = {"image": np.random.default_rng(0).random((2, 8, 8, 3))}
    return batch, lambda folder: model.export(folder, verbose=False)


def bytes_to_class():
    """A function from bytes to the place of the largest, of no known rank."""
    module = tf.Module()
    scale = tf.Variable(2.0, name="scale")
    module.scale = scale

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.uint8, name="pixels")])
    def serve(pixels):
        scaled = tf.cast(pixels, tf.float32) * scale
        return {"class": tf.argmax(scaled, axis=-1), "scaled": scaled}

    batch = {"pixels": np.array([[1, 255, 3], [9, 8, 7]])}
    return batch, lambda folder: tf.saved_model.save(module, folder, signatures=serve)


def session_export():
    """What the first TensorFlow writes: a graph and a session with resource variables."""

    def write(folder):
        v1 = tf.compat.v1
        with tf.Graph().as_default(), v1.Session() as session:
            x = v1.placeholder(tf.float32, [None, 2], name="x")
            y = tf.identity(x * v1.get_variable("factor", initializer=[2.0, 3.0], use_resource=True), name="y")
            session.run(v1.global_variables_initializer())
            v1.saved_model.simple_save(session, folder, {"x": x}, {"y": y})

    return {"x": np.array([[1.0, -1.0], [0.5, 4.0]])}, write


def other_signature():
    """The same, with a signature that is not the default and gives one tensor under two names."""

    def write(folder):
        v1 = tf.compat.v1
        with tf.Graph().as_default(), v1.Session() as session:
            x = v1.placeholder(tf.bool, [None, 2], name="x")
            tensors = {"inputs": {"x": x}, "outputs": {"y": tf.logical_not(x), "same": x}}
            infos = {
                kind: {name: v1.saved_model.build_tensor_info(t) for name, t in named.items()}
                for kind, named in tensors.items()
            }
            builder = v1.saved_model.builder.SavedModelBuilder(folder)
            definition = v1.saved_model.build_signature_def(**infos, method_name="tensorflow/serving/predict")
            builder.add_meta_graph_and_variables(session, ["serve"], signature_def_map={"invert": definition})
            builder.save()

    return {"x": np.array([[1.0, 0.0], [0.0, 0.0]])}, write


def make(case, batch, write):
    directory = str(case / "model" / "1")
    write(directory)
    signatures = tf.saved_model.load(directory).signatures
    signature = signatures["serving_default" if "serving_default" in signatures else "invert"]
    specs = signature.structured_input_signature[1]
    outputs = signature(**{name: tf.constant(value, specs[name].dtype) for name, value in batch.items()})
    for kind, tensors in ("inputs", batch), ("outputs", outputs):
        (case / kind).mkdir()
        for name, value in tensors.items():
            np.save(case / kind / f"{name}.npy", np.asarray(value, "<f4"))
    print(f"made {case.name}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for maker in keras_export, bytes_to_class, session_export, other_signature:
        case = pathlib.Path(sys.argv[1]) / maker.__name__
        make(case, *maker())


if __name__ == "__main__":
    main()
