"""What Keras writes of optimizers, losses, metrics and compiled models, and of trainings that go on."""

import keras
import numpy as np
from keras import layers, losses, metrics, optimizers
from keras.optimizers import schedules

from . import output
from .optimizers import around, rules

GOLDEN = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden"
STEPS = 3


def of_optimizers():
    o, s = optimizers, schedules
    yield from (o.SGD, o.Adam, o.AdamW, o.RMSprop, o.Adagrad, o.Adadelta, o.Adamax, o.Nadam, o.Ftrl, o.Lion, o.Lamb)
    yield from (make for _, make in rules())
    yield from (make for _, make, excluded in around() if not excluded)
    for rate in (
        s.ExponentialDecay(0.1, 10, 0.5), s.ExponentialDecay(0.1, 10, 0.5, staircase=True),
        s.InverseTimeDecay(0.1, 10, 0.5), s.InverseTimeDecay(0.1, 10, 0.5, staircase=True),
        s.PolynomialDecay(0.1, 10), s.PolynomialDecay(0.1, 10, 0.01, 2.0, cycle=True),
        s.CosineDecay(0.1, 10), s.CosineDecay(0.0, 10, 0.2, warmup_target=0.3, warmup_steps=4),
        s.CosineDecay(0.1, 10, warmup_target=0.3),
        s.CosineDecayRestarts(0.1, 5), s.CosineDecayRestarts(0.1, 5, 1.5, 0.5, 0.1),
        s.PiecewiseConstantDecay([1, 5], [0.3, 0.2, 0.1]),
    ):
        yield lambda rate=rate: o.SGD(rate)
    yield lambda: o.Adam(0.003, name="mine")


def of_losses():
    kinds = [
        losses.MeanSquaredError, losses.MeanAbsoluteError, losses.MeanAbsolutePercentageError, losses.Huber,
        losses.MeanSquaredLogarithmicError, losses.LogCosh, losses.KLDivergence, losses.Poisson, losses.Hinge,
        losses.SquaredHinge, losses.CategoricalHinge, losses.CosineSimilarity, losses.Dice, losses.Tversky,
        losses.BinaryCrossentropy, losses.CategoricalCrossentropy, losses.SparseCategoricalCrossentropy,
        losses.BinaryFocalCrossentropy, losses.CategoricalFocalCrossentropy, losses.CTC, losses.Circle,
    ]
    yield from (kind() for kind in kinds)
    yield from (losses.MeanSquaredError(reduction=r) for r in ("sum", "mean", "none", None, "mean_with_sample_weight"))
    yield losses.CategoricalGeneralizedCrossEntropy(0.4, reduction="sum")
    yield losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)
    yield losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1, reduction="sum")
    yield losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=255)
    yield losses.BinaryFocalCrossentropy(True, 0.4, 1.5, True, 0.2)
    yield losses.CategoricalFocalCrossentropy(0.4, 1.5, True, 0.2)
    yield losses.CTC(reduction="sum")
    yield losses.Circle(40.0, 0.25, False, reduction="none")
    yield losses.Dice(axis=[1, 2])
    yield losses.Tversky(0.3, 0.7, axis=[1, 2, 3], reduction="sum")


