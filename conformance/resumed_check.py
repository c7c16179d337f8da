"""Has Keras go on with trainings that Java has begun (Resumed among the tests of tf-graphs), and compares the losses of
the next steps: resumed_check.py FILE.
"""

import json
import os
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import numpy as np

from makers import compile_configs

# bfloat16 has 8 bits and float16 11: what is summed in another order is rounded to a neighbour.
TOLERANCES = {"float32": 1e-5, "mixed_bfloat16": 4e-3, "mixed_float16": 5e-4}


def tensor(row):
    return np.asarray(row["values"], np.float32).reshape(row["shape"])


def fill(what, variables, names, rows):
    """Gives variables their values, in order, each under its own name."""
    if [row["name"] for row in rows] != names or not rows:
        sys.exit(f"{what}: expected {names}, received {[row['name'] for row in rows]}")
    for variable, row in zip(variables, rows):
        variable.assign(tensor(row))


def difference(row):
    model = compile_configs.small(row["policy"])
    model.compile_from_config({**row["compile_config"], "jit_compile": False})
    fill(f"{row['name']}: weights", model.weights, [w.path for w in model.weights], row["weights"])
    variables = model.optimizer.variables
    fill(f"{row['name']}: optimizer", variables, [v.name for v in variables], row["optimizer"])
    off = float(np.max(np.abs(np.asarray(compile_configs.train(model)) - row["losses"])))
    return off / TOLERANCES[row["policy"]], off


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        trainings = json.load(file)["trainings"]
    if not trainings:
        sys.exit("resumed_check: no trainings were written")
    (share, off), name = max((difference(row), row["name"]) for row in trainings)
    if not share <= 1:
        sys.exit(f"resumed_check: {name}: Keras's next losses are {off:.2g} off")
    print(f"{len(trainings)} trainings of Java went on in Keras, losses at most {share:.2g} of the tolerance off")


if __name__ == "__main__":
    main()
