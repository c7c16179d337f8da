"""Random networks: blocks as functions from value to value, drawn from a table."""

import keras

from . import recipes

KERNELS = [1, 2, 3, (1, 3), (3, 2)]
ACTIVATIONS = ["relu", "tanh", "sigmoid", "elu", "gelu", "silu", "softplus", "selu", "leaky_relu", "relu6", "hard_sigmoid", "mish"]
SAME_SHAPE_MERGES = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"]


class Draft:
    """A graph that grows; Keras itself says the shapes.

    `exact` keeps to what optimizers that divide by the size of a gradient can train alike: no weight whose true
    gradient is zero, such as a bias before batch normalization.
    """

    def __init__(self, rng, inputs, exact):
        self.rng, self.exact = rng, exact
        self.graph = {"inputs": inputs, "nodes": [], "outputs": []}
        self.tensors = [keras.Input(shape) for shape in inputs]
        self.made = []

    def add(self, class_name, config, *of):
        return self._use({"class_name": class_name, "config": config, "of": list(of)})

    def add_network(self, graph, *of):
        return self._use({"graph": graph, "of": list(of)})

    def share(self, value, *of):
        """Another use of the layer that made `value`."""
        return self._use({"same_as": value - len(self.graph["inputs"]), "of": list(of)})

    def _use(self, node):
        layer = recipes.layer_of(node, self.made)
        self.tensors.append(recipes.apply(layer, node, self.tensors))
        self.made.append(layer)
        self.graph["nodes"].append(node)
        return len(self.tensors) - 1

    def shape(self, value):
        return self.tensors[value].shape[1:]

    def channels(self, value):
        return self.shape(value)[-1]

    def chance(self, probability):
        return self.rng.random() < probability

    def finish(self, *outputs):
        self.graph["outputs"] = list(outputs)
        return self.graph


INITIALIZERS = [
    ("GlorotUniform", {}), ("HeNormal", {}), ("HeUniform", {}), ("GlorotNormal", {}), ("LecunNormal", {}), ("LecunUniform", {}),
    ("RandomNormal", {"stddev": 0.2}), ("RandomUniform", {"minval": -0.3, "maxval": 0.3}), ("TruncatedNormal", {"stddev": 0.2}),
    ("VarianceScaling", {"scale": 0.5, "mode": "fan_out", "distribution": "uniform"}),
]
REGULARIZERS = [("L1", {"l1": 1e-3}), ("L2", {"l2": 1e-2}), ("L1L2", {"l1": 1e-3, "l2": 1e-3})]
# NonNeg is not here: it makes classes equal, and which of them is the largest is then rounding.
CONSTRAINTS = [
    ("MaxNorm", {"max_value": 0.8, "axis": 0}), ("UnitNorm", {"axis": 0}),
    ("MinMaxNorm", {"min_value": 0.3, "max_value": 0.9, "rate": 0.5, "axis": 0}),
]


def _object(row):
    return {"class_name": row[0], "config": dict(row[1])}


def weight_settings(draft, kernel, bias=True):
    """Now and then another initializer than the default, a regularizer or a constraint."""
    config = {}
    if draft.chance(0.25):
        config[f"{kernel}_initializer"] = _object(draft.rng.choice(INITIALIZERS))
    if draft.chance(0.15):
        config[f"{kernel}_regularizer"] = _object(draft.rng.choice(REGULARIZERS))
    if draft.chance(0.06):
        config[f"{kernel}_constraint"] = _object(draft.rng.choice(CONSTRAINTS))
    if bias and draft.chance(0.15):
        config["bias_initializer"] = _object(draft.rng.choice(INITIALIZERS[-4:-1]))
    return config


def conv(draft, x, filters=None, kernel=None, strides=1, padding="same", before_norm=False, **config):
    bias = draft.chance(0.7) and not (before_norm and draft.exact)
    settings = {"filters": filters or draft.rng.choice([2, 3, 4, 6]), "kernel_size": kernel or draft.rng.choice(KERNELS)}
    if strides != 1:
        settings["strides"] = strides
    settings |= {"padding": padding, "use_bias": bias, **weight_settings(draft, "kernel", bias), **config}
    return draft.add("Conv2D", settings, x)


