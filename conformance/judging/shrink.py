"""The smallest recipe that still fails as the first one did.

Every candidate is a recipe with one thing less; both sides are asked again. The first candidate that still fails is
taken and the search goes on from there, until none does.
"""

import copy

from . import recipes

PLAIN_OPTIMIZER = {"class_name": "SGD", "config": {"learning_rate": 0.01}}


def shrink(recipe, fails, tries=150):
    """`fails` runs a recipe and says whether it is the same failure."""
    tried = 0
    progress = True
    while progress:
        progress = False
        for candidate in candidates(recipe):
            if tried == tries:
                return recipe
            tried += 1
            if fails(candidate):
                recipe, progress = candidate, True
                break
    return recipe


def candidates(recipe):
    """From what takes most away to what takes least."""
    for graph, outputs in _graphs(recipe["graph"], list(range(len(recipe["outputs"])))):
        graph = recipes.pruned(graph)
        if graph:
            yield recipe | {"graph": graph, "outputs": [recipe["outputs"][i] for i in outputs]}
    yield from _training(recipe)
    yield from ({**recipe, "graph": graph} for graph in _settings(recipe["graph"]))


def _graphs(graph, outputs):
    if len(graph["outputs"]) > 1:
        for i in range(len(graph["outputs"])):
            kept = [j for j in outputs if j != i]
            yield {**graph, "outputs": [graph["outputs"][j] for j in kept]}, kept
    first = len(graph["inputs"])
    for at, node in enumerate(graph["nodes"]):
        for value in dict.fromkeys(node["of"]):
            yield _without(graph, first + at, value), outputs
    for at, node in enumerate(graph["nodes"]):
        if "graph" in node and not any(n.get("same_as") == at for n in graph["nodes"]):
            for inner, _ in _graphs(node["graph"], [0]):
                inner = recipes.pruned(inner)
                if inner and len(inner["inputs"]) == len(node["of"]):
                    yield _with_node(graph, at, node | {"graph": inner}), outputs
        if "same_as" in node:
            own = {k: v for k, v in graph["nodes"][node["same_as"]].items() if k != "of"}
            yield _with_node(graph, at, own | {"of": node["of"]}), outputs


def _without(graph, value, instead):
    """The graph in which `instead` stands for `value`."""
    put = lambda v: instead if v == value else v
    first = len(graph["inputs"])
    nodes = [dict(node, of=[put(v) for v in node["of"]]) for node in graph["nodes"]]
    for node in nodes:
        if node.get("same_as") == value - first:
            node.update(copy.deepcopy({k: v for k, v in graph["nodes"][value - first].items() if k != "of"}))
            node.pop("same_as", None)
    return {"inputs": graph["inputs"], "nodes": nodes, "outputs": [put(v) for v in graph["outputs"]]}


def _with_node(graph, at, node):
    nodes = list(graph["nodes"])
    nodes[at] = node
    return {**graph, "nodes": nodes}


def _training(recipe):
    if recipe["fit"]:
        yield recipe | {"fit": None}
        for key in sorted(set(recipe["fit"]) - {"epochs", "batch_size"}):
            yield recipe | {"fit": {k: v for k, v in recipe["fit"].items() if k != key}}
        if recipe["fit"]["epochs"] > 1:
            yield recipe | {"fit": recipe["fit"] | {"epochs": recipe["fit"]["epochs"] - 1}}
    for steps in (1, recipe["steps"] // 2, recipe["steps"] - 1):
        if 0 < steps < recipe["steps"]:
            yield recipe | {"steps": steps}
    for samples in (2, recipe["samples"] // 2):
        if 1 < samples < recipe["samples"]:
            yield recipe | {"samples": samples}
    if recipe["sample_weight"]:
        yield recipe | {"sample_weight": False}
    yield from ({**recipe, "optimizer": o} for o in _optimizers(recipe["optimizer"]))
    yield from ({**recipe, "outputs": o} for o in _outputs(recipe["outputs"]))


def _optimizers(optimizer):
    if optimizer != PLAIN_OPTIMIZER:
        yield PLAIN_OPTIMIZER
    config = optimizer["config"]
    for key in sorted(set(config) - {"learning_rate"}):
        yield optimizer | {"config": {k: v for k, v in config.items() if k != key}}
    if isinstance(config["learning_rate"], dict):
        yield optimizer | {"config": config | {"learning_rate": 0.01}}


def _outputs(outputs):
    for i, output in enumerate(outputs):
        for key in ("metrics", "weighted_metrics"):
            for metric in output[key]:
                yield outputs[:i] + [output | {key: [m for m in output[key] if m != metric]}] + outputs[i + 1:]
        if output["loss_weight"] != 1:
            yield outputs[:i] + [output | {"loss_weight": 1.0}] + outputs[i + 1:]
        for key in output["loss"]["config"]:
            kept = {k: v for k, v in output["loss"]["config"].items() if k != key}
            yield outputs[:i] + [output | {"loss": output["loss"] | {"config": kept}}] + outputs[i + 1:]


def _settings(graph):
    """Layers with a setting less, and smaller images."""
    for at, node in enumerate(graph["nodes"]):
        for key in node.get("config", {}):
            kept = {k: v for k, v in node["config"].items() if k != key}
            yield _with_node(graph, at, node | {"config": kept})
        if "graph" in node:
            yield from (_with_node(graph, at, node | {"graph": inner}) for inner in _settings(node["graph"]))
    if any(shape[0] > 4 for shape in graph["inputs"]):
        yield {**graph, "inputs": [[max(1, s // 2) for s in shape[:-1]] + shape[-1:] for shape in graph["inputs"]]}
