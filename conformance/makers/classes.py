"""The classes that Keras has of each family, so that none of them is missing without a reason."""

import inspect

from keras import constraints, initializers, losses, metrics, optimizers, regularizers

from . import output

FILES = {
    "ops/src/test/resources/dev/tfgraphs/ops/classes.json": {
        "initializers": initializers, "regularizers": regularizers, "constraints": constraints,
    },
    "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/classes.json": {
        "losses": losses, "metrics": metrics, "optimizers": optimizers, "schedules": optimizers.schedules,
    },
}


def names(module):
    """Each class once, by its own name: modules call some of them otherwise, too."""
    return sorted({one.__name__ for one in vars(module).values() if inspect.isclass(one)})


def make(root):
    for file, families in FILES.items():
        output.write_json(root / file, {}, {family: names(module) for family, module in families.items()})