def norm(draft, x):
    config = {}
    if draft.chance(0.5):
        config["momentum"] = draft.rng.choice([0.9, 0.8, 0.5])
    if draft.chance(0.3):
        config["epsilon"] = draft.rng.choice([1.001e-5, 1e-2])
    if draft.chance(0.15):
        config[draft.rng.choice(["center", "scale"])] = False
    return draft.add("BatchNormalization", config, x)


def activate(draft, x):
    kind = draft.rng.random()
    if kind < 0.5:
        return draft.add("Activation", {"activation": "relu"}, x)
    if kind < 0.6:
        return draft.add("ReLU", draft.rng.choice([{}, {"max_value": 6.0}, {"negative_slope": 0.1}]), x)
    if kind < 0.7:
        return draft.add("LeakyReLU", {"negative_slope": draft.rng.choice([0.3, 0.1])}, x)
    return draft.add("Activation", {"activation": draft.rng.choice(ACTIVATIONS)}, x)


def conv_norm_activate(draft, x, **config):
    if draft.chance(0.3):
        return activate(draft, conv(draft, x, **config))
    return activate(draft, norm(draft, conv(draft, x, before_norm=True, **config)))


def residual(draft, x):
    """Post- or pre-activated, around an identity."""
    channels = draft.channels(x)
    if draft.chance(0.5):
        y = conv_norm_activate(draft, x)
        y = norm(draft, conv(draft, y, channels, before_norm=True))
        return activate(draft, draft.add("Add", {}, *draft.rng.sample([x, y], 2)))
    y = activate(draft, norm(draft, x))
    y = conv_norm_activate(draft, y)
    return draft.add("Add", {}, x, conv(draft, y, channels))


def projected(draft, x):
    """A residual block whose shortcut is a strided 1 x 1 convolution."""
    filters, strides = draft.rng.choice([3, 4, 6]), draft.rng.choice([1, 2, 2])
    y = conv_norm_activate(draft, x, strides=strides)
    y = norm(draft, conv(draft, y, filters, before_norm=True))
    shortcut = conv(draft, x, filters, 1, strides, before_norm=True)
    if draft.chance(0.7) or draft.exact:
        shortcut = norm(draft, shortcut)
    return activate(draft, draft.add("Add", {}, shortcut, y))


def plain(draft, x):
    return conv_norm_activate(draft, x)


def valid(draft, x):
    """Zero padding before a convolution without any, as in ResNet's stem."""
    pad = draft.rng.choice([1, (1, 2), ((0, 1), (1, 0)), ((1, 2), (0, 2))])
    y = draft.add("ZeroPadding2D", {"padding": pad}, x)
    return activate(draft, conv(draft, y, strides=draft.rng.choice([1, 2]), padding="valid"))


def dilated(draft, x):
    return activate(draft, conv(draft, x, kernel=draft.rng.choice([2, 3]), dilation_rate=draft.rng.choice([2, (1, 2), 3])))


def grouped(draft, x):
    channels = draft.channels(x)
    groups = draft.rng.choice([g for g in (1, 2, 3, 4) if channels % g == 0])
    return activate(draft, conv(draft, x, filters=groups * draft.rng.choice([1, 2]), kernel=3, groups=groups))


def depthwise(draft, x):
    config = {"kernel_size": draft.rng.choice([2, 3]), "padding": draft.rng.choice(["same", "same", "valid"])}
    config |= {"strides": draft.rng.choice([1, 1, 2])}
    if min(draft.shape(x)[:2]) < config["kernel_size"]:
        config["padding"] = "same"
    if draft.chance(0.3):
        config["depth_multiplier"] = 2
    if config["strides"] == 1 and draft.chance(0.3):
        config["dilation_rate"] = 2
        config["padding"] = "same"
    return activate(draft, draft.add("DepthwiseConv2D", config | weight_settings(draft, "depthwise"), x))


