"""What Keras's callbacks do when an epoch's logs are given: epochs, learning rates, files, printed texts."""

import contextlib
import io
import os
import pathlib
import tempfile

import keras
import numpy as np

from makers import optimizers, output

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/callbacks.json"
GIVEN_IS = (
    "before the callback hears of an epoch, its logs become loss 0.25, accuracy 0.5, in epochs with a given val_ number "
    "val_loss and val_accuracy 0.125, and over these the numbers of `given`, one of each list an epoch, null: none. "
    "The first learning rate is 0.5; an epoch has 4 steps"
)
AVERAGED_X, AVERAGED_Y = output.grid((9, 2)), np.array([0, 1, 1, 0, 1, 0, 0, 1, 1])
FALLING = [1.0, 0.96, 0.94, 0.93, 0.92, 0.91, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75]
RISING = [0.1, 0.2, 0.15, 0.18, 0.19, 0.4, 0.3, 0.2, 0.1, 0.05]
SLOW = [1.0, 0.99995, 0.9999, 0.9, 0.95, 0.95, 0.95, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86]
GAPS = [1.0, None, 0.9, None, 0.95, None, 0.96, None, 0.97]


def _cases():
    def case(name, kind, options, given, epochs=None):
        return {"name": name, "kind": kind, "options": options, "given": given,
                "epochs": epochs or len(next(iter(given.values())))}

    val = lambda values: {"val_loss": values}
    early = [
        ("patience 0", {}, val(FALLING)),
        ("patience 2 and a least change", {"patience": 2, "min_delta": 0.05, "verbose": 1}, val(FALLING)),
        ("a negative least change", {"patience": 1, "min_delta": -0.05}, val(FALLING)),
        ("a baseline never reached", {"patience": 3, "baseline": 0.5, "verbose": 1}, val(FALLING)),
        ("a baseline reached late", {"patience": 4, "baseline": 0.915, "restore_best_weights": True, "verbose": 1},
         val(FALLING)),
        ("best weights", {"patience": 3, "restore_best_weights": True, "verbose": 1}, val(FALLING)),
        ("best weights without a stop", {"patience": 30, "restore_best_weights": True, "verbose": 1}, val(FALLING)),
        ("a late start", {"patience": 1, "min_delta": 0.03, "start_from_epoch": 5, "verbose": 1}, val(FALLING)),
        ("accuracy rises", {"monitor": "val_accuracy", "patience": 2, "verbose": 1}, {"val_accuracy": RISING}),
        ("max", {"monitor": "score", "mode": "max", "patience": 3}, {"score": RISING}),
        ("min", {"monitor": "score", "mode": "min", "patience": 3}, {"score": RISING}),
        ("epochs that are not judged", {"patience": 2, "verbose": 1}, val(GAPS)),
        ("not a number", {"patience": 2}, val([1.0, float("nan"), float("nan"), 0.5, 0.4])),
        ("better by less than float32 sees", {"patience": 1}, val([1.0, 1.0 - 1e-9, 0.5])),
    ]
    plateau = [
        ("patience 1", {"patience": 1, "verbose": 1}, val(SLOW)),
        ("a factor", {"patience": 2, "factor": 0.3, "verbose": 1}, val(SLOW)),
        ("a rest", {"patience": 1, "cooldown": 2, "factor": 0.5, "verbose": 1}, val(SLOW)),
        ("a floor", {"patience": 1, "min_lr": 0.03, "verbose": 1}, val(SLOW)),
        ("a least change", {"patience": 2, "min_delta": 0.0, "verbose": 1}, val(SLOW)),
        ("accuracy", {"monitor": "val_accuracy", "patience": 2, "factor": 0.5}, {"val_accuracy": RISING}),
        ("epochs that are not judged", {"patience": 1, "factor": 0.5, "verbose": 1}, val(GAPS)),
    ]
    checkpoint = [
        ("every epoch", {"filepath": "{epoch:02d}-{val_loss:.4f}", "verbose": 1}, val(FALLING[:3])),
        ("the best only", {"filepath": "best-{epoch}", "save_best_only": True, "verbose": 1}, val(FALLING)),
        ("the best only, overwritten", {"filepath": "best", "save_best_only": True, "verbose": 1}, val(SLOW)),
        ("a threshold", {"filepath": "{epoch:03d}", "save_best_only": True, "initial_value_threshold": 0.93,
                         "verbose": 1}, val(FALLING)),
        ("accuracy", {"filepath": "{epoch}-{val_accuracy}", "monitor": "val_accuracy", "save_best_only": True,
                      "verbose": 1}, {"val_accuracy": RISING}),
        ("max", {"filepath": "{epoch}-{score:.2f}", "monitor": "score", "mode": "max", "save_best_only": True},
         {"score": RISING}),
        ("every 3 batches", {"filepath": "{epoch}-{batch:03d}", "save_freq": 3, "verbose": 1}, val(FALLING[:4])),
    ]
    csv = [
        ("commas", {}, val(FALLING[:3])),
        ("semicolons", {"separator": ";"}, {"b": [0.1, 1e-5, 1e16], "a": [1.0 / 3, 123456789.125, 1e-4]}),
        ("quoted", {"separator": "."}, val(FALLING[:2])),
        ("not judged at first", {}, val([None, 0.5, None])),
        ("judged at first only", {}, val([0.5, None, 0.25])),
        ("neither finite nor there", {}, {"x": [float("nan"), None, float("inf"), float("-inf")]}),
    ]
    scheduler = [("halves", {"verbose": 1}, val(FALLING[:4]))]
    kinds = {"EarlyStopping": early, "ReduceLROnPlateau": plateau, "ModelCheckpoint": checkpoint, "CSVLogger": csv,
             "LearningRateScheduler": scheduler}
    return [case(f"{kind}: {name}", kind, options, given)
            for kind, rows in kinds.items() for name, options, given in rows]


