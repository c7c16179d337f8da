"""Initial weights by seed: the draws of Python's generator and the tensors made from them."""

import random

import keras
import numpy as np
from keras import initializers, layers

from . import networks, output

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/initial_weights.json"

SEEDS = [0, 1, 2, 42, 123456789, 2**32 - 1, 2**32 + 5, -7, 2**70 + 3]

NAMED = [
    "glorot_uniform", "glorot_normal", "he_normal", "he_uniform", "lecun_normal", "lecun_uniform",
    "random_normal", "random_uniform", "truncated_normal", "variance_scaling", "orthogonal", "zeros", "ones",
]

CONFIGURED = [
    lambda: initializers.RandomNormal(mean=0.5, stddev=2.0),
    lambda: initializers.RandomUniform(minval=-1.0, maxval=3.0),
    lambda: initializers.TruncatedNormal(mean=-1.0, stddev=0.3),
    lambda: initializers.VarianceScaling(scale=2.0, mode="fan_out", distribution="truncated_normal"),
    lambda: initializers.VarianceScaling(scale=0.5, mode="fan_avg", distribution="uniform"),
    lambda: initializers.VarianceScaling(scale=3.0, mode="fan_in", distribution="untruncated_normal"),
    lambda: initializers.Orthogonal(gain=2.0),
    lambda: initializers.Orthogonal(seed=5),
    lambda: initializers.Constant(0.25),
    lambda: initializers.HeNormal(seed=7),
    lambda: initializers.GlorotUniform(seed=123),
]


def draws(seed):
    """What initializers without a seed take; the last two lie beyond the generator's first block."""
    generator = random.Random(seed)
    values = [generator.randint(1, 10**9) for _ in range(626)]
    return {"seed": str(seed), "draws": values[:6] + values[-2:]}


def facts(array):
    array = np.asarray(array, np.float32)
    wide = array.astype(np.float64)
    return {
        "shape": list(array.shape),
        "first": output.numbers(array.reshape(-1)[:8]),
        "last": output.numbers(array.reshape(-1)[-2:]),
        "sum": float(wide.sum()),
        "sum_of_squares": float((wide * wide).sum()),
        "sha256": output.sha256(array),
    }


def weight_facts(model):
    return [{"path": w.path, **facts(w.numpy())} for w in model.weights]


def by_default():
    """Each kind of layer with weights, and between them layers that draw without having any."""
    inputs = keras.Input((9, 9, 4))
    x = layers.Conv2D(6, 3, name="conv")(inputs)
    x = layers.BatchNormalization(name="bn")(x)
    x = layers.Dropout(0.5, name="dropout")(x)
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, name="depthwise")(x)
    x = layers.GaussianNoise(0.1, name="noise")(x)
    x = layers.Conv2DTranspose(5, (2, 3), strides=2, name="transpose")(x)
    x = layers.SpatialDropout2D(0.2, name="spatial_dropout")(x)
    x = layers.Conv2D(10, 3, groups=5, name="grouped")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(7, name="dense")(x)
    return keras.Model(inputs, layers.Dense(3, use_bias=False, name="no_bias")(x))


def out_of_order():
    """Layers draw when made, not when called, and not in the model's order of layers."""
    late = layers.Dense(4, name="late")
    early = layers.Dense(5, name="early")
    inputs = keras.Input((6,))
    return keras.Model(inputs, late(early(inputs)))


def random_biases():
    """Kernel and bias of one layer each take a draw."""
    inputs = keras.Input((5, 5, 2))
    x = layers.Conv2D(3, 2, bias_initializer="random_normal", name="conv")(inputs)
    x = layers.BatchNormalization(gamma_initializer="random_uniform", beta_initializer="truncated_normal", name="bn")(x)
    x = layers.Flatten()(x)
    dense = layers.Dense(4, kernel_initializer="he_normal", bias_initializer="glorot_uniform", name="dense")
    return keras.Model(inputs, dense(x))


def orthogonal_kernels():
    """Orthogonal and identity matrices among random ones."""
    inputs = keras.Input((5, 5, 2))
    x = layers.Conv2D(7, 2, kernel_initializer="orthogonal", name="conv")(inputs)
    x = layers.DepthwiseConv2D(2, depthwise_initializer=initializers.Orthogonal(gain=0.5), name="depthwise")(x)
    x = layers.Conv2DTranspose(3, 2, kernel_initializer="orthogonal", name="transpose")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(6, kernel_initializer="orthogonal", name="dense")(x)
    return keras.Model(inputs, layers.Dense(6, kernel_initializer="identity", name="identity")(x))


MODELS = {
    "by_default": (by_default, [1, 42]),
    "out_of_order": (out_of_order, [3]),
    "random_biases": (random_biases, [5]),
    "orthogonal_kernels": (orthogonal_kernels, [11]),
    "resnet20": (lambda: networks.cifar_resnet(20), [1]),
}


def config_of(initializer):
    """An identity leaves its gain out of its config."""
    return {"gain": initializer.gain} if isinstance(initializer, initializers.Identity) else initializer.get_config()


def initializer_case(make_initializer, seed, shape):
    keras.utils.set_random_seed(seed)
    initializer = make_initializer()
    return {
        "class_name": type(initializer).__name__,
        "config": config_of(initializer),
        "random_seed": seed,
        **facts(initializer(shape)),
    }


def initializer_cases():
    """One initializer each, on a dense and on a convolution kernel; identities are matrices."""
    named = [lambda n=n: initializers.get(n) for n in NAMED]
    shapes = [(1, (5, 4)), (42, (3, 3, 4, 6)), (9, (4, 7))]
    cases = [initializer_case(make, *shape) for make in named + CONFIGURED for shape in shapes]
    identities = [initializers.Identity, lambda: initializers.Identity(gain=-0.3)]
    return cases + [initializer_case(make, 1, shape) for make in identities for shape in [(3, 3), (5, 4), (4, 7)]]


def model_cases():
    cases = []
    for name, (build, seeds) in MODELS.items():
        for seed in seeds:
            keras.backend.clear_session()
            keras.utils.set_random_seed(seed)
            cases.append({"model": name, "random_seed": seed, "weights": weight_facts(build())})
    return cases


def make(root):
    lists = {
        "draws": [draws(seed) for seed in SEEDS],
        "initializers": initializer_cases(),
        "models": model_cases(),
    }
    head = {"draws_are": "the first six of random.randint(1, 10**9), then numbers 625 and 626"}
    output.write_json(root / FILE, head, lists)
