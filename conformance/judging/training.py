"""Random recipes: a network, what its outputs learn, and how. Another optimizer, loss, metric or option is a row.

A recipe is {"seed", "graph", "samples", "steps", "optimizer", "outputs", "sample_weight", "fit"}; whatever has a class
is {"class_name", "config"} as Keras serializes it; "outputs" has {"target", "loss", "loss_weight", "metrics",
"weighted_metrics"} for each output; "fit" holds arguments of Keras's fit.
"""

import random

from . import networks


def _object(class_name, **config):
    return {"class_name": class_name, "config": config}


# Schedules by a rate; each ends within the steps.
SCHEDULES = [
    lambda rate: _object("CosineDecay", initial_learning_rate=rate, decay_steps=15, alpha=0.1),
    lambda rate: _object(
        "CosineDecay", initial_learning_rate=rate / 10, decay_steps=10, warmup_target=rate, warmup_steps=4),
    lambda rate: _object("PiecewiseConstantDecay", boundaries=[4, 11], values=[rate, rate / 2, rate / 5]),
]

# Rows: how often; whether a gradient is divided by its own size; rates; further settings, any of them or none.
OPTIMIZERS = [
    (4, "SGD", False, [0.02, 0.01, 0.005], [
        {}, {"momentum": 0.9}, {"momentum": 0.5}, {"momentum": 0.9, "nesterov": True}]),
    (3, "Adam", True, [0.002, 0.001, 0.0005], [
        {}, {"beta_1": 0.8, "beta_2": 0.95}, {"epsilon": 1e-3}, {"amsgrad": True}]),
    (1, "AdamW", True, [0.002, 0.001], [{}, {"weight_decay": 0.02}, {"amsgrad": True}]),
    (1, "RMSprop", True, [0.001, 0.0005], [
        {"epsilon": 1e-3}, {"momentum": 0.9, "epsilon": 1e-3}, {"centered": True, "rho": 0.8, "epsilon": 1e-2}]),
    (1, "Adagrad", True, [0.01, 0.002], [{}, {"initial_accumulator_value": 0.5}]),
    (1, "Adadelta", True, [0.5, 0.1], [{}, {"rho": 0.9, "epsilon": 1e-5}]),
    (1, "Adamax", True, [0.002, 0.001], [{"epsilon": 1e-3}, {"beta_1": 0.8, "epsilon": 1e-3}]),
    (1, "Nadam", True, [0.002, 0.001], [{"epsilon": 1e-3}, {"beta_2": 0.95, "epsilon": 1e-3}]),
    (1, "Ftrl", True, [0.01, 0.005], [
        {}, {"l1_regularization_strength": 1e-3}, {"l2_regularization_strength": 1e-2, "beta": 0.1},
        {"l2_shrinkage_regularization_strength": 1e-2, "learning_rate_power": -0.6}]),
    (1, "Lion", True, [0.0005, 0.0002], [{}, {"beta_1": 0.8, "weight_decay": 0.01}]),
    (1, "Lamb", True, [0.002, 0.001], [{}, {"epsilon": 1e-3}]),
]

# Options that every optimizer takes, any of them or none.
UPDATE_OPTIONS = [
    {"clipnorm": 0.5}, {"clipvalue": 0.05}, {"global_clipnorm": 0.7}, {"weight_decay": 0.01},
    {"use_ema": True, "ema_momentum": 0.9}, {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 3},
    {"gradient_accumulation_steps": 2}, {"gradient_accumulation_steps": 3, "clipnorm": 0.5}, {"loss_scale_factor": 8.0},
]

# What an output learns: the activation of its last layer, the loss, the kind of target.
SPARSE, CATEGORICAL, BINARY = "SparseCategoricalCrossentropy", "CategoricalCrossentropy", "BinaryCrossentropy"
TASKS = [
    (4, "softmax", _object(SPARSE), "class"),
    (1, "linear", _object(SPARSE, from_logits=True), "class"),
    (1, "softmax", _object(SPARSE, ignore_class=1), "class"),
    (3, "softmax", _object(CATEGORICAL), "one_hot"),
    (1, "softmax", _object(CATEGORICAL, label_smoothing=0.1), "one_hot"),
    (1, "softmax", _object(CATEGORICAL), "distribution"),
    (1, "linear", _object(CATEGORICAL, from_logits=True, label_smoothing=0.2), "one_hot"),
    (1, "softmax", _object("CategoricalFocalCrossentropy", alpha=0.5), "one_hot"),
    (1, "softmax", _object("KLDivergence"), "distribution"),
    (1, "softmax", _object("CategoricalHinge"), "one_hot"),
    (1, "softmax", _object("Dice"), "one_hot"),
    (1, "sigmoid", _object("Tversky", alpha=0.3, beta=0.7), "bits"),
    (2, "sigmoid", _object(BINARY), "bits"),
    (1, "sigmoid", _object(BINARY, label_smoothing=0.1), "bits"),
    (1, "linear", _object(BINARY, from_logits=True), "bits"),
    (1, "sigmoid", _object("BinaryFocalCrossentropy", apply_class_balancing=True, gamma=1.5), "bits"),
    (1, "linear", _object("SquaredHinge"), "bits"),
    (1, "linear", _object("MeanSquaredError"), "values"),
    (1, "linear", _object("MeanSquaredError", reduction="sum"), "values"),
    (1, "tanh", _object("MeanSquaredError"), "values"),
    (1, "linear", _object("MeanAbsoluteError"), "values"),
    (1, "linear", _object("Huber", delta=0.5), "values"),
    (1, "linear", _object("LogCosh"), "values"),
    (1, "softplus", _object("Poisson"), "bits"),
    (1, "sigmoid", _object("MeanSquaredLogarithmicError"), "bits"),
    (1, "sigmoid", _object("MeanSquaredError"), "bits"),
]

