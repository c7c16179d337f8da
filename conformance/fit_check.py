"""The command line fits, evaluates and predicts as Keras does: fit_check.py JAVA JAR, the program that mvn -B verify builds.

Keras makes compiled models, some in the midst of a training, as .keras and as whole .h5, and the data; both sides fit without
shuffling. Histories and weights agree within 1e-4, what is predicted and evaluated within 1e-5, and Keras goes on with what
Java has written.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np

from makers import fit_command

TRAINED, AS_IT_IS = 1e-4, 1e-5

# More steps than the fixtures have.
LONGER = {"epochs": 6}


class Differs(Exception):
    pass


def close(what, expected, received, tolerance):
    expected, received = np.asarray(expected), np.asarray(received)
    if expected.shape != received.shape:
        raise Differs(f"{what}: expected shape {expected.shape}, received {received.shape}")
    worst = float(np.max(np.abs(expected - received) / np.maximum(np.abs(expected), 0.1), initial=0))
    if not worst <= tolerance:
        raise Differs(f"{what}: {worst:.2g} off")
    return worst


def tfgraphs(program, *arguments):
    command = [*program, "dev.tfgraphs.examples.Main", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Differs(f"{' '.join(map(str, arguments))}: exit code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def predictions(model, file):
    loaded = np.load(file)
    return [loaded] if isinstance(loaded, np.ndarray) else [loaded[name] for name in model.output_names]


def check(program, folder, case):
    model, data, options = fit_command.built(case)
    options = {**options, **LONGER}
    starts, arrays = (folder / "start.keras", folder / "start.h5"), folder / "data.npz"
    for start in starts:
        model.save(start)
    np.savez(arrays, **data)
    check_as_it_is(program, folder, model, fit_command.judged(model, data), starts[0], arrays)
    expected = fit_command.fit(model, data, options)
    worst = max(check_trained(program, folder, model, expected, start, arrays, options) for start in starts)
    theirs = keras.models.load_model(folder / "trained.keras")
    once = {**options, "epochs": 1}
    close("the next epoch of Keras", *(fit_command.fit(each, data, once)["loss"] for each in (model, theirs)), TRAINED)
    return worst


def check_as_it_is(program, folder, model, expected, start, arrays):
    said = dict(line.split(": ") for line in tfgraphs(program, "evaluate", start, arrays, "--batch-size", 8).splitlines())
    if list(said) != list(expected["scores"]):
        raise Differs(f"evaluate: expected {list(expected['scores'])}, received {list(said)}")
    for name, value in expected["scores"].items():
        close(f"evaluate: {name}", value, float(said[name]), AS_IT_IS)
    written = folder / ("p.npy" if len(model.outputs) == 1 else "p.npz")
    tfgraphs(program, "predict", start, arrays, "--output", written)
    for tensor, received in zip(expected["predictions"], predictions(model, written), strict=True):
        close("predict", np.reshape(tensor["values"], tensor["shape"]), received, AS_IT_IS)


def check_trained(program, folder, model, expected, start, arrays, options):
    trained, history = folder / "trained.keras", folder / "history.json"
    tfgraphs(
        program, "fit", start, arrays, *fit_command.arguments(options), "--no-shuffle", "--quiet",
        "--output", trained, "--history", history)
    received = json.loads(history.read_text(encoding="utf-8"))
    if list(received) != list(expected):
        raise Differs(f"history: expected {list(expected)}, received {list(received)}")
    theirs = keras.models.load_model(trained)
    for ours, weight in zip(model.weights, theirs.weights, strict=True):
        close(f"{start.name}: weights: {ours.path}", ours.numpy(), weight.numpy(), TRAINED)
    for ours, variable in zip(model.optimizer.variables, theirs.optimizer.variables, strict=True):
        close(f"{start.name}: optimizer: {ours.path}", ours.numpy(), variable.numpy(), 10 * TRAINED)
    return max(close(f"{start.name}: history: {name}", values, received[name], TRAINED) for name, values in expected.items())


def main():
    java, jar = sys.argv[1:3]
    program = [java, "-Xmx1g", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-cp", jar]
    worst = 0.0
    for case in fit_command.CASES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                worst = max(worst, check(program, pathlib.Path(folder), case))
            except Differs as problem:
                sys.exit(f"fit: {case.__name__}: {problem}")
    print(f"{len(fit_command.CASES)} fits of the command line as Keras's, histories at most {worst:.2g} off, and Keras went on with them")


if __name__ == "__main__":
    main()
