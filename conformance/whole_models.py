"""Whole models whose training goes on on the other side (WholeModels among the tests of savedmodel): whole_models.py
check FOLDER, of what Java has written, and whole_models.py make FOLDER.
"""

import os
import pathlib
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np
from keras import optimizers

from makers import compile_configs
from makers.whole_h5 import train

# bfloat16 has 8 bits and float16 11: what is summed in another order is rounded to a neighbour.
TOLERANCES = {"float32": 1e-5, "mixed_bfloat16": 4e-3, "mixed_float16": 5e-4}
OPTIMIZERS = {
    "sgd": lambda: optimizers.SGD(0.1),
    "adam": lambda: optimizers.Adam(0.05, amsgrad=True),
    "scheduled": lambda: optimizers.AdamW(optimizers.schedules.CosineDecay(0.05, 20), use_ema=True, ema_momentum=0.9),
    "rmsprop": lambda: optimizers.RMSprop(0.02, momentum=0.9, gradient_accumulation_steps=2),
    **{policy: lambda: optimizers.Adam(0.05) for policy in compile_configs.POLICIES},
}


def check(folder):
    worst = 0.0
    for name in OPTIMIZERS:
        model = keras.models.load_model(folder / f"{name}.keras")
        check_precision(name, model)
        expected = np.asarray([float(line) for line in (folder / f"{name}.txt").read_text().split()])
        difference = float(np.max(np.abs(train(model) - expected)))
        share = difference / TOLERANCES.get(name, TOLERANCES["float32"])
        if not share <= 1:
            sys.exit(f"whole_models: {name}: Keras's next losses are {difference:.2g} off")
        worst = max(worst, share)
    print(f"{len(OPTIMIZERS)} whole models of Java trained on in Keras, losses at most {worst:.2g} of the tolerance off")


def check_precision(name, model):
    policies = [layer.dtype_policy.name for layer in model.layers[1:]]
    body = name if name in compile_configs.POLICIES else "float32"
    if policies != [body, body, "float32"]:
        sys.exit(f"whole_models: {name}: expected layers of {body} but the last, received {policies}")
    if name == "mixed_float16":
        scaling = int(model.optimizer.step_counter), float(model.optimizer.dynamic_scale)
        if scaling != compile_configs.SCALING:
            sys.exit(f"whole_models: {name}: expected a scaling of {compile_configs.SCALING}, received {scaling}")


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, optimizer in OPTIMIZERS.items():
        model = compile_configs.small(name if name in compile_configs.POLICIES else "float32")
        model.compile(optimizer(), "sparse_categorical_crossentropy", metrics=["accuracy"])
        train(model)
        compile_configs.rescale(model)
        model.save(folder / f"{name}.keras")  # first: Keras forgets the optimizer's settings at the other
        model.save(folder / f"{name}.h5")
        (folder / f"{name}.txt").write_text("".join(f"{loss!r}\n" for loss in train(model)))


if __name__ == "__main__":
    {"check": check, "make": make}[sys.argv[1]](pathlib.Path(sys.argv[2]))