def transposed(draft, x):
    """Twice as large, and small again."""
    config = {"filters": draft.rng.choice([2, 3]), "kernel_size": draft.rng.choice([2, 3]), "strides": draft.rng.choice([1, 2])}
    config["padding"] = draft.rng.choice(["same", "valid"])
    y = activate(draft, draft.add("Conv2DTranspose", config | weight_settings(draft, "kernel"), x))
    return draft.add("AveragePooling2D", {"pool_size": 2}, y)


def pool(draft, x):
    kind = draft.rng.choice(["MaxPooling2D", "AveragePooling2D"])
    config = {"pool_size": draft.rng.choice([2, 3, (2, 1), (3, 2)]), "padding": draft.rng.choice(["same", "valid"])}
    if draft.chance(0.5):
        config["strides"] = draft.rng.choice([1, 2])
    return draft.add(kind, config, x)


def upsampled(draft, x):
    y = draft.add("UpSampling2D", {"size": 2, "interpolation": draft.rng.choice(["nearest", "bilinear"])}, x)
    return activate(draft, conv(draft, y, kernel=3, strides=2))


def cropped(draft, x):
    return draft.add("Cropping2D", {"cropping": draft.rng.choice([1, (0, 1), ((1, 0), (0, 1))])}, x)


def branches(draft, x):
    """Two ways that are joined: one behind the other, or element by element."""
    if draft.chance(0.4):
        return draft.add("Concatenate", {}, x, conv_norm_activate(draft, x), conv(draft, x, kernel=1))
    filters = draft.rng.choice([2, 4])
    left, right = (conv(draft, x, filters) for _ in range(2))
    return draft.add(draft.rng.choice(SAME_SHAPE_MERGES), {}, left, right)


def stacked(draft, x):
    """Joined along the rows or columns, and small again."""
    y = activate(draft, conv(draft, x, draft.channels(x)))
    y = draft.add("Concatenate", {"axis": draft.rng.choice([1, 2, -2])}, x, y)
    return conv(draft, y, kernel=2, strides=2)


def excited(draft, x):
    """Squeeze and excitation: every channel by a factor of its own."""
    y = draft.add("GlobalAveragePooling2D", {"keepdims": True}, x)
    y = draft.add("Dense", {"units": draft.channels(x), "activation": "sigmoid"}, y)
    return draft.add("Multiply", {}, x, y)


def shared(draft, x):
    """One convolution, twice in a row."""
    y = conv(draft, x, draft.channels(x))
    return draft.add("Add", {}, y, draft.share(y, activate(draft, y)))


def shared_norm(draft, x):
    """One normalization in two places: its averages move twice in a step."""
    y = norm(draft, x)
    return draft.share(y, activate(draft, conv(draft, y, draft.channels(x))))


def nested(draft, x):
    """A network as a layer, used once or twice."""
    inner = Draft(draft.rng, [list(draft.shape(x))], draft.exact)
    y = draft.rng.choice([residual, plain, depthwise, dropped])(inner, 0)
    if inner.shape(y) != inner.shape(0):
        y = conv(inner, y, inner.channels(0)) if inner.shape(y)[:-1] == inner.shape(0)[:-1] else residual(inner, 0)
    z = draft.add_network(inner.finish(y), x)
    return draft.share(z, z) if draft.chance(0.3) else z


def dropped(draft, x):
    kind = draft.rng.choice(["Dropout", "SpatialDropout2D", "GaussianNoise"])
    amount = {"stddev": 0.1} if kind == "GaussianNoise" else {"rate": draft.rng.choice([0, 0.1, 0.25])}
    return draft.add(kind, amount | ({"seed": draft.rng.randrange(1000)} if draft.chance(0.3) else {}), x)


def rescaled(draft, x):
    return draft.add("Rescaling", {"scale": 0.5, "offset": draft.rng.choice([0.0, 0.25])}, x)


def permuted(draft, x):
    if draft.chance(0.5):
        return draft.add("Permute", {"dims": [2, 1, 3]}, x)
    height, width, channels = draft.shape(x)
    return draft.add("Reshape", {"target_shape": [height, channels, width] if width > 1 else [-1, 1, channels]}, x)


