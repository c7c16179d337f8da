"""The first applications: layers, counts and the hash of every initial weight."""

import keras

from . import describe, networks, output

FILE = "applications/src/test/resources/dev/tfgraphs/applications/blocks.json"

SEED = 1


def block(function, *arguments, **options):
    return lambda: networks.block_model(lambda x: function(x, *arguments, **options))


MODELS = {
    "identity_block": block(networks.identity_block, 8, 3),
    "identity_block of kernel 5": block(networks.identity_block, 8, 5),
    "residual_block": block(networks.residual_block, 8),
    "residual_block with projection": block(networks.residual_block, 12),
    "residual_block with stride": block(networks.residual_block, 8, stride=2),
    "residual_block of kernel 5 with stride": block(networks.residual_block, 16, kernel_size=5, stride=2),
    "post_activation_block": block(networks.post_activation_block, 8),
    "pre_activation_block": block(networks.pre_activation_block, 8),
    "resnet18": lambda: networks.resnet18((224, 224, 3), 1000),
    "flexible_resnet": lambda: networks.flexible_resnet((32, 32, 3), 10),
    "cifar_resnet": lambda: networks.cifar_resnet(20),
}

COUNTED = {
    "resnet18": (networks.resnet18, [((32, 32, 3), 10), ((None, None, 1), 2)]),
    "resnet34": (networks.resnet34, [((224, 224, 3), 1000), ((33, 65, 3), 10)]),
    "flexible_resnet": (networks.flexible_resnet, [((224, 224, 3), 1000), ((299, 299, 3), 1000)]),
    "cifar_resnet": (lambda shape, depth: networks.cifar_resnet(depth, shape), [
        ((32, 32, 3), 8), ((28, 28, 1), 20), ((32, 32, 3), 32), ((32, 32, 3), 44), ((32, 32, 3), 56)]),
}


def row(name, build):
    keras.backend.clear_session()
    keras.utils.set_random_seed(SEED)
    model = build()
    return {
        "name": name,
        "input_shape": list(model.input_shape),
        "counts": describe.counts_of(model),
        "layers": describe.layers_of(model),
        "weights": describe.weights_of(model, with_hash=True),
    }


def counted(name, build, shape, size):
    """Counts and stage shapes only; the size is the number of classes, or the depth."""
    keras.backend.clear_session()
    model = build(shape, size)
    shapes = [describe.shape_of(layer) for layer in model.layers if isinstance(layer, keras.layers.Add)]
    return {
        "name": name, "input_shape": [None, *shape], "size": size, "counts": describe.counts_of(model),
        "layers": len(model.layers), "add_shapes": shapes,
    }


def make(root):
    lists = {
        "models": [row(*m) for m in MODELS.items()],
        "counted": [counted(n, build, *v) for n, (build, variants) in COUNTED.items() for v in variants],
    }
    output.write_json(root / FILE, {"random_seed": SEED}, lists)
