"""Every optimizer and every option around it: updates by given gradients, and training steps of a small net."""

import keras
import numpy as np
from keras import layers, optimizers
from keras.optimizers import LossScaleOptimizer, schedules

from . import output, training

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/optimizers.json"

STEPS = 7
NET_IS = "Input (3,); Dense(2) a; Dense(1) b, on weights and by gradients that are given"


def rules():
    """Name and optimizer: each with its own settings, at a rate at which five steps are far."""
    o = optimizers
    yield "sgd", lambda **k: o.SGD(0.1, **k)
    yield "sgd momentum", lambda **k: o.SGD(0.1, momentum=0.9, **k)
    yield "sgd nesterov", lambda **k: o.SGD(0.1, momentum=0.9, nesterov=True, **k)
    yield "adam", lambda **k: o.Adam(0.1, **k)
    yield "adam of its own betas", lambda **k: o.Adam(0.1, beta_1=0.8, beta_2=0.95, epsilon=1e-2, **k)
    yield "adam amsgrad", lambda **k: o.Adam(0.1, beta_2=0.5, amsgrad=True, **k)
    yield "adamw", lambda **k: o.AdamW(0.1, **k)
    yield "adamw amsgrad", lambda **k: o.AdamW(0.1, weight_decay=0.2, amsgrad=True, **k)
    yield "rmsprop", lambda **k: o.RMSprop(0.02, **k)
    yield "rmsprop momentum", lambda **k: o.RMSprop(0.02, rho=0.8, momentum=0.7, epsilon=1e-2, **k)
    yield "rmsprop centered", lambda **k: o.RMSprop(0.02, centered=True, epsilon=1e-3, **k)
    yield "rmsprop centered momentum", lambda **k: o.RMSprop(0.02, centered=True, momentum=0.9, epsilon=1e-3, **k)
    yield "adagrad", lambda **k: o.Adagrad(0.1, **k)
    yield "adagrad of its own start", lambda **k: o.Adagrad(0.1, initial_accumulator_value=0.01, epsilon=1e-2, **k)
    yield "adadelta", lambda **k: o.Adadelta(1.0, **k)
    yield "adadelta of its own rho", lambda **k: o.Adadelta(1.0, rho=0.8, epsilon=1e-2, **k)
    yield "adamax", lambda **k: o.Adamax(0.1, **k)
    yield "adamax of its own betas", lambda **k: o.Adamax(0.1, beta_1=0.8, beta_2=0.7, epsilon=1e-2, **k)
    yield "nadam", lambda **k: o.Nadam(0.1, **k)
    yield "nadam of its own betas", lambda **k: o.Nadam(0.1, beta_1=0.8, beta_2=0.9, epsilon=1e-2, **k)
    yield "ftrl", lambda **k: o.Ftrl(0.1, **k)
    yield "ftrl of its own settings", lambda **k: o.Ftrl(
        0.1, learning_rate_power=-0.7, initial_accumulator_value=0.3, l1_regularization_strength=0.05,
        l2_regularization_strength=0.2, l2_shrinkage_regularization_strength=0.1, beta=0.4, **k)
    yield "lion", lambda **k: o.Lion(0.02, **k)
    yield "lion of its own betas", lambda **k: o.Lion(0.02, beta_1=0.7, beta_2=0.8, **k)
    yield "lamb", lambda **k: o.Lamb(0.1, **k)
    yield "lamb of its own betas", lambda **k: o.Lamb(0.1, beta_1=0.8, beta_2=0.95, epsilon=1e-2, **k)


def around():
    """Name, optimizer and the names that its weight decay leaves out."""
    o = optimizers
    cosine = lambda: schedules.CosineDecay(0.1, 6)
    ema = {"use_ema": True, "ema_momentum": 0.8}
    yield "clipnorm", lambda: o.SGD(0.1, clipnorm=0.9), []
    yield "clipvalue", lambda: o.Adam(0.1, clipvalue=0.3), []
    yield "global clipnorm", lambda: o.SGD(0.1, momentum=0.9, global_clipnorm=1.3), []
    yield "wide limits", lambda: o.SGD(0.1, clipnorm=100.0), []
    yield "wide global limit", lambda: o.SGD(0.1, global_clipnorm=100.0), []
    yield "weight decay", lambda: o.SGD(0.1, weight_decay=0.5), []
    yield "weight decay but of biases", lambda: o.SGD(0.1, weight_decay=0.5), ["bias"]
    yield "weight decay but of a layer", lambda: o.AdamW(0.1, weight_decay=0.5), ["^a/", "never"]
    yield "weight decay under a schedule", lambda: o.AdamW(cosine(), weight_decay=0.5), []
    yield "weight decay before lamb", lambda: o.Lamb(0.1, weight_decay=0.5), ["bias"]
    yield "weight decay before ftrl", lambda: o.Ftrl(
        0.1, weight_decay=0.5, l2_shrinkage_regularization_strength=0.1), []
    yield "ema", lambda: o.SGD(0.1, **ema), []
    yield "ema overwriting", lambda: o.Adam(0.1, ema_overwrite_frequency=3, **ema), []
    yield "accumulation", lambda: o.SGD(0.1, gradient_accumulation_steps=2), []
    yield "accumulation with momentum", lambda: o.SGD(0.1, momentum=0.9, gradient_accumulation_steps=3), []
    yield "accumulation under a schedule", lambda: o.Adam(cosine(), gradient_accumulation_steps=2), []
    yield "accumulation before nadam", lambda: o.Nadam(0.1, gradient_accumulation_steps=2), []
    yield "accumulation before lion", lambda: o.Lion(0.1, gradient_accumulation_steps=2), []
    yield "accumulation with ema", lambda: o.Adam(
        0.1, gradient_accumulation_steps=2, ema_overwrite_frequency=2, **ema), []
    yield "loss scale factor", lambda: o.SGD(0.1, loss_scale_factor=8.0), []
    yield "all at once", lambda: o.AdamW(
        cosine(), weight_decay=0.3, amsgrad=True, clipnorm=0.9, gradient_accumulation_steps=2,
        loss_scale_factor=4.0, **ema), ["bias"]