AUGMENTATIONS = [
    ("RandomFlip", {"mode": "horizontal"}), ("RandomFlip", {"mode": "horizontal_and_vertical"}),
    ("RandomTranslation", {"height_factor": 0.2, "width_factor": 0.2, "fill_mode": "nearest"}),
    ("RandomRotation", {"factor": 0.1}), ("RandomZoom", {"height_factor": 0.2, "fill_mode": "constant"}),
]


def augmented(draft, x):
    class_name, config = draft.rng.choice(AUGMENTATIONS)
    return draft.add(class_name, config | ({"seed": draft.rng.randrange(1000)} if draft.chance(0.5) else {}), x)


# How often, and what; each leaves an image.
BLOCKS = [
    (4, residual), (4, projected), (3, plain), (2, valid), (1, dilated), (1, grouped), (2, depthwise), (1, transposed),
    (2, pool), (1, upsampled), (1, cropped), (2, branches), (1, stacked), (1, excited), (1, shared), (1, shared_norm),
    (2, nested), (1, dropped), (1, rescaled), (1, permuted),
]


def trunk(draft, x, blocks):
    for _ in range(blocks):
        block = draft.rng.choices([b for _, b in BLOCKS], [w for w, _ in BLOCKS])[0]
        if min(draft.shape(x)[:2]) < 3 and block in (pool, cropped, valid, depthwise):
            block = residual
        x = block(draft, x)
        if draft.shape(x)[0] * draft.shape(x)[1] * draft.channels(x) > 1200:
            x = draft.add("MaxPooling2D", {"pool_size": 2, "padding": "same"}, x)
    return x


def flat(draft, x):
    kind = draft.rng.choice(["GlobalAveragePooling2D"] * 3 + ["GlobalMaxPooling2D", "Flatten"])
    if kind == "Flatten" and draft.shape(x)[0] * draft.shape(x)[1] * draft.channels(x) > 150:
        kind = "GlobalAveragePooling2D"
    x = draft.add(kind, {}, x)
    if draft.chance(0.3):
        x = draft.add("Dense", {"units": 5, "activation": draft.rng.choice(ACTIVATIONS), **weight_settings(draft, "kernel")}, x)
    return draft.add("Dropout", {"rate": 0.2}, x) if draft.chance(0.15) else x


def head(draft, x, units, activation, images):
    """A last layer with its activation inside or behind it; now and then one that keeps the image."""
    image = images and draft.chance(0.15)
    kind, size = ("Conv2D", {"filters": units, "kernel_size": 1}) if image else ("Dense", {"units": units})
    x = x if image else flat(draft, x)
    settings = size | weight_settings(draft, "kernel")
    if activation == "linear" or draft.chance(0.6):
        return draft.add(kind, settings | {"activation": activation}, x)
    y = draft.add(kind, settings, x)
    if activation == "softmax" and draft.chance(0.5):
        return draft.add("Softmax", {}, y)
    return draft.add("Activation", {"activation": activation}, y)


def network(rng, heads, exact, images):
    """A network with an output for each (units, activation) of `heads`; `images` allows whole images of outputs."""
    size = rng.choice([6, 7, 8])
    shapes = [[size, size, rng.choice([1, 2, 3])] for _ in range(rng.choice([1, 1, 1, 2]))]
    draft = Draft(rng, shapes, exact)
    x = conv_norm_activate(draft, augmented(draft, 0) if draft.chance(0.12) else 0)
    if len(shapes) > 1:
        other = conv(draft, 1, draft.channels(x))
        x = draft.add(rng.choice(SAME_SHAPE_MERGES + ["Concatenate"]), {}, x, other)
    x = trunk(draft, x, rng.randint(1, 4))
    graph = draft.finish(*(head(draft, x, *h, images) for h in heads))
    freeze(rng, graph)
    return graph


def freeze(rng, graph):
    """Now and then some layers, never the last."""
    if rng.random() < 0.15:
        for node in graph["nodes"][:-1]:
            if "config" in node and rng.random() < 0.4:
                node["config"]["trainable"] = False