# Metrics by the kind of target. "accuracy" is the word, which Keras resolves.
METRICS = {
    "class": [
        _object("accuracy"), _object("SparseTopKCategoricalAccuracy", k=2, name="top_2"),
        _object("SparseCategoricalAccuracy", name="sparse"), _object(SPARSE, name="ce")],
    "one_hot": [
        _object("accuracy"), _object("TopKCategoricalAccuracy", k=2, name="top_2"), _object(CATEGORICAL, name="ce"),
        _object("Precision", name="precision"), _object("Recall", class_id=1, name="recall"), _object("AUC", name="auc"),
        _object("F1Score", average="macro", name="f1"), _object("MeanSquaredError", name="mse")],
    "distribution": [_object("accuracy"), _object("KLDivergence", name="kl"), _object("CosineSimilarity", name="cosine")],
    "bits": [
        _object("accuracy"), _object("BinaryAccuracy", threshold=0.4, name="binary"), _object("Precision", name="precision"),
        _object("Recall", thresholds=0.3, name="recall"), _object("MeanAbsoluteError", name="mae")],
    "values": [
        _object("MeanAbsoluteError", name="mae"), _object("RootMeanSquaredError", name="rmse"),
        _object("CosineSimilarity", name="cosine"), _object("MeanSquaredError", name="mse")],
}

UNITS = {"class": [3, 4], "one_hot": [3, 4], "distribution": [3], "bits": [1, 2], "values": [1, 2]}

# Arguments of fit, each or none of them.
FIT_OPTIONS = [
    {"validation_split": 0.25}, {"validation_split": 0.4, "validation_freq": 2}, {"steps_per_epoch": 2},
    {"validation_split": 0.25, "validation_batch_size": 2}, {"initial_epoch": 1}, {},
]


# Callbacks of fit, one or none of them; a rate that follows a schedule cannot be set.
WATCHING = [
    _object("EarlyStopping", monitor="loss", patience=0, min_delta=0.01, restore_best_weights=True),
    _object("EarlyStopping", monitor="loss", mode="max", patience=1, start_from_epoch=1, restore_best_weights=True),
    _object("EarlyStopping", monitor="loss", baseline=0.5, patience=2),
]
SLOWING = [
    _object("ReduceLROnPlateau", monitor="loss", factor=0.5, patience=0, min_delta=0.05),
    _object("ReduceLROnPlateau", monitor="loss", factor=0.1, patience=1, min_delta=1.0, cooldown=1, min_lr=1e-4),
]


def _weighted(rng, rows):
    return rng.choices([row[1:] for row in rows], [row[0] for row in rows])[0]


def optimizer(rng):
    class_name, exact, rates, settings = _weighted(rng, OPTIMIZERS)
    rate = rng.choice(rates)
    if rng.random() < 0.3:
        rate = rng.choice(SCHEDULES)(rate)
    config = {"learning_rate": rate} | rng.choice(settings)
    if rng.random() < 0.4:
        config |= rng.choice(UPDATE_OPTIONS)
    return {"class_name": class_name, "config": config}, exact


def some(rng, rows):
    return rng.sample(rows, rng.randint(0, len(rows)))


def output(rng, several):
    activation, loss, target = _weighted(rng, TASKS)
    return activation, {
        "target": target, "loss": loss,
        "loss_weight": rng.choice([1.0, 0.5, 2.0]) if several and rng.random() < 0.5 else 1.0,
        "metrics": some(rng, METRICS[target]),
        "weighted_metrics": some(rng, METRICS[target][:2]) if rng.random() < 0.3 else [],
    }


# Metrics that no rounding makes jump.
SMOOTH = {SPARSE, CATEGORICAL, "KLDivergence", "CosineSimilarity", "MeanAbsoluteError", "MeanSquaredError", "RootMeanSquaredError"}


def smooth(output):
    return all(m["class_name"] in SMOOTH for m in output["metrics"] + output["weighted_metrics"])


def fit(rng, outputs, sample_weight, scheduled):
    options = {"epochs": 3, "batch_size": rng.choice([3, 4, 5])} | rng.choice(FIT_OPTIONS)
    if rng.random() < 0.3:
        options |= {"epochs": 5, "callbacks": [rng.choice(WATCHING if scheduled else WATCHING + SLOWING)]}
    only = outputs[0]["target"] if len(outputs) == 1 else None
    if only in ("class", "one_hot") and not sample_weight and rng.random() < 0.4:
        options["class_weight"] = {"0": 2.0, "2": 0.5}
    return options


def recipe(seed, index):
    """The recipe that two numbers say."""
    rng = random.Random(f"{seed}/{index}")
    chosen, exact = optimizer(rng)
    count = rng.choice([1, 1, 1, 1, 2])
    drawn = [output(rng, count > 1) for _ in range(count)]
    outputs = [o for _, o in drawn]
    heads = [(rng.choice(UNITS[o["target"]]), activation) for activation, o in drawn]
    sample_weight = rng.random() < 0.25
    scheduled = isinstance(chosen["config"]["learning_rate"], dict)
    fitted = fit(rng, outputs, sample_weight, scheduled) if rng.random() < 0.6 else {}
    # Keras weighs samples, not their pixels; and of so many pixels one would be at a threshold
    images = not sample_weight and "class_weight" not in fitted and all(smooth(o) for o in outputs)
    return {
        "seed": rng.randrange(1, 10**6),
        "graph": networks.network(rng, heads, exact, images),
        "samples": rng.choice([8, 9, 10]),
        "steps": 20,
        "optimizer": chosen,
        "outputs": outputs,
        "sample_weight": sample_weight,
        "fit": fitted or None,
    }