def scaled():
    """Name, inner optimizer, growth steps and the steps with an infinite gradient."""
    o = optimizers
    yield "loss scale", lambda: o.SGD(0.1, momentum=0.9), 2000, []
    yield "loss scale growing", lambda: o.Adam(0.1), 2, []
    yield "loss scale halving", lambda: o.Adam(0.1), 2, [0, 3, 4]
    yield "loss scale and the rest", lambda: o.AdamW(
        schedules.CosineDecay(0.1, 6), gradient_accumulation_steps=2, use_ema=True, ema_momentum=0.8,
        ema_overwrite_frequency=2, global_clipnorm=1.0), 3, [2]


def describe(optimizer, excluded=()):
    config = {k: v for k, v in optimizer.get_config().items() if k != "name"}
    if isinstance(config["learning_rate"], float):
        config["learning_rate"] = float(str(np.float32(config["learning_rate"])))
    return {"class_name": type(optimizer).__name__, "config": config, "excluded": list(excluded)}


def weights():
    return [output.grid(shape) for shape in ((3, 2), (2,), (2, 1), (1,))]


def gradients(step):
    """Eighths from -5/8 to 5/8, other ones at each step."""
    return [
        (((7 * np.arange(w.size) ** 2 + 5 * v + 3 * step + step * step) % 11 - 5) / 8).astype(np.float32).reshape(w.shape)
        for v, w in enumerate(weights())
    ]


def model(constraint):
    keras.backend.clear_session()
    inputs = keras.Input((3,))
    x = layers.Dense(2, name="a", kernel_constraint=constraint)(inputs)
    net = keras.Model(inputs, layers.Dense(1, name="b")(x))
    net.set_weights(weights())
    return net


def update(name, make, excluded=(), constraint=None, growth=None, infinite=()):
    net = model(constraint)
    optimizer = inner = make()
    inner.exclude_from_weight_decay(var_names=list(excluded))
    described = describe(inner, excluded)
    if growth:
        optimizer = LossScaleOptimizer(inner, dynamic_growth_steps=growth)
        optimizer.build(net.trainable_variables)  # as compile does, else paths repeat the outer name
    after = []
    for step in range(STEPS):
        given = gradients(step)
        if growth:
            given = [g * np.float32(optimizer.scale_loss(1.0)) for g in given]
        if inner.loss_scale_factor is not None:
            given = [g * np.float32(inner.loss_scale_factor) for g in given]
        if step in infinite:
            given[0][0, 0] = np.inf
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in given], net.trainable_variables)
        after.append(output.numbers(np.concatenate([w.numpy().reshape(-1) for w in net.trainable_variables])))
    return {
        "name": name, "optimizer": described, "constraint": constraint, "growth": growth, "infinite": list(infinite),
        "weights": after,
        "state": [{"path": v.path, "dtype": v.dtype, **output.tensor(v.numpy())} for v in optimizer.variables],
    }


def updates():
    for name, make in rules():
        yield update(name, make)
    for name, make, excluded in around():
        yield update(name, make, excluded)
    yield update("constraint", lambda: optimizers.SGD(0.5), constraint="non_neg")
    yield update("constraint after ema", lambda: optimizers.SGD(0.5, use_ema=True, gradient_accumulation_steps=2), constraint="non_neg")
    for name, make, growth, infinite in scaled():
        yield update(name, make, growth=growth, infinite=infinite)


def trained(name, make, excluded=(), fit=False):
    """The small net without the bias before its batch normalization, the gradient of which is noise."""
    def excluding():
        optimizer = make()
        optimizer.exclude_from_weight_decay(var_names=list(excluded))
        return optimizer

    return {
        **training.case(name, excluding, training.SPARSE, {"bias": False, "fit": fit}),
        "optimizer": describe(make(), excluded),
    }


def trainings():
    for name, make in rules():
        yield trained(name, make)
    for name, make, excluded in around():
        yield trained(name, make, excluded)
    yield trained("ema at the end of fit", lambda: optimizers.SGD(0.1, use_ema=True, ema_momentum=0.8), fit=True)


def defaults():
    o = optimizers
    for kind in (o.SGD, o.Adam, o.AdamW, o.RMSprop, o.Adagrad, o.Adadelta, o.Adamax, o.Nadam, o.Ftrl, o.Lion, o.Lamb):
        yield describe(kind())


def make(root):
    head = {"net": NET_IS, "steps": STEPS, "start": [output.tensor(w) for w in weights()],
            "gradients": [[output.tensor(g) for g in gradients(s)] for s in range(STEPS)]}
    output.write_json(root / FILE, head, {"defaults": list(defaults()), "updates": list(updates()), "trainings": list(trainings())})
