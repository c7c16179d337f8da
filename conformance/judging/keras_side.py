"""What real Keras makes of a recipe: the case that Java must agree with.

Rows of numbers stand in stages. Keras runs everything three times: as it is, and twice with every input and every
trained weight changed by about a millionth, which is some ten roundings of a float32. `spread` is the largest change
that this makes in a row: what a row owes to rounding, measured and not guessed.
"""

import base64
import copy
import json

import keras
import numpy as np

from . import recipes

PERTURBATION = 2.0**-20
PERTURBED_RUNS = 2

# A case counts if roundings stay this far below the tolerance of a step's loss, 1e-4.
STEADY = 1e-5


def packed(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "float32": base64.b64encode(array.astype("<f4").tobytes()).decode()}


def unpacked(row):
    return np.frombuffer(base64.b64decode(row["float32"]), "<f4").reshape(row["shape"])


def paths(model, prefix=""):
    """Every weight once, with the path that it has in this project."""
    seen = set()
    for path, weight in _paths(model, prefix):
        if id(weight) not in seen:
            seen.add(id(weight))
            yield path, weight


def _paths(model, prefix):
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _paths(layer, f"{prefix}{layer.name}/")
        else:
            for weight in layer.weights:
                yield f"{prefix}{layer.name}/{weight.name}", weight


def target(kind, shape, rng):
    """Targets for an output of this shape, the batch included."""
    if kind in ("class", "one_hot"):
        classes = rng.integers(0, shape[-1], shape[:-1])
        return classes.astype(np.float32) if kind == "class" else np.eye(shape[-1], dtype=np.float32)[classes]
    if kind == "distribution":
        values = rng.random(shape) + 0.1
        return (values / values.sum(-1, keepdims=True)).astype(np.float32)
    if kind == "bits":
        return rng.integers(0, 2, shape).astype(np.float32)
    return rng.standard_normal(shape).astype(np.float32)


def model_of(config, seed):
    keras.utils.set_random_seed(seed)
    return keras.Model.from_config(copy.deepcopy(config))


def made(module, row):
    """The object of a row, by the constructor that a user calls."""
    config = {k: made(keras.optimizers.schedules, v) if k == "learning_rate" and isinstance(v, dict) else v
              for k, v in row["config"].items()}
    return getattr(module, row["class_name"])(**config)


def metric(row):
    return row["class_name"] if row["class_name"] == "accuracy" else made(keras.metrics, row)


def serialized(value, row):
    """As Keras writes it, defaults too, and what it leaves out of the row that it was made from, such as Huber's delta."""
    if isinstance(value, str):
        return {"class_name": value, "config": {}}
    written = keras.saving.serialize_keras_object(value)
    return written | {"config": {**row["config"], **written["config"]}}


class Subject:
    """A compiled model with its data; can go back to its first state."""

    def __init__(self, recipe):
        keras.backend.clear_session()
        self.recipe = recipe
        self.config = recipes.build(recipe["graph"]).get_config()
        self.model = model_of(self.config, recipe["seed"])
        self.data()
        self.compile()
        self.variables = self.model.variables + self.optimizer.variables
        self.first = [v.numpy() for v in self.variables]

    def data(self):
        rng, samples = np.random.default_rng(self.recipe["seed"]), self.recipe["samples"]
        self.inputs = [rng.standard_normal((samples, *i.shape[1:])).astype(np.float32) for i in self.model.inputs]
        self.targets = [
            target(o["target"], (samples, *t.shape[1:]), rng) for o, t in zip(self.recipe["outputs"], self.model.outputs)]
        self.weights = rng.choice([0.0, 0.5, 1.0, 2.0], samples).astype(np.float32) if self.recipe["sample_weight"] else None

    def compile(self):
        outputs = self.recipe["outputs"]
        self.optimizer = made(keras.optimizers, self.recipe["optimizer"])
        several = len(outputs) > 1
        every = lambda make: recipes.one_or_all([make(o) for o in outputs])
        self.model.compile(
            self.optimizer,
            loss=every(lambda o: made(keras.losses, o["loss"])),
            loss_weights=[o["loss_weight"] for o in outputs] if several else None,
            metrics=every(lambda o: [metric(m) for m in o["metrics"]]),
            weighted_metrics=every(lambda o: [metric(m) for m in o["weighted_metrics"]]),
        )
        self.optimizer.build(self.model.trainable_variables)

    def restore(self):
        for variable, value in zip(self.variables, self.first):
            variable.assign(value)

    def perturb(self, rng):
        for weight in self.model.trainable_weights:
            weight.assign(_perturbed(weight.numpy(), rng))
        return [_perturbed(x, rng) for x in self.inputs]

    def run(self, inputs):
        """The rows by stage."""
        model, y = self.model, recipes.one_or_all(self.targets)
        x = recipes.one_or_all(inputs)
        outputs = model.predict_on_batch(x)
        stages = {"prediction": dict(zip(self.output_names(), outputs if isinstance(outputs, list) else [outputs]))}
        steps = [self.step(x, y) for _ in range(self.recipe["steps"])]
        stages["steps"] = {k: [s[k] for s in steps] for k in steps[0]}
        stages["weights"] = self.weight_rows()
        stages["evaluation"] = model.evaluate(x, y, 4, 0, self.weights, return_dict=True)
        if self.recipe["fit"]:
            stages["history"] = self.fit(x, y)
            stages["weights after fit"] = self.weight_rows()
        return stages

    def output_names(self):
        return [t._keras_history.operation.name for t in self.model.outputs]

    def step(self, x, y):
        rate = float(self.optimizer.learning_rate)
        return self.model.train_on_batch(x, y, self.weights, return_dict=True) | {"learning_rate": rate}

    def fit(self, x, y):
        options = dict(self.recipe["fit"])
        if "callbacks" in options:
            options["callbacks"] = [made(keras.callbacks, row) for row in options["callbacks"]]
        if "class_weight" in options:
            options["class_weight"] = {int(k): v for k, v in options["class_weight"].items()}
        return self.model.fit(x, y, sample_weight=self.weights, shuffle=False, verbose=0, **options).history

    def weight_rows(self):
        return {path: weight.numpy() for path, weight in paths(self.model)}