def of_metrics():
    m = metrics
    kinds = [
        m.MeanSquaredError, m.MeanAbsoluteError, m.MeanAbsolutePercentageError, m.MeanSquaredLogarithmicError,
        m.LogCoshError, m.KLDivergence, m.Poisson, m.Hinge, m.SquaredHinge, m.CategoricalHinge, m.RootMeanSquaredError,
        m.CosineSimilarity, m.PearsonCorrelation, m.ConcordanceCorrelation, m.R2Score, m.BinaryAccuracy,
        m.CategoricalAccuracy, m.SparseCategoricalAccuracy, m.TopKCategoricalAccuracy, m.SparseTopKCategoricalAccuracy,
        m.BinaryCrossentropy, m.CategoricalCrossentropy, m.SparseCategoricalCrossentropy, m.AUC, m.F1Score, m.FBetaScore, m.Accuracy,
        m.Precision, m.Recall, m.TruePositives, m.FalsePositives, m.TrueNegatives, m.FalseNegatives, m.BinaryIoU,
    ]
    yield from kinds
    yield lambda: m.PearsonCorrelation(axis=1)
    yield lambda: m.R2Score(class_aggregation=None, num_regressors=2)
    yield lambda: m.R2Score(class_aggregation="variance_weighted_average", name="explained")
    yield lambda: m.BinaryAccuracy(name="right", threshold=0.25)
    yield lambda: m.Accuracy(name="equal")
    yield lambda: m.TopKCategoricalAccuracy(k=3, name="top3")
    yield lambda: m.SparseTopKCategoricalAccuracy(k=3)
    yield lambda: m.BinaryCrossentropy(from_logits=True, label_smoothing=0.1, name="bce")
    yield lambda: m.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    yield lambda: m.SparseCategoricalCrossentropy(from_logits=True, ignore_class=1)
    yield lambda: m.AUC(50, "PR", "minoring", multi_label=True, from_logits=True)
    yield lambda: m.AUC(curve="PRGAIN", summation_method="majoring")
    yield lambda: m.AUC(thresholds=[0.25, 0.5])
    yield lambda: m.F1Score("macro", 0.25)
    yield lambda: m.FBetaScore("weighted", 2.0, 0.75)
    yield lambda: m.Precision([0.25, 0.5], class_id=1)
    yield lambda: m.Recall(0.25, top_k=2, name="found")
    yield lambda: m.TrueNegatives([0.25, 0.5])
    for kind in (m.SensitivityAtSpecificity, m.SpecificityAtSensitivity, m.PrecisionAtRecall, m.RecallAtPrecision):
        yield lambda kind=kind: kind(0.75)
        yield lambda kind=kind: kind(0.75, num_thresholds=20, class_id=2)
    yield lambda: m.BinaryIoU([1], 0.25)
    yield lambda: m.IoU(3, [0, 2], ignore_class=1, sparse_y_true=False, sparse_y_pred=False)
    yield lambda: m.MeanIoU(3, ignore_class=255, sparse_y_pred=False)
    yield lambda: m.OneHotIoU(3, [0, 2], ignore_class=1, sparse_y_pred=True)
    yield lambda: m.OneHotMeanIoU(3)


def fresh(make, serialize):
    """A serialized object whose name does not depend on those made before."""
    keras.backend.clear_session()
    return serialize(make())


def network(outputs):
    keras.backend.clear_session()
    inputs = keras.Input((3,))
    heads = [layers.Dense(3, "softmax", name=f"out{i}")(inputs) for i in range(outputs)]
    return keras.Model(inputs, heads[0] if outputs == 1 else heads)


def compiled():
    """Arguments of compile in words, and the same in objects: outputs, words, objects."""
    l, m = losses, metrics
    mse, cce, scce = l.MeanSquaredError, l.CategoricalCrossentropy, l.SparseCategoricalCrossentropy
    yield 1, {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}, {"loss": scce(), "metrics": ["accuracy"]}
    yield 1, {"loss": "categorical_crossentropy", "metrics": ["acc", "mse", "AUC"]}, {
        "loss": cce(), "metrics": ["acc", m.MeanSquaredError(name="mse"), m.AUC(name="AUC")]}
    yield 1, {"loss": l.mean_squared_error, "metrics": [m.mean_absolute_error, m.mean_squared_error]}, {
        "loss": mse(), "metrics": [m.MeanAbsoluteError(), m.MeanSquaredError()]}
    yield 1, {"loss": "MSE", "metrics": ["mae"], "weighted_metrics": ["MeanAbsoluteError"]}, {
        "loss": mse(), "metrics": [m.MeanAbsoluteError(name="mae")],
        "weighted_metrics": [m.MeanAbsoluteError(name="MeanAbsoluteError")]}
    yield 1, {"loss": "ctc", "metrics": ["Accuracy", m.Accuracy()]}, {"loss": l.CTC(), "metrics": ["Accuracy", m.Accuracy()]}
    yield 1, {"loss": "circle"}, {"loss": l.Circle()}
    yield 1, {"loss": {"out0": "kld"}, "loss_weights": {"out0": 0.5}}, {"loss": l.KLDivergence(), "loss_weights": 0.5}
    yield 2, {"loss": "mse"}, {"loss": [mse(), mse()]}
    yield 2, {"loss": ["huber", "bce"], "loss_weights": [0.5, 2.0], "metrics": [["accuracy"], ["mae", "mse"]]}, {
        "loss": [l.Huber(), l.BinaryCrossentropy()], "loss_weights": [0.5, 2.0],
        "metrics": [["accuracy"], [m.MeanAbsoluteError(name="mae"), m.MeanSquaredError(name="mse")]]}
    yield 2, {"loss": {"out1": "mse", "out0": cce()}, "metrics": {"out1": "mae"}, "weighted_metrics": [None, ["accuracy"]]}, {
        "loss": [cce(), mse()], "metrics": [None, [m.MeanAbsoluteError(name="mae")]], "weighted_metrics": [None, ["accuracy"]]}
    yield 1, {"optimizer": scaled(), "loss": "mse"}, {"optimizer": scaled(), "loss": mse()}
    yield 2, {"loss": [None, "mse"], "metrics": [None, "mae"], "run_eagerly": True, "steps_per_execution": 4}, {
        "loss": [None, mse()], "metrics": [None, [m.MeanAbsoluteError(name="mae")]]}


