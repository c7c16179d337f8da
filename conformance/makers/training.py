"""Five training steps of the small net: losses, metrics and the weights after them."""

import keras
import numpy as np
from keras import losses, optimizers
from keras.optimizers import schedules

from . import output, small_net

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/training.json"

SAMPLES, STEPS = 16, 5
NESTEROV = lambda: optimizers.SGD(0.05, momentum=0.9, nesterov=True)
SPARSE = lambda: losses.SparseCategoricalCrossentropy()


def by_optimizer():
    """Name, optimizer, loss and further options."""
    yield "sgd", lambda: optimizers.SGD(0.05), SPARSE, {}
    yield "sgd default", lambda: optimizers.SGD(), SPARSE, {}
    yield "sgd momentum", lambda: optimizers.SGD(0.05, momentum=0.9), SPARSE, {}
    yield "sgd nesterov", NESTEROV, SPARSE, {}
    yield "adam", lambda: optimizers.Adam(0.01), SPARSE, {}
    yield "adam default", lambda: optimizers.Adam(), SPARSE, {}
    yield "adam of its own betas", lambda: optimizers.Adam(0.01, beta_1=0.8, beta_2=0.95, epsilon=1e-3), SPARSE, {}
    yield "adam cosine", lambda: optimizers.Adam(schedules.CosineDecay(0.01, 4, alpha=0.1)), SPARSE, {}
    yield "adam cosine with warmup", lambda: optimizers.Adam(
        schedules.CosineDecay(0.0, 3, warmup_target=0.02, warmup_steps=2)), SPARSE, {}
    yield "sgd piecewise", lambda: optimizers.SGD(
        schedules.PiecewiseConstantDecay([1, 3], [0.1, 0.05, 0.01]), momentum=0.9), SPARSE, {}


def by_loss():
    categorical, binary = losses.CategoricalCrossentropy, losses.BinaryCrossentropy
    hot, bit, values = {"targets": "one_hot"}, {"targets": "bit", "units": 1}, {"targets": "values", "units": 2}
    yield "categorical", NESTEROV, lambda: categorical(), hot
    yield "categorical smoothed", NESTEROV, lambda: categorical(label_smoothing=0.1), hot
    yield "categorical from logits", NESTEROV, lambda: categorical(from_logits=True, label_smoothing=0.1), {**hot, "activation": None}
    yield "sparse from logits", NESTEROV, lambda: losses.SparseCategoricalCrossentropy(from_logits=True), {"activation": None}
    yield "binary", NESTEROV, lambda: binary(), {**bit, "activation": "sigmoid"}
    yield "binary smoothed", NESTEROV, lambda: binary(label_smoothing=0.2), {**bit, "activation": "sigmoid"}
    yield "binary from logits", NESTEROV, lambda: binary(from_logits=True), {**bit, "activation": None}
    yield "mean squared error", lambda: optimizers.SGD(0.01), lambda: losses.MeanSquaredError(), {**values, "activation": None}
    yield "sum of losses", lambda: optimizers.SGD(0.005), lambda: losses.SparseCategoricalCrossentropy(reduction="sum"), {}


def by_weight():
    weights = [0.5, 2.0, 1.0, 0.0] * 4
    yield "class weights", NESTEROV, SPARSE, {"class_weight": {0: 1.0, 1: 2.5, 3: 0.25}}
    yield "class weights of one hot", NESTEROV, lambda: losses.CategoricalCrossentropy(), {
        "targets": "one_hot", "class_weight": {0: 1.0, 1: 2.5, 3: 0.25}}
    yield "sample weights", NESTEROV, SPARSE, {"sample_weight": weights}
    yield "sample weights adam smoothed", lambda: optimizers.Adam(0.01), lambda: losses.CategoricalCrossentropy(
        label_smoothing=0.1), {"targets": "one_hot", "sample_weight": weights}
    yield "frozen c1", NESTEROV, SPARSE, {"freeze": ["c1"]}
    yield "frozen bn", NESTEROV, SPARSE, {"freeze": ["bn"]}


def optimizer_of(optimizer):
    config = optimizer.get_config()
    rate = config["learning_rate"]
    schedule = rate if isinstance(rate, dict) else None
    kept = {k: v for k, v in config.items() if k in ("momentum", "nesterov", "beta_1", "beta_2", "epsilon", "amsgrad")}
    return {"class_name": type(optimizer).__name__, "learning_rate": schedule or rate, **kept}


def weights_of(model):
    return [{"path": w.path, **output.tensor(w.numpy())} for w in model.weights]


def case(name, make_optimizer, make_loss, options):
    options = dict(options)
    kind, units = options.pop("targets", "class"), options.pop("units", 4)
    activation, frozen = options.pop("activation", "softmax"), options.pop("freeze", [])
    model = small_net.build(units, activation, bias=options.pop("bias", True))
    fit = options.pop("fit", False)
    for layer in frozen:
        model.get_layer(layer).trainable = False
    optimizer, loss = make_optimizer(), make_loss()
    model.compile(optimizer, loss, metrics=["accuracy"])
    x, y = small_net.images(SAMPLES), small_net.targets(kind, SAMPLES)
    arguments = dict(options)
    if "sample_weight" in arguments:
        arguments["sample_weight"] = np.asarray(arguments["sample_weight"], np.float32)
    before = model.predict_on_batch(x[:2])
    if fit:
        history = model.fit(x, y, batch_size=SAMPLES, epochs=STEPS, shuffle=False, verbose=0, **arguments).history
        steps = [dict(zip(history, values)) for values in zip(*history.values())]
    else:
        steps = [model.train_on_batch(x, y, return_dict=True, **arguments) for _ in range(STEPS)]
    evaluated = model.test_on_batch(x, y, return_dict=True)
    return {
        "name": name,
        "optimizer": optimizer_of(optimizer),
        "loss": {"class_name": type(loss).__name__, "config": loss.get_config()},
        "targets": kind, "units": units, "activation": activation, "freeze": frozen, **options,
        "initial_prediction": output.tensor(before),
        "losses": output.numbers([s["loss"] for s in steps]),
        "accuracies": output.numbers([s["accuracy"] for s in steps]),
        "evaluated": {k: float(np.float32(v)) for k, v in evaluated.items()},
        "prediction": output.tensor(model.predict_on_batch(x[:2])),
        "weights": weights_of(model),
    }


def heads():
    """The initial weights by number of units of the head: the same in every case."""
    return [{"units": u, "weights": weights_of(small_net.build(u, None))} for u in (1, 2, 4)]


def make(root):
    head = {
        "net": small_net.NET_IS, "x": small_net.X_IS, "y": small_net.Y_IS,
        "samples": SAMPLES, "steps": STEPS, "random_seed": 42,
    }
    cases = [case(*c) for c in [*by_optimizer(), *by_loss(), *by_weight()]]
    output.write_json(root / FILE, head, {"initial_weights": heads(), "cases": cases})