def _perturbed(array, rng):
    return (array * (1 + PERTURBATION * rng.choice([-1, 1], array.shape))).astype(np.float32)


def run(recipe, details=False):
    """The case of a recipe; it is steady if what it says is not rounding. Details say where two sides part."""
    recipe = json.loads(json.dumps(recipe))  # as it will be read
    subject = Subject(recipe)
    first, optimizer = subject.weight_rows(), serialized(subject.optimizer, recipe["optimizer"])
    stages = subject.run(subject.inputs)
    rng = np.random.default_rng(recipe["seed"])
    others = []
    for _ in range(PERTURBED_RUNS):
        subject.restore()
        others.append(subject.run(subject.perturb(rng)))
    case = {
        "recipe": recipe,
        "model": json.loads(json.dumps(subject.config)),
        "optimizer": optimizer,
        "outputs": [_learned(o) for o in recipe["outputs"]],
        "inputs": [packed(x) for x in subject.inputs],
        "targets": [packed(y) for y in subject.targets],
        "sample_weight": None if subject.weights is None else packed(subject.weights),
        "stages": {"first weights": {k: packed(v) | {"spread": 0.0} for k, v in first.items()}},
    }
    for stage, rows in stages.items():
        case["stages"][stage] = {k: _row(v, [o[stage][k] for o in others]) for k, v in rows.items()}
    case["steady"] = _steady(case["stages"])
    if details:
        case["details"] = _details(subject)
    return case


def _details(subject):
    """What every call of a layer makes of the inputs, in both modes, and every weight after one step."""
    model = model_of(subject.config, subject.recipe["seed"])
    calls = _calls(model)
    every = keras.Model(model.inputs, list(calls.values()))
    rows = {}
    for mode in ("inference", "training"):
        values = every([keras.ops.convert_to_tensor(x) for x in subject.inputs], training=mode == "training")
        rows[mode] = {name: packed(value) for name, value in zip(calls, values)}
    subject.restore()
    subject.step(recipes.one_or_all(subject.inputs), recipes.one_or_all(subject.targets))
    return rows | {"first step": {k: packed(v) for k, v in subject.weight_rows().items()}}


def _calls(model):
    """The results of calls, by layer[count of its calls], in an order in which they can run."""
    calls, counts = {}, {}
    for depth in sorted(model._nodes_by_depth, reverse=True):
        for node in model._nodes_by_depth[depth]:
            name = node.operation.name
            if not node.is_input:
                counts[name] = counts.get(name, -1) + 1
                calls[f"{name}[{counts[name]}]"] = node.output_tensors[0]
    return calls


def _learned(output):
    return {
        "loss": serialized(made(keras.losses, output["loss"]), output["loss"]),
        "loss_weight": output["loss_weight"],
        "metrics": [serialized(metric(m), m) for m in output["metrics"]],
        "weighted_metrics": [serialized(metric(m), m) for m in output["weighted_metrics"]],
    }


def _row(values, others):
    values = np.asarray(values, np.float32)
    others = [np.asarray(o, np.float32) for o in others]
    if any(o.shape != values.shape for o in others):  # a fit that a rounding ends sooner
        return packed(values) | {"spread": float("inf")}
    spread = max(float(np.max(np.abs(values - o), initial=0)) for o in others)
    return packed(values) | {"spread": spread}


def _steady(stages):
    if any(np.isinf(row["spread"]) for rows in stages.values() for row in rows.values()):
        return False
    return all(
        np.isfinite(row["spread"]) and row["spread"] <= STEADY * float(np.min(np.abs(unpacked(row))))
        for name, row in stages["steps"].items() if name.endswith("loss"))