def scaled():
    return optimizers.LossScaleOptimizer(optimizers.Adam(name="adam"), name="loss_scale_optimizer")


def compile_rows():
    for outputs, words, objects in compiled():
        row = {"outputs": outputs}
        for key, arguments in (("config", words), ("same", objects)):
            model = network(outputs)
            model.compile(**{"optimizer": "adam", "jit_compile": False, **arguments})
            row[key] = model.get_compile_config()
        yield row


POLICIES = ["mixed_bfloat16", "mixed_float16"]
SCALING = 5, 4096.0


def small(policy="float32"):
    """The net of trainings that go on; in half precision its head is float32, as Keras advises."""
    keras.backend.clear_session()
    keras.config.set_dtype_policy(policy)
    try:
        return small_net()
    finally:
        keras.config.set_dtype_policy("float32")


def rescale(model):
    """Gives what scales the loss, if something does, another state than it begins with."""
    if hasattr(model.optimizer, "dynamic_scale"):
        model.optimizer.step_counter.assign(SCALING[0])
        model.optimizer.dynamic_scale.assign(SCALING[1])


def small_net():
    inputs = keras.Input((3,))
    x = layers.BatchNormalization(name="bn")(layers.Dense(4, "relu", name="a")(inputs))
    model = keras.Model(inputs, layers.Dense(3, "softmax", dtype="float32", name="b")(x))
    model.set_weights([output.random_weight("resumed", i, w.name, w.shape) for i, w in enumerate(model.weights)])
    return model


def data():
    return output.grid((8, 3)) / 2, np.asarray([0, 1, 2, 0, 2, 1, 0, 0])


def train(model):
    values = []
    for _ in range(STEPS):
        model.reset_metrics()
        values.append(float(np.float32(model.train_on_batch(*data()))))
    return values


def resumed(name, make, **policy):
    """A training after its first steps: what is in its file, and the losses that come next."""
    model = small(**policy)
    model.compile(make(), "sparse_categorical_crossentropy", jit_compile=False)
    train(model)
    rescale(model)
    row = {
        "name": name, **policy, "compile_config": model.get_compile_config(),
        "weights": [{"path": w.path, **output.tensor(w.numpy())} for w in model.weights],
        "optimizer": [{"name": v.name, "dtype": v.dtype, **output.tensor(v.numpy())} for v in model.optimizer.variables],
    }
    return {**row, "losses": train(model)}


def resumable():
    yield from rules()
    yield from ((name, make) for name, make, excluded in around() if not excluded)


def make(root):
    output.write_json(root / GOLDEN / "compile_configs.json", {}, {
        "optimizers": [fresh(make, optimizers.serialize) for make in of_optimizers()],
        "losses": [losses.serialize(loss) for loss in of_losses()],
        "metrics": [fresh(make, metrics.serialize) for make in of_metrics()],
        "compiled": list(compile_rows()),
    })
    x, y = data()
    head = {"x": output.tensor(x), "y": y.tolist()}
    output.write_json(root / GOLDEN / "resumed.json", head, {
        "trainings": [resumed(*one) for one in resumable()]
        + [resumed(f"adam_{policy}", lambda: optimizers.Adam(0.05), policy=policy) for policy in POLICIES],
    })