class _Given(keras.callbacks.Callback):
    def __init__(self, given):
        super().__init__()
        self.given = given

    def on_epoch_end(self, epoch, logs=None):
        given = {name: values[epoch] for name, values in self.given.items() if values[epoch] is not None}
        logs.clear()
        logs.update(accuracy=0.5, loss=0.25)
        if any(name.startswith("val_") for name in given):
            logs.update(val_accuracy=0.125, val_loss=0.125)
        logs.update(given)


class _Watch(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.rates, self.epochs, self.weights = [], [], []

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append(epoch)
        self.rates.append(float(self.model.optimizer.learning_rate.numpy()))
        self.weights.append(self.model.get_weights())


def _callback(kind, options, folder):
    options = dict(options)
    if kind == "ModelCheckpoint":
        options["filepath"] = os.path.join(folder, options["filepath"] + ".keras")
    if kind == "CSVLogger":
        options["filename"] = os.path.join(folder, "log.csv")
    if kind == "LearningRateScheduler":
        options["schedule"] = lambda epoch, rate: rate * 0.5
    return getattr(keras.callbacks, kind)(**options)


def _model():
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    inputs = keras.Input((2,))
    model = keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(inputs))
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _run(case):
    x, y = np.array([[0, 1], [1, 0]] * 4, "float32"), np.array([0, 1] * 4)
    model, watch = _model(), _Watch()
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        callback = _callback(case["kind"], case["options"], folder)
        with contextlib.redirect_stdout(printed):
            model.fit(x, y, batch_size=2, epochs=case["epochs"], verbose=0,
                      callbacks=[_Given(case["given"]), callback, watch])
        files = {p.name.removesuffix(".keras"): p.read_bytes().decode() if p.suffix == ".csv" else None
                 for p in sorted(pathlib.Path(folder).iterdir())}
        text = printed.getvalue().replace(folder + os.sep, "").replace(".keras", "")
    same = [e for e, w in zip(watch.epochs, watch.weights)
            if all(np.array_equal(a, b) for a, b in zip(w, model.get_weights()))]
    return {"ran": watch.epochs, "rates": watch.rates, "files": sorted(files), "csv": files.get("log.csv"),
            "printed": text, "weights_of_epoch": same[-1]}


def _plain(value):
    """NaN and infinities as words, which JSON has not."""
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def _averages():
    """Fits whose optimizer averages weights: what is judged, what is written, what is left."""
    ema = lambda **options: keras.optimizers.SGD(0.5, use_ema=True, ema_momentum=0.8, **options)
    yield "around what is judged", ema(), False
    yield "on epochs too", ema(), True
    yield "averages that become the weights", ema(ema_overwrite_frequency=3), True
    yield "averages of sums of gradients", ema(gradient_accumulation_steps=2), True


def _swap(name, optimizer, on_epoch):
    x, y = AVERAGED_X, AVERAGED_Y
    model, watch = _model(), _Watch()
    model.compile(optimizer, "sparse_categorical_crossentropy")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "{epoch}.weights.h5")
        history = model.fit(x, y, batch_size=2, epochs=3, shuffle=False, verbose=0, validation_data=(x[:3], y[:3]), callbacks=[
            keras.callbacks.SwapEMAWeights(swap_on_epoch=on_epoch),
            keras.callbacks.ModelCheckpoint(path, save_weights_only=True), watch])
        ended, saved = model.get_weights(), []
        for epoch in (1, 2, 3):
            model.load_weights(path.format(epoch=epoch))
            saved.append(model.get_weights())
    model.set_weights(ended)
    stepped = [float(model.train_on_batch(x, y, return_dict=True)["loss"]) for _ in range(2)]
    judge = lambda **options: float(model.evaluate(x, y, verbose=0, return_dict=True, **options)["loss"])
    swap = keras.callbacks.SwapEMAWeights()
    flat = lambda weights: output.numbers(np.concatenate([w.reshape(-1) for w in weights]))
    return {
        "name": name, "optimizer": optimizers.describe(optimizer), "swap_on_epoch": on_epoch,
        "history": history.history, "after_epochs": [flat(w) for w in watch.weights], "saved": [flat(w) for w in saved],
        "ended": flat(ended), "stepped": stepped, "judged": judge(), "judged_by_averages": judge(callbacks=[swap]),
        "judged_again": judge(), "predicted_by_averages": output.numbers(model.predict(x, verbose=0, callbacks=[swap])),
    }


def make(root):
    cases = [{**_plain(case), **_run(case)} for case in _cases()]
    head = {"given_is": GIVEN_IS, "averaged_x": output.tensor(AVERAGED_X), "averaged_y": AVERAGED_Y.tolist()}
    output.write_json(root / FILE, head, {"cases": cases, "averages": [_swap(*case) for case in _averages()]})
